// What holds the page together: the way past its header, settings that stay in sight, views that are being made, and
// notes that can be closed.
(() => {
  const main = document.getElementById("main");

  // Not by the address, which says what view is shown.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });

  // Settings that are higher than the window stay where their end is in sight, and don't scroll by themselves.
  const header = document.querySelector("header"), settings = document.getElementById("settings");
  const stick = () => {
    const top = Math.min(header.offsetHeight, innerHeight - settings.offsetHeight);
    settings.style.setProperty("--custseg-stick", `${top}px`);
  };
  if (settings) {
    new ResizeObserver(stick).observe(settings);
    new ResizeObserver(stick).observe(header);
    addEventListener("resize", stick);
  }

  document.addEventListener("custseg-ready", ({ detail: page }) => {
    for (const view of document.querySelectorAll("section.view")) {
      const place = page.get_model_by_id(view.querySelector("[data-root-id]").dataset.rootId);
      const follow = () => {
        const empty = place.children.length === 0;
        view.querySelector(".making").hidden = !empty;
        view.setAttribute("aria-busy", String(empty));
      };
      place.properties.children.change.connect(follow);
      follow();
    }
  });

  document.addEventListener("click", (event) => {
    const path = event.composedPath();
    if (path.some((element) => element.dataset && "close" in element.dataset)) {
      path.find((element) => element.classList?.contains("note")).hidden = true;
    }
  });
})();
