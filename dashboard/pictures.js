// The pictures of the view that is shown, as PNG or SVG: BokehJS draws them anew in the browser, and nothing is asked of
// the server or of anybody else.
(() => {
  const list = document.getElementById("download-list");
  if (!list) return;

  const within = (view) => [view, ...(view.child_views ?? []).flatMap(within)];
  const shown = () => Bokeh.index.roots.flatMap(within)
    .filter((view) => view.model.type === "Figure" && view.el.checkVisibility() && view.bbox.width > 0);

  // A picture is clear where nothing is drawn, and its writing has the colours of the theme.
  const ground = () => getComputedStyle(document.body).getPropertyValue("--custseg-surface").trim() || "white";

  const asPng = (view) => {
    const drawn = view.export("png").canvas;
    const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width, height: drawn.height });
    const context = canvas.getContext("2d");
    context.fillStyle = ground();
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(drawn, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };

  const asSvg = async (view) => {
    const text = await (await view.export("svg").to_blob()).text();
    const drawn = new DOMParser().parseFromString(text, "image/svg+xml");
    const sheet = drawn.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", ground()]]) sheet.setAttribute(name, value);
    drawn.documentElement.prepend(sheet);
    return new Blob([new XMLSerializer().serializeToString(drawn)], { type: "image/svg+xml" });
  };

  const save = (content, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  list.addEventListener("click", async (event) => {
    const kind = event.target.closest("[data-picture]")?.dataset.picture;
    if (!kind) return;
    const views = shown();
    const title = document.querySelector(".view:not([hidden])").ariaLabel;
    document.getElementById("no-pictures").hidden = views.length > 0;
    for (const [place, view] of views.entries()) {
      save(await (kind === "svg" ? asSvg(view) : asPng(view)), `${title} ${place + 1}.${kind}`);
    }
  });
})();
