// What keys do in tables, beside Tab: headers sort, arrows walk the rows, and a cell that is edited is left backwards too.
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

  // Rows that have a button are walked with the arrow keys. The one that has the focus is the step of Tab: from another,
  // Chromium would begin the table anew.
  const rowButtons = (root) => [...root.querySelectorAll(".tabulator-row button.who")];
  const stepTo = (button, how) => {
    for (const other of rowButtons(button.getRootNode())) other.tabIndex = other === button ? 0 : -1;
    button.focus(how);
  };
  const walkRows = (event, button) => {
    const all = rowButtons(button.getRootNode());
    const next = all[all.indexOf(button) + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    event.preventDefault();
    if (next) stepTo(next);
  };

  // A cell that is drawn anew while it has the focus, as after an edit in the one before it, has it again. Not where a
  // person has left it meanwhile: to a cell that can be edited, the focus opens its editor.
  let left = 0;
  const leaves = (event) => { left += event.type === "pointerdown" || ["Enter", "Escape", "Tab"].includes(event.key); };
  for (const way of ["keydown", "pointerdown"]) document.addEventListener(way, leaves, true);
  const placeOf = (table) => {
    const cell = table.shadow_el.activeElement?.closest(".tabulator-cell");
    const row = cell?.closest(".tabulator-row");
    const at = row && [...row.parentElement.children].indexOf(row);
    return row && { row: at, field: cell.getAttribute("tabulator-field"), left };
  };
  const returnTo = (table, place) => {
    if (place?.left !== left || document.activeElement !== document.body) return;
    const row = table.shadow_el.querySelectorAll(".tabulator-table > .tabulator-row")[place.row];
    const cell = row?.querySelector(`[tabulator-field="${CSS.escape(place.field)}"]`);
    const button = cell?.querySelector("button");
    if (button?.matches(".who")) stepTo(button, { preventScroll: true });
    else (button ?? cell)?.focus({ preventScroll: true });
  };
  document.addEventListener("custseg-ready", () => {
    const tables = Bokeh.Models.get("panel.models.tabulator.DataTabulator").prototype.default_view.prototype;
    for (const name of ["redraw", "updateOrAddData"]) {
      const draw = tables[name];
      tables[name] = function (...what) {
        const place = placeOf(this), drawn = draw.apply(this, what);
        // At once, so that no key goes astray; rows that are set come a moment later.
        returnTo(this, place);
        requestAnimationFrame(() => returnTo(this, place));
        setTimeout(() => returnTo(this, place), 100);
        return drawn;
      };
    }
  });

  document.addEventListener("keydown", (event) => {
    const title = event.composedPath()[0].matches?.(TITLES) && event.composedPath()[0];
    if (title && ["ArrowRight", "ArrowLeft"].includes(event.key)) walkTitles(event, title);
    const button = event.composedPath()[0].matches?.("button.who") && event.composedPath()[0];
    if (button && ["ArrowDown", "ArrowUp"].includes(event.key)) walkRows(event, button);
    if (title && ["Enter", " "].includes(event.key)) { event.preventDefault(); title.click(); }
    // Else Shift+Tab would lead from the editor to its own cell, which opens it again.
    const cell = event.key === "Tab" && event.shiftKey && within(event, ".tabulator-cell.tabulator-editing");
    if (cell) { cell.tabIndex = -1; setTimeout(() => { cell.tabIndex = 0; }); }
  }, true);
})();
