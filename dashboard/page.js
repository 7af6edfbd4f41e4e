// What a browser alone can do: switch between light and dark, keep the tab and its history in step with the page, say
// that the server is gone, and give the slider its words for a screen reader.
(() => {
  // Panel adds a step to the history for each setting, and going back would change the address alone.
  history.pushState = history.replaceState.bind(history);

  const button = document.getElementById("theme");
  const root = document.documentElement;

  const name = () => {
    const dark = root.dataset.theme === "dark";
    button.textContent = dark ? "Light" : "Dark";
    button.setAttribute("aria-label", dark ? "Switch to light colours" : "Switch to dark colours");
    button.setAttribute("aria-pressed", String(dark));
  };

  // Plots are painted on a canvas, which doesn't follow a style sheet until it is asked to paint again.
  const repaint = () => {
    for (const page of Bokeh.documents) {
      for (const model of page._all_models.values()) {
        if (["Figure", "Legend", "LinearAxis", "LogAxis", "Grid"].includes(model.type)) model.change.emit();
      }
    }
  };

  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("custseg-theme", root.dataset.theme); } catch (_) { /* storage may be forbidden */ }
    name();
    repaint();
  });
  name();

  const everyShadow = function* (node) {
    for (const element of node.querySelectorAll("*")) {
      if (element.shadowRoot) { yield element.shadowRoot; yield* everyShadow(element.shadowRoot); }
    }
  };

  const named = new WeakSet();
  const nameSliders = () => {
    for (const shadow of everyShadow(document)) {
      const handle = shadow.querySelector(".noUi-handle");
      const title = shadow.querySelector(".bk-slider-title");
      if (handle && title && !named.has(handle)) {
        named.add(handle);
        const say = () => {
          // A feature may have a colon in its name.
          const [, name, number] = title.textContent.match(/^(.*):(.*)$/s) ?? ["", title.textContent, ""];
          handle.setAttribute("aria-label", name);
          // The slider's own is “4.00”, and comes with each move.
          if (handle.getAttribute("aria-valuetext") !== number.trim()) handle.setAttribute("aria-valuetext", number.trim());
        };
        say();
        new MutationObserver(say).observe(title, { childList: true, characterData: true, subtree: true });
        new MutationObserver(say).observe(handle, { attributeFilter: ["aria-valuetext"] });
      }
    }
  };

  const followServer = (page) => {
    const lost = document.getElementById("lost");
    page.on_event("connection_lost", () => { lost.hidden = false; });
    page.on_event("client_reconnected", () => { lost.hidden = true; });
    let soon = 0;
    page.on_change((event) => {
      if (event.kind === "TitleChanged") document.title = event.title;
      if (event.kind !== "ModelChanged" || event.attr !== "children") return;
      // Sliders that come later, once they stand.
      clearTimeout(soon);
      soon = setTimeout(nameSliders, 200);
    });
  };

  // Panel draws a whole table anew where some of its cells change, which ends what somebody is writing in it. Where that
  // goes on, only the cells that changed are written.
  const keepWhatIsWritten = () => {
    const tables = Bokeh.Models.get("panel.models.tabulator.DataTabulator").prototype.default_view.prototype;
    const drawAnew = tables.updateOrAddData;
    tables.updateOrAddData = function () {
      const shown = this.tabulator?.getData() ?? [], columns = this.model.source.data;
      const editing = this.tabulator?.element.querySelector(".tabulator-editing") != null;
      if (!editing || shown.length !== this.model.source.get_length()) return drawAnew.call(this);
      const fields = Object.keys(columns).filter((field) => field in (shown[0] ?? {}));
      this.tabulator.updateData(shown.map(({ _index }) => (
        { _index, ...Object.fromEntries(fields.map((field) => [field, columns[field][_index]])) }
      )));
    };
  };

  // On a phone the result is below the settings.
  document.addEventListener("click", (event) => {
    const pressed = event.composedPath().find((element) => element.localName === "button");
    if (pressed?.textContent.trim() === "Run clustering" && matchMedia("(max-width: 899px)").matches) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      document.querySelector("main").scrollIntoView({ behavior: calm ? "auto" : "smooth" });
    }
  });

  const whenReady = () => {
    const page = window.Bokeh?.documents?.[0];
    if (!page) return void setTimeout(whenReady, 50);
    followServer(page);
    keepWhatIsWritten();
    if (page.is_idle) nameSliders(); else page.idle.connect(nameSliders);
  };
  whenReady();
})();
