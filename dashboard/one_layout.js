// BokehJS lays a whole view out at once for each class or visibility that a message changes, and measures all of its
// text. Once, when all of the message is taken in, is enough.
(() => {
  const layOutOnce = (views) => {
    const { invalidate_layout } = views;
    const waiting = new Set();

    const layOut = () => {
      const roots = [...waiting];
      waiting.clear();
      for (const root of roots) if (!root.is_destroyed) invalidate_layout.call(root);
    };

    views.invalidate_layout = function () {
      let root = this;
      while (root.parent?.invalidate_layout) root = root.parent;
      if (!waiting.size) queueMicrotask(layOut);
      waiting.add(root);
    };
  };

  document.addEventListener("custseg-ready", () => {
    let views = Bokeh.Models.get("Column").prototype.default_view.prototype;
    while (!Object.hasOwn(views, "invalidate_layout")) views = Object.getPrototypeOf(views);
    layOutOnce(views);
  });
})();
