// The report without a server: another number of segments, other axes, the segment that is pointed at, a new customer.
// All that is shown comes from the document in this file.
const report = JSON.parse(document.getElementById("custseg-report").textContent);
const colours = JSON.parse(document.getElementById("choices").dataset.colours);
const choices = document.getElementById("choices"), root = document.documentElement;
const texts = JSON.parse(choices.dataset.texts);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const together = (segments) => segments.join(texts.and);
const chosen = { k: report.how.k, x: report.x, y: report.y };
const COLUMNS = 64, ROWS = 44, FADED = 0.2;
const grouping = () => report.groupings.find((each) => each.k === chosen.k) ?? report.groupings[0];
const spanOf = (values) => {
  const known = values.filter((value) => value !== null), low = Math.min(...known), high = Math.max(...known);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
};

// How much of a block lies in each cell along one axis: a normal distribution as wide as blocks are apart.
const spread = (values, counts, [low, high], cells) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = values.reduce((sum, value, block) => sum + value * counts[block], 0) / total;
  const variance = values.reduce((sum, value, block) => sum + counts[block] * (value - mean) ** 2, 0) / total;
  const cell = (high - low) / cells, width = Math.max(cell, 0.6 * Math.sqrt(variance) * values.length ** (-1 / 6));
  return values.map((value) => {
    const shares = Array.from({ length: cells }, (_, at) => Math.exp(-(((low + (at + 0.5) * cell - value) / width) ** 2) / 2));
    const sum = shares.reduce((all, share) => all + share, 0) || 1;
    return shares.map((share) => share / sum);
  });
};

const binned = (x, y, blocks, spans) => {
  const { groups, of_blocks } = grouping(), counts = blocks.map((block) => report.pictured.counts[block]);
  const across = spread(x, counts, spans[0], COLUMNS), up = spread(y, counts, spans[1], ROWS);
  const mass = groups.map(() => new Float64Array(COLUMNS * ROWS));
  blocks.forEach((block, at) => up[at].forEach((high, row) => {
    if (high * counts[at] < 1e-4) return;
    across[at].forEach((wide, column) => { mass[of_blocks[block]][row * COLUMNS + column] += counts[at] * wide * high; });
  }));
  return mass;
};

const cells = (mass, spans) => {
  const data = { left: [], right: [], bottom: [], top: [], colour: [], alpha: [], segment: [], key: [] };
  const total = mass[0].map((_, cell) => mass.reduce((sum, one) => sum + one[cell], 0)), most = Math.max(...total);
  const step = [(spans[0][1] - spans[0][0]) / COLUMNS, (spans[1][1] - spans[1][0]) / ROWS];
  total.forEach((here, cell) => {
    if (here < most / 2000) return;
    const group = mass.reduce((best, one, at) => (one[cell] > mass[best][cell] ? at : best), 0);
    const column = cell % COLUMNS, row = Math.floor(cell / COLUMNS), { slot, segments, name } = grouping().groups[group];
    data.left.push(spans[0][0] + column * step[0]);
    data.right.push(spans[0][0] + (column + 1) * step[0]);
    data.bottom.push(spans[1][0] + row * step[1]);
    data.top.push(spans[1][0] + (row + 1) * step[1]);
    data.colour.push(colours[slot]);
    data.alpha.push(0.12 + 0.83 * (here / most) ** 0.3);
    data.segment.push(`${together(segments)} ${name}`);
    data.key.push(String(group + 1));
  });
  return data;
};

const points = (x, y, blocks) => {
  const { groups, of_blocks } = grouping(), own = blocks.map((block) => groups[of_blocks[block]]);
  return {
    x, y, customer: blocks.map((block) => report.pictured.names[block]), alpha: blocks.map(() => 0.75),
    colour: own.map(({ slot }) => colours[slot]), key: blocks.map((block) => String(of_blocks[block] + 1)),
    segment: own.map(({ segments, name }) => `${together(segments)} ${name}`),
  };
};

const centroids = () => {
  const told = grouping().groups.filter(({ means }) => means[chosen.x] !== null && means[chosen.y] !== null);
  return {
    x: told.map(({ means }) => means[chosen.x]), y: told.map(({ means }) => means[chosen.y]),
    number: told.map(({ segments }) => segments.join("+")), colour: told.map(({ slot }) => colours[slot]),
  };
};

const named = (name) => (window.Bokeh?.documents ?? []).map((one) => one.get_model_by_name(name)).find(Boolean);
const faded = (data) => {
  const lit = root.dataset.litSegment;
  return { ...data, shown: data.alpha.map((alpha, at) => (!lit || data.key[at] === lit ? alpha : alpha * FADED)) };
};
let drawn = { cells: null, points: null };

const draw = () => {
  const across = report.pictured.means[chosen.x], up = report.pictured.means[chosen.y];
  const blocks = [...across.keys()].filter((block) => across[block] !== null && up[block] !== null);
  const x = blocks.map((block) => across[block]), y = blocks.map((block) => up[block]), spans = [spanOf(x), spanOf(y)];
  const single = report.pictured.names.length > 0, none = { left: [], right: [], bottom: [], top: [], colour: [], alpha: [], segment: [], key: [] };
  drawn = {
    cells: single ? none : cells(binned(x, y, blocks, spans), spans),
    points: points(single ? x : [], single ? y : [], single ? blocks : []),
  };
  const figure = named("report picture");
  [[figure.x_range, spans[0]], [figure.y_range, spans[1]]].forEach(([range, [start, end]]) =>
    range.setv({ start, end, reset_start: start, reset_end: end }));
  // Bokeh would take some names for mathematics, and run what that says.
  const plain = (title) => title.replace(/\$(?=\$)|\\(?=[[\]()])/g, "$&\u200b");
  named("report x").axis_label = plain(report.columns[chosen.x].title);
  named("report y").axis_label = plain(report.columns[chosen.y].title);
  named("report centroids").data_source.data = centroids();
  // Paper has nothing to choose with.
  const [across_title, up_title] = [report.columns[chosen.x].title, report.columns[chosen.y].title];
  document.querySelector(".chosen").textContent = filled(texts.printed, { k: chosen.k, x: across_title, y: up_title });
  paint();
};

const paint = () => {
  if (!drawn.cells) return;
  named("report density").data_source.data = faded(drawn.cells);
  named("points").data_source.data = faded(drawn.points);
};

// What tells of a segment carries its number; some of it lies in shadow roots.
const roots = () => [document, ...[...document.querySelectorAll("main *")].map((one) => one.shadowRoot).filter(Boolean)];
const light = (segment) => {
  if ((root.dataset.litSegment ?? "") === segment) return;
  if (segment) root.dataset.litSegment = segment;
  else delete root.dataset.litSegment;
  for (const place of roots()) {
    for (const element of place.querySelectorAll("[data-segment]")) {
      element.classList.toggle("lit", element.dataset.segment === segment);
    }
  }
  paint();
};
const segmentOf = (event) => event.composedPath().find((element) => element.dataset?.segment)?.dataset.segment ?? "";
document.addEventListener("pointerover", (event) => {
  if (!event.composedPath().some((element) => element.classList?.contains("figure"))) light(segmentOf(event));
});
document.addEventListener("focusin", (event) => light(segmentOf(event)));
document.addEventListener("custseg-pointed", ({ detail: { x, y, away } }) => {
  const { left, right, bottom, top, key } = drawn.cells ?? { left: [] };
  const cell = away ? -1 : left.findIndex((edge, at) => edge <= x && x < right[at] && bottom[at] <= y && y < top[at]);
  if (report.pictured.names.length) light(away ? "" : nearest(x, y));
  else light(cell < 0 ? "" : key[cell]);
});
const nearest = (x, y) => {
  const figure = named("report picture"), { points: all } = drawn;
  const wide = figure.x_range.end - figure.x_range.start, high = figure.y_range.end - figure.y_range.start;
  const away = all.x.map((across, at) => Math.hypot((across - x) / wide, (all.y[at] - y) / high));
  const least = Math.min(...away);
  return least < 0.02 ? all.key[away.indexOf(least)] : "";
};

choices.addEventListener("change", ({ target }) => {
  chosen[target.name] = Number(target.value);
  if (target.name === "k") {
    light("");
    for (const panel of document.querySelectorAll(".for-k")) panel.hidden = Number(panel.dataset.k) !== chosen.k;
    tell();
  }
  draw();
});

const joins = document.getElementById("joins"), joined = document.getElementById("joined");
const distances = () => {
  const { columns, scales, knees } = report.comparing;
  const values = columns.map((column) => joins.querySelector(`[name="f${column}"]`).valueAsNumber);
  if (values.some(Number.isNaN)) return null;
  const place = values.map((value, at) => (knees[at] === null ? value : Math.asinh(value / knees[at])) / scales[at]);
  return grouping().groups.map((group) => Math.hypot(...place.map((here, at) => here - group.place[at])));
};
const tell = () => {
  if (!joined?.dataset.asked) return;
  const away = distances(), { groups } = grouping();
  if (!away) {
    joined.textContent = texts.incomplete;
    return;
  }
  const order = [...away.keys()].sort((one, other) => away[one] - away[other]);
  const [first, second] = order.map((at) => groups[at]);
  const near = second && away[order[1]] < 1.1 * away[order[0]] ? [filled(texts.nearly, { segments: together(second.segments) })] : [];
  joined.textContent = [filled(texts.joins, { segments: together(first.segments), name: first.name }), ...near].join(" ");
  joined.dataset.segment = String(order[0] + 1);
};
const ask = () => {
  joined.dataset.asked = "yes";
  tell();
};
joins?.querySelector("button").addEventListener("click", ask);
joins?.addEventListener("keydown", ({ key, target }) => key === "Enter" && target.matches("input") && ask());

// Browsers keep what was chosen when a file is opened again.
for (const select of choices.querySelectorAll("select")) {
  select.value = [...select.options].find((option) => option.defaultSelected).value;
}
const begin = () => (named("report picture") ? draw() : requestAnimationFrame(begin));
begin();
