// What a browser alone can do: switch between light and dark and between views, keep the tab and its history in step with the page, say
// that the server is gone, and give the slider its words for a screen reader.
(() => {
  // Panel adds a step to the history for each setting, and going back would change the address alone.
  history.pushState = history.replaceState.bind(history);

  const button = document.getElementById("theme");
  const root = document.documentElement;

  const name = () => {
    const dark = root.dataset.theme === "dark";
    button.setAttribute("aria-label", dark ? say("Switch to light colours") : say("Switch to dark colours"));
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

  // The address says which view is shown. The server makes a view when it first hears of it.
  const views = [...document.querySelectorAll("section.view")];
  const turn = () => {
    const wanted = views.find((view) => `#${view.dataset.view}` === location.hash) ?? views[0];
    if (wanted?.hidden) scrollTo(0, 0);
    for (const view of views) view.hidden = view !== wanted;
    for (const link of document.querySelectorAll("nav a")) {
      if (link.hash === `#${wanted?.dataset.view}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("hashchange", turn);
  turn();

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
        const sayIt = () => {
          // A feature may have a colon in its name.
          const [, name, number] = title.textContent.match(/^(.*):(.*)$/s) ?? ["", title.textContent, ""];
          handle.setAttribute("aria-label", name);
          // The slider's own is “4.00”, and comes with each move.
          if (handle.getAttribute("aria-valuetext") !== number.trim()) handle.setAttribute("aria-valuetext", number.trim());
        };
        sayIt();
        new MutationObserver(sayIt).observe(title, { childList: true, characterData: true, subtree: true });
        new MutationObserver(sayIt).observe(handle, { attributeFilter: ["aria-valuetext"] });
      }
    }
  };

  const lost = document.getElementById("lost");

  // Bokeh tells its documents that the connection is lost, and before the first socket has brought one there is none.
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("close", () => { if (!window.Bokeh?.documents?.length) lost.hidden = false; });
    }
  };

  // Comes back once the server answers and somebody looks, where all is kept there; not for ever, in case the connection
  // is lost each time. What is only on the screen by now is better than an empty page.
  const RETURNS = "custseg-returns", MOST_RETURNS = 5, MINUTES_OF_RETURNS = 10;
  const minutesSince = (when) => (Date.now() - when) / 60_000;
  const waitOrBeLookedAt = (seconds) => new Promise((resolve) => {
    setTimeout(resolve, 1000 * seconds);
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
  const answers = async () => {
    try {
      const place = new URL("liveness", location.origin + location.pathname.replace(/\/$/, ""));
      return (await fetch(place, { cache: "no-store" })).ok;
    } catch (_) { return false; }
  };
  // The returns of this tab so far, null where there may be no other.
  const returnsSoFar = () => {
    try {
      const returns = JSON.parse(sessionStorage.getItem(RETURNS) ?? "[]");
      const recent = returns.filter((when) => minutesSince(when) < MINUTES_OF_RETURNS);
      return recent.length < MOST_RETURNS ? recent : null;
    } catch (_) { return null; /* storage may be forbidden */ }
  };
  let returning = false;
  const comeBackNow = (returns) => {
    sessionStorage.setItem(RETURNS, JSON.stringify([...returns, Date.now()]));
    location.reload();
  };

  const comeBackByItself = async (page) => {
    const kept = () => modelWithClass(page, "session-token").tags;
    const since = Date.now(), told = lost.querySelector(".returns"), returns = returnsSoFar();
    if (returning || !returns || !kept().includes("kept")) return;
    returning = true;
    told.hidden = false;
    // Not all pages of a server that was started again at once.
    for (let seconds = 1; document.hidden || !(await answers()); seconds = Math.min(2 * seconds, 5)) {
      await waitOrBeLookedAt(seconds * (1 + Math.random()));
      if (minutesSince(since) < kept()[1]) continue;
      told.hidden = true;
      returning = false;
      return;
    }
    comeBackNow(returns);
  };

  // Another process, or a server that was started again meanwhile, makes a session of its own, in which nothing has its place.
  const isOfAnotherServer = (page) =>
    [...document.querySelectorAll("[data-root-id]")].some(({ dataset }) => !page.get_model_by_id(dataset.rootId));
  const beginAnew = () => {
    const returns = returnsSoFar();
    if (returns) comeBackNow(returns);
    else lost.hidden = false;
  };

  const followServer = (page) => {
    page.on_event("connection_lost", () => { lost.hidden = false; void comeBackByItself(page); });
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

  // Panel draws a whole table anew where anything in it changes. That would end what somebody is writing in it, and
  // leave Tabulator with an editor of a row that is gone, at which it fails with all that came in the same message.
  const keepWhatIsWritten = (tables) => {
    const { redraw, setData, updateOrAddData } = tables;
    const isWritten = (view) => view.tabulator?.element?.classList.contains("tabulator-editing") ?? false;
    const hasSameRows = (view) => view.tabulator.getData().length === view.model.source.get_length();
    const onceWritten = (view, draw) => new Promise((resolve) => {
      const wait = () => (isWritten(view) ? setTimeout(wait, 100) : resolve(draw()));
      wait();
    });

    // All of it: once that is written, unless its row may be another.
    tables.setData = function () {
      if (!isWritten(this)) return setData.call(this);
      if (!hasSameRows(this)) this.tabulator.modules.edit.cancelEdit();
      return onceWritten(this, () => setData.call(this));
    };

    // As where there is more or less room for it.
    tables.redraw = function (...what) {
      if (!isWritten(this)) redraw.apply(this, what);
      else void onceWritten(this, () => redraw.apply(this, what));
    };

    // Some cells: these alone, beside the one that is written.
    tables.updateOrAddData = function () {
      if (!isWritten(this) || !hasSameRows(this)) return updateOrAddData.call(this);
      const columns = this.model.source.data, shown = this.tabulator.getData();
      const fields = Object.keys(columns).filter((field) => field in shown[0]);
      this.tabulator.updateData(shown.map(({ _index }) => (
        { _index, ...Object.fromEntries(fields.map((field) => [field, columns[field][_index]])) }
      )));
    };
  };

  // What comes while a table is being built Panel drops, and would show what was true before.
  const keepWhatComesEarly = (tables) => {
    const { setData, tableBuilt } = tables;
    const early = new WeakSet();

    tables.setData = function () {
      if (this._building) early.add(this);
      return setData.call(this);
    };

    tables.tableBuilt = function () {
      tableBuilt.call(this);
      if (early.delete(this)) void this.setData();
    };
  };

  // Where a customer's card has no room beside the list, it stands above it.
  document.addEventListener("click", (event) => {
    const path = event.composedPath();
    const both = path.find((element) => element.classList?.contains("list-and-card"));
    if (!both || !path.some((element) => element.classList?.contains("tabulator-row"))) return;
    if (matchMedia("(min-width: 1300px)").matches) return;
    both.shadowRoot.querySelector(".customer-card").scrollIntoView();
  });

  // What stands for a segment says so with data-segment: pointing at it lights the segment wherever it stands, and a
  // press selects its customers.
  const segmentAt = (event) => event.composedPath().find((element) => element.dataset?.segment)?.dataset.segment;

  // Pictures look at what the root says (charts/scatter_figure.py, charts/lighting.py) whenever they paint anew.
  const lightPoints = (segment) => {
    root.dataset.litSegment = segment ?? "";
    for (const page of Bokeh.documents) {
      for (const model of page._all_models.values()) {
        if (model.type === "GlyphRenderer" && ["points", "fades"].includes(model.name)) model.glyph.change.emit();
      }
    }
  };

  const markSegment = (segment) => {
    for (const shadow of everyShadow(document.querySelector("section.view:not([hidden])") ?? document)) {
      for (const element of shadow.querySelectorAll("[data-segment]")) {
        element.classList.toggle("lit", element.dataset.segment === segment);
      }
    }
  };

  // A tab keeps the token of its session, and shows it when it is loaded again; a link begins a session of its own.
  const comeBack = (page) => {
    const [{ type } = {}] = performance.getEntriesByType("navigation");
    const again = ["reload", "back_forward"].includes(type);
    try {
      const earlier = sessionStorage.getItem("custseg-session");
      sessionStorage.setItem("custseg-session", modelWithClass(page, "session-token").value);
      if (again && earlier) modelWithClass(page, "earlier-token").value = earlier;
    } catch (_) { /* storage may be forbidden */ }
    // Names that no project holds would go with the tab.
    addEventListener("beforeunload", (event) => {
      if (!returning && modelWithClass(page, "session-token").placeholder === "unsaved") event.preventDefault();
    });
  };

  const followPointer = (page) => {
    const field = modelWithClass(page, "pressed-segment");
    // What the pointer is on comes before what the keyboard is on.
    const segments = { pointed: undefined, drawn: undefined, focused: undefined };
    let lit, waiting = false;
    const light = (change) => {
      Object.assign(segments, change);
      const now = segments.pointed ?? segments.drawn ?? segments.focused;
      if (now === lit) return;
      markSegment(lit = now);
      lightPoints(lit);
    };
    // What is drawn anew under a pointer that rests doesn't know that it is lit.
    page.on_change(() => {
      if (!lit || waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (lit) markSegment(lit); });
    });
    const press = (event) => {
      const segment = segmentAt(event);
      if (!segment || event.composedPath().some((element) => element.localName === "a")) return;
      field.value = "";
      field.value = segment;
    };
    // Not pointerover: of moves within one pane that ends at its shadow root.
    document.addEventListener("pointermove", (event) => light({ pointed: segmentAt(event) }));
    document.addEventListener("custseg-lit", ({ detail }) => light({ drawn: detail || undefined }));
    document.addEventListener("focusin", (event) => light({ focused: segmentAt(event) }));
    document.addEventListener("click", press);
    document.addEventListener("keydown", (event) => {
      if (![" ", "Enter"].includes(event.key) || !event.composedPath()[0].dataset?.segment) return;
      event.preventDefault();
      press(event);
    });
  };

  // On a phone the result is below the settings, and so is a question.
  const bringIntoView = (element) => {
    if (!matchMedia("(max-width: 899px)").matches) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
  };

  document.addEventListener("click", (event) => {
    const pressed = event.composedPath().find((element) => element.localName === "button");
    if (pressed?.textContent.trim() === say("Run clustering")) bringIntoView(document.querySelector("main"));
  });

  const showQuestions = () => {
    const form = document.querySelector(".understanding");
    if (!form) return;
    let open = form.offsetHeight > 0;
    new ResizeObserver(() => {
      const appears = !open && form.offsetHeight > 0;
      open = form.offsetHeight > 0;
      if (!appears) return;
      document.dispatchEvent(new Event("custseg-question"));
      bringIntoView(form);
    }).observe(form);
  };

  const whenReady = () => {
    const page = window.Bokeh?.documents?.[0];
    if (!page) return void setTimeout(whenReady, 50);
    if (isOfAnotherServer(page)) return beginAnew();
    followServer(page);
    const tables = Bokeh.Models.get("panel.models.tabulator.DataTabulator").prototype.default_view.prototype;
    keepWhatIsWritten(tables);
    keepWhatComesEarly(tables);
    followPointer(page);
    comeBack(page);
    document.dispatchEvent(new CustomEvent("custseg-ready", { detail: page }));
    const once = () => { nameSliders(); showQuestions(); };
    if (page.is_idle) once(); else page.idle.connect(once);
  };
  whenReady();
})();
