// Measures the picture of very many customers: from an event to the frame after its images have changed.
(() => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const isImage = ({ glyph }) => glyph?.type === "ImageURL";
  const plotOf = () => (window.Bokeh?.index?.roots ?? []).flatMap(views).find(({ model }) => model.renderers?.some(isImage));
  const images = () => plotOf()?.model.renderers.find(isImage).data_source.data;
  const everything = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [one, ...everything(one.shadowRoot)] : [one]);
  const nextFrame = () => new Promise(requestAnimationFrame);
  const until = async (done) => {
    const began = performance.now();
    while (!done()) {
      if (performance.now() - began > 120_000) throw new Error("The picture did not change within two minutes.");
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await nextFrame();
  };

  window.crowd = {
    // Milliseconds until there are images.
    ready: async () => {
      await until(() => images()?.url?.length > 0);
      return performance.now();
    },
    // Milliseconds from a click on the button until the picture of the next run is there.
    run: async () => {
      const isRun = (one) => one.nodeName === "BUTTON" && one.textContent.includes("Run clustering");
      const button = everything(document).find(isRun), before = images(), start = performance.now();
      button.click();
      await until(() => images() !== before);
      return performance.now() - start;
    },
    // Milliseconds from when the pointer is let go, of a box that is drawn next, until it is said who is selected.
    box: async () => {
      const lines = () => everything(document).filter((one) => one.matches("span.selected"));
      const said = () => lines().map((one) => one.textContent).join();
      const before = said();
      const start = await new Promise((resolve) =>
        window.addEventListener("pointerup", () => resolve(performance.now()), { capture: true, once: true }));
      await until(() => said() !== before && /\d/.test(said()));
      return performance.now() - start;
    },
    // Two corners of a box in the picture, in pixels of the window; what is dragged from one to the other selects.
    corners: () => {
      plotOf().model.toolbar.tools.find(({ type }) => type === "BoxSelectTool").active = true;
      const { x, y, width, height } = plotOf().el.getBoundingClientRect();
      return [[x + width * 0.35, y + height * 0.35], [x + width * 0.65, y + height * 0.65]];
    },
    // Milliseconds from a zoom (below 1: in) until what is shown was counted anew.
    zoom: async (factor) => {
      const plot = plotOf(), before = images(), { x_range, y_range } = plot.model;
      const around = ({ start, end }) => {
        const middle = (start + end) / 2, half = (end - start) / 2 * factor;
        return { start: middle - half, end: middle + half };
      };
      const ranges = { xrs: new Map([[x_range, around(x_range)]]), yrs: new Map([[y_range, around(y_range)]]) };
      const start = performance.now();
      plot.update_range(ranges);
      plot.trigger_ranges_update_event();
      await until(() => images() !== before);
      return performance.now() - start;
    },
  };
})();
