// Tables say what they are to a screen reader: Tabulator's own roles put what is no row straight into a grid.
(() => {
  const set = (table, part, role) => {
    for (const element of table.querySelectorAll(part)) element.setAttribute("role", role);
  };

  // Comes and goes with the rows.
  const sayNothingIsThere = (table) => {
    set(table, ".tabulator-placeholder:not([role])", "row");
    set(table, ".tabulator-placeholder-contents:not([role])", "gridcell");
  };

  const said = new WeakSet();
  const sayWhatItIs = (table) => {
    // Also where Tabulator has built a table anew in the same place.
    table.removeAttribute("aria-owns");
    set(table, ".tabulator-tableholder, .tabulator-footer", "rowgroup");
    set(table, ".tabulator-table", "presentation");
    set(table, ".tabulator-footer-contents", "row");
    set(table, ".tabulator-paginator", "gridcell");
    // A column of one pixel, for what is selected.
    for (const column of table.querySelectorAll(".tabulator-col.empty")) column.setAttribute("aria-hidden", "true");
    // Of the titles that sort, one is a step of Tab (table_keys.js).
    [...table.querySelectorAll(".tabulator-col.tabulator-sortable")].filter((title) => title.style.display !== "none")
      .forEach((title, at) => { title.tabIndex = at ? -1 : 0; });
    sayNothingIsThere(table);
    if (said.has(table)) return;
    said.add(table);
    new MutationObserver(() => sayNothingIsThere(table)).observe(table, { subtree: true, childList: true });
  };

  const tablesBelow = (node) => [...node.querySelectorAll("*")].flatMap((element) => [
    ...(element.matches(".tabulator") ? [element] : []),
    ...(element.shadowRoot ? tablesBelow(element.shadowRoot) : []),
  ]);

  document.addEventListener("custseg-ready", () => {
    const tables = Bokeh.Models.get("panel.models.tabulator.DataTabulator").prototype.default_view.prototype;
    const { tableBuilt } = tables;
    tables.tableBuilt = function () {
      tableBuilt.call(this);
      sayWhatItIs(this.tabulator.element);
    };
    // Those that were there before.
    tablesBelow(document).forEach(sayWhatItIs);
  });
})();
