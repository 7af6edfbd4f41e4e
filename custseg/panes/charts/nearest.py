"""Of several customers under the pointer the nearest: the one that is named, lit and, once it is tapped, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.models import CustomJS, HoverTool, TapTool

if TYPE_CHECKING:
    from custseg.panes.charts.scatter_figure import Picture

_NEAREST = """
const {x_range, y_range, inner_width, inner_height} = figure;
const nearest = (rows, source, {x, y}) => {
  const xs = source.get_column("x"), ys = source.get_column("y");
  const away = (row) => Math.hypot(
    (xs[row] - x) / (x_range.end - x_range.start) * inner_width,
    (ys[row] - y) / (y_range.end - y_range.start) * inner_height,
  );
  return rows.reduce((one, other) => away(other) < away(one) ? other : one);
};
"""
_NAMES = """
const {vars, data_source} = cb_data;
return vars.index === nearest(vars.indices, data_source, vars);
"""
_LIGHTS = """
const {geometry, index: {indices}, renderer: {data_source}} = cb_data, root = document.documentElement;
const number = indices.length ? data_source.get_column("number")[nearest(indices, data_source, geometry)] : "";
const lit = Number(number) > 0 ? number : "";
if ((root.dataset.litSegment ?? "") !== lit) document.dispatchEvent(new CustomEvent("custseg-lit", {detail: lit}));
"""
_TAKES = """
const {geometries, source} = cb_data, rows = source.inspected.indices;
if (!rows.length) return;
const row = nearest(rows, source, geometries);
tapped.data = {customer: [source.get_column("customer")[row]], time: [Date.now()]};
"""


def point_at_the_nearest(picture: Picture) -> None:
    """Have the pointer mean one customer alone, where it may come near to several that are not seen."""
    figure: Any = picture.figure
    hover = figure.select_one(HoverTool)
    hover.update(limit=1, filters={"$index": _script(figure, _NAMES)}, callback=_script(figure, _LIGHTS))
    for tap in figure.select(TapTool):
        tap.callback = _script(figure, _TAKES, **tap.callback.args)


def _script(figure: Any, code: str, **args: Any) -> CustomJS:
    return CustomJS(args={"figure": figure, **args}, code=_NEAREST + code)
