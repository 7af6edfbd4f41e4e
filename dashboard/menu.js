// The downloads: a button that shows and hides them. Escape, a press elsewhere and leaving by Tab hide them too.
(() => {
  const button = document.getElementById("downloads");
  const list = document.getElementById("download-list");
  if (!button) return;

  const show = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };

  button.addEventListener("click", () => show(list.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    show(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".menu")) show(false);
  });
  list.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest(".menu")) show(false);
  });
})();
