// Before printing, lays the figures out for the width of the paper, and puts a picture in the place of each: a figure
// follows a change of size only in its next frame, which comes too late.
const page = document.documentElement, theme = page.dataset.theme;
const figures = () => (window.Bokeh?.index.roots ?? []).filter((view) => view.el.closest(".figure"));

addEventListener("beforeprint", () => {
  delete page.dataset.theme;
  page.classList.add("paper");
  for (const view of figures()) {
    view.after_resize();
    const picture = view.export("png").canvas;
    picture.className = "picture";
    picture.removeAttribute("style");
    view.el.closest(".figure").prepend(picture);
  }
});

addEventListener("afterprint", () => {
  for (const picture of document.querySelectorAll(".picture")) picture.remove();
  page.classList.remove("paper");
  if (theme) page.dataset.theme = theme;
  for (const view of figures()) view.after_resize();
});
