// What keys do in tables, beside Tab: headers sort, and a cell that is being edited is left backwards too.
(() => {
  const TITLES = ".tabulator-col.tabulator-sortable";
  const within = (event, selector) => event.composedPath().find((element) => element.matches?.(selector));

  // Titles are one step of Tab, and arrows go from one to the next.
  const walkTitles = (event, title) => {
    const all = [...title.getRootNode().querySelectorAll(TITLES)].filter((one) => one.offsetWidth);
    const next = all[all.indexOf(title) + { ArrowRight: 1, ArrowLeft: -1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    title.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };

  document.addEventListener("keydown", (event) => {
    const title = event.composedPath()[0].matches?.(TITLES) && event.composedPath()[0];
    if (title && ["ArrowRight", "ArrowLeft"].includes(event.key)) walkTitles(event, title);
    if (title && ["Enter", " "].includes(event.key)) { event.preventDefault(); title.click(); }
    // Else Shift+Tab would lead from the editor to its own cell, which opens it again.
    const cell = event.key === "Tab" && event.shiftKey && within(event, ".tabulator-cell.tabulator-editing");
    if (cell) { cell.tabIndex = -1; setTimeout(() => { cell.tabIndex = 0; }); }
  }, true);
})();
