// What a browser alone can do: switch between light and dark, and give the slider its name for a screen reader.
(() => {
  const button = document.getElementById("theme");
  const root = document.documentElement;

  const name = () => {
    const dark = root.dataset.theme === "dark";
    button.textContent = dark ? "Light" : "Dark";
    button.setAttribute("aria-label", dark ? "Switch to light colours" : "Switch to dark colours");
    button.setAttribute("aria-pressed", String(dark));
  };

  // Plots are painted on a canvas, which doesn't follow a style sheet until it is asked to paint again.
  const repaint = () => {
    for (const page of Bokeh.documents) {
      for (const model of page._all_models.values()) {
        if (["Figure", "Legend", "LinearAxis", "LogAxis", "Grid"].includes(model.type)) model.change.emit();
      }
    }
  };

  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("custseg-theme", root.dataset.theme); } catch (_) { /* storage may be forbidden */ }
    name();
    repaint();
  });
  name();

  const everyShadow = function* (node) {
    for (const element of node.querySelectorAll("*")) {
      if (element.shadowRoot) { yield element.shadowRoot; yield* everyShadow(element.shadowRoot); }
    }
  };

  const nameSliders = () => {
    for (const shadow of everyShadow(document)) {
      const handle = shadow.querySelector(".noUi-handle");
      const title = shadow.querySelector(".bk-slider-title");
      if (handle && title) handle.setAttribute("aria-label", title.textContent.split(":")[0]);
    }
  };
  const whenReady = () => {
    const page = window.Bokeh?.documents?.[0];
    if (!page) return void setTimeout(whenReady, 50);
    if (page.is_idle) nameSliders(); else page.idle.connect(nameSliders);
  };
  whenReady();
})();
