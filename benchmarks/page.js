// Measures inside the page: from an event to the frame after everything that it should change has changed.
(() => {
  // Texts and elements, through the shadow roots that Panel's components live in.
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
  // Looked at between frames: to ask for a frame at each look would keep the machine busy with painting.
  const until = async (done) => {
    const began = performance.now();
    while (!done()) {
      if (performance.now() - began > 60_000) throw new Error("The page did not change within a minute.");
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await nextFrame();
  };

  window.bench = {
    // Milliseconds since navigation until a plot is painted and the button stands.
    ready: async () => {
      await until(() => paints > 0 && find((one) => one.nodeName === "BUTTON" && text(one).includes("Run clustering")));
      return performance.now();
    },
    // Milliseconds from a click on the button until words, table and picture are new. `regions` are CSS classes.
    run: async (regions) => {
      const button = find((one) => one.nodeName === "BUTTON" && text(one).includes("Run clustering"));
      const place = (name) => find((one) => one.classList.contains(name));
      const places = regions.map(place);
      const before = places.map(text);
      // A pane may put a new element in the place of the old one.
      const now = (i) => text(places[i].isConnected ? places[i] : places[i] = place(regions[i]) ?? places[i]);
      paints = 0;
      const start = performance.now();
      button.click();
      await until(() => paints > 0 && regions.every((_, i) => now(i) !== before[i]));
      return performance.now() - start;
    },
    // Milliseconds from the choice of a feature until the picture is painted anew.
    choose: async (label, feature) => {
      const select = find((one) => one.nodeName === "SELECT" && text(one.getRootNode()).includes(label));
      paints = 0;
      const start = performance.now();
      select.value = [...select.options].find((option) => option.text === feature).value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await until(() => paints > 0);
      return performance.now() - start;
    },
  };
})();
