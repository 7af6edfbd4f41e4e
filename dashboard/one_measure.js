// Tabulator measures and draws a table again each time that rows go, come, or give way to a placeholder, and Panel draws
// it once more where it is higher than before. For new rows of a table that is as high as its rows, once is enough.
(() => {
  const nothing = () => false;
  const isAsHighAsItsRows = (view) => view.tabulator?.options.renderVertical === "basic";

  const measureOnce = (tables) => {
    const { setData, after_resize } = tables;

    tables.setData = function () {
      if (this._initializing || this._building || !isAsHighAsItsRows(this) || !this.tabulator.initialized) return setData.call(this);
      const rows = this.tabulator.rowManager;
      // What stands on the rows themselves hides what all tables have.
      rows.adjustTableSize = nothing;
      if (!rows.scrollTop && !rows.scrollLeft) rows.resetScroll = nothing;
      try {
        return setData.call(this);
      } finally {
        delete rows.adjustTableSize;
        delete rows.resetScroll;
        rows.redrawing = true;
        rows.adjustTableSize();
        rows.redrawing = false;
      }
    };

    tables.after_resize = function () {
      if (isAsHighAsItsRows(this) && this.el.clientWidth === this._last_after_resize_el_width) {
        this._last_after_resize_el_height = this.el.clientHeight;
      }
      after_resize.call(this);
    };
  };

  document.addEventListener("custseg-ready", () => {
    measureOnce(Bokeh.Models.get("panel.models.tabulator.DataTabulator").prototype.default_view.prototype);
  });
})();
