// Measures inside the page: from an event to the frame after all its effects are visible.
(() => {
  // All elements, including those in the shadow roots of Panel's components.
  function* everything(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* everything(element.shadowRoot);
    }
  }
  const find = (fits) => [...everything(document)].find(fits);
  const text = (node) => {
    let all = node.shadowRoot ? text(node.shadowRoot) : "";
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) all += child.data;
      else if (child.nodeName !== "STYLE") all += text(child);
    }
    return all;
  };

  // A plot clears its canvas each time it paints.
  let paints = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...rest) { paints += 1; return clear.apply(this, rest); };

  const nextFrame = () => new Promise(requestAnimationFrame);
  // Polled between frames: requesting a frame at each check would keep the machine busy with painting.
  const until = async (done) => {
    const began = performance.now();
    while (!done()) {
      if (performance.now() - began > 60_000) throw new Error("The page did not change within a minute.");
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await nextFrame();
  };

  window.bench = {
    // Milliseconds from navigation until a plot is painted and the button is there.
    ready: async () => {
      await until(() => paints > 0 && find((element) => element.nodeName === "BUTTON" && text(element).includes("Run clustering")));
      return performance.now();
    },
    // Milliseconds from a click on the button until words, table and plot have changed. `regions` are CSS classes.
    run: async (regions) => {
      const button = find((element) => element.nodeName === "BUTTON" && text(element).includes("Run clustering"));
      const region = (name) => find((element) => element.classList.contains(name));
      const shown = regions.map(region);
      const before = shown.map(text);
      // A pane may replace its element by a new one.
      const now = (i) => text(shown[i].isConnected ? shown[i] : shown[i] = region(regions[i]) ?? shown[i]);
      paints = 0;
      const start = performance.now();
      button.click();
      await until(() => paints > 0 && regions.every((_, i) => now(i) !== before[i]));
      return performance.now() - start;
    },
    // Milliseconds from the choice of a view until its first section stands and all is laid out.
    turn: async (address) => {
      const view = document.querySelector(`[data-view="${address}"]`);
      const stands = (root) => [...everything(root)].some((one) => one.classList.contains("section") && one.offsetHeight > 0);
      const start = performance.now();
      location.hash = address;
      await until(() => !view.hidden && stands(view) && Bokeh.documents.every((page) => page.is_idle));
      return performance.now() - start;
    },
    // How many models the browser holds.
    models: () => Bokeh.documents.reduce((sum, page) => sum + page._all_models.size, 0),
    // Milliseconds from the choice of a feature until the plot is painted again.
    choose: async (label, feature) => {
      const select = find((element) => element.nodeName === "SELECT" && text(element.getRootNode()).includes(label));
      paints = 0;
      const start = performance.now();
      select.value = [...select.options].find((option) => option.text === feature).value;
      // As a browser tells of it: the first leaves the shadow root, the second doesn't.
      select.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await until(() => paints > 0);
      return performance.now() - start;
    },
  };
})();
