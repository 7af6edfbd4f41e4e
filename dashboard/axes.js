// A feature that is chosen for an axis is shown on it at once, by what the picture knows of it (charts/axes_ahead.py). The
// server hears of the choice as of any other, draws the same, and says what there is to say of it.
(() => {
  const CHOICES = ["choice-of-x", "choice-of-y"];

  // The server isn't told what it will tell.
  const set = (model, properties) => model.setv(properties, { sync: false });
  const setArgs = (model, args) => set(model, { args: { ...model.args, ...args } });
  const setPlaces = (source, x, y) => {
    const held = Object.fromEntries(source.columns().map((name) => [name, source.get_column(name)]));
    set(source, { data: { ...held, x, y } });
  };

  // As in custseg/tables/evening_out.py.
  const places = (values, knee) => (knee > 0 ? values.map((value) => Math.asinh(value / knee)) : values);

  const setAxis = (axis, range, title, { ticks, written, limits: [start, end] }) => {
    set(axis, { axis_label: title });
    setArgs(axis.ticker, ticks);
    setArgs(axis.formatter, written);
    set(range, { start, end, reset_start: start, reset_end: end });
  };

  const show = (figure, across, up) => {
    const sourceOf = (layer) => figure.renderers.find(({ name }) => name === layer)?.data_source;
    const customers = sourceOf("points"), rings = sourceOf("rings");
    const [x, y] = [across, up].map(({ field, ticks }) => places(customers.get_column(field), ticks.knee));
    setAxis(figure.below[0], figure.x_range, across.titles[0], across);
    setAxis(figure.left[0], figure.y_range, up.titles[1], up);
    setPlaces(customers, x, y);
    setPlaces(sourceOf("centroids"), across.centroids, up.centroids);
    const ringed = rings?.get_column("row") ?? [];
    if (ringed.length) setPlaces(rings, ringed.map((row) => x[row]), ringed.map((row) => y[row]));
  };

  document.addEventListener("custseg-ready", ({ detail: page }) => {
    // What a person does, not what changes of the choice: that may have come with all else from the server.
    document.addEventListener("input", (event) => {
      const path = event.composedPath(), isWithin = (name) => path.some((element) => element.classList?.contains(name));
      if (!CHOICES.some(isWithin)) return;
      // Options are in the order of the features, each with what it is called, by which a browser tells it.
      const chosen = CHOICES.map((name) => {
        const { options, value } = modelWithClass(page, name);
        if (isWithin(name)) return options.findIndex(([, label]) => label === path[0].value);
        return options.findIndex(([feature]) => feature === value);
      });
      for (const figure of page._all_models.values()) {
        const known = figure.type === "Figure" ? chosen.map((place) => figure.tags[place]) : [];
        if (known.length && known.every(Boolean)) show(figure, ...known);
      }
    });
  });
})();
