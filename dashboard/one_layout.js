// BokehJS lays a whole view out at once for each class or visibility that a message changes, and measures all of its
// text. Once, when all of the message is taken in, is enough; not at all, where something has another size and no picture
// has: all else is laid out by the browser. And a button that can or can't be pressed stays as it is.
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

  const pictures = (view) => (view.model.type === "Figure" ? [view] : (view.child_views ?? []).flatMap(pictures));
  const isAsLarge = ({ layout, bbox }) => layout?.bbox.width === bbox.width && layout.bbox.height === bbox.height;

  const layOutForPicturesAlone = (views) => {
    const { _after_resize } = views;

    views._after_resize = function () {
      if (!this._was_built || !pictures(this).every(isAsLarge)) _after_resize.call(this);
    };
  };

  const keepButtons = (buttons) => {
    const { render, rerender } = buttons;
    const drawn = new WeakMap();
    // Label and icon have views of their own, which take the place of those before a moment after the model has changed.
    const look = (view) => [view.label_view, view.icon_view, view.model.button_type];

    buttons.render = function () {
      drawn.set(this, look(this));
      render.call(this);
    };

    buttons.rerender = function () {
      const before = drawn.get(this);
      if (before && look(this).every((part, position) => part === before[position])) {
        this.button_el.disabled = this.model.disabled;
      } else {
        rerender.call(this);
      }
    };
  };

  document.addEventListener("custseg-ready", () => {
    keepButtons(Object.getPrototypeOf(Bokeh.Models.get("Toggle").prototype.default_view.prototype));
    let views = Bokeh.Models.get("Column").prototype.default_view.prototype;
    while (!Object.hasOwn(views, "invalidate_layout")) views = Object.getPrototypeOf(views);
    layOutOnce(views);
    layOutForPicturesAlone(views);
  });
})();
