"""Where an axis has its ticks and how their numbers are written, on an even and on a logarithmic scale.

The logarithmic scale is that of ``EveningOut``, which has a place for 0 and for refunds: arcsinh(value / knee). An
axis is now even and now logarithmic without being another model, so both are written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.models import CustomJSTicker, CustomJSTickFormatter

from custseg.language import number_ways
from custseg.panes.charts.ticks import large_units

if TYPE_CHECKING:
    from custseg.tables.column_roles import Quantity

# About how many ticks an axis has. On a logarithmic scale 0 comes first, then powers of ten, then what is between.
_TICKS = """
const value = (place) => knee > 0 ? knee * Math.sinh(place) : place;
const place = (value) => knee > 0 ? Math.asinh(value / knee) : value;
const low = Math.min(cb_data.start, cb_data.end), high = Math.max(cb_data.start, cb_data.end);
const first = value(low), last = value(high);
if (!(last > first) || !Number.isFinite(last - first)) return [];

const evenly = () => {
  const power = 10 ** Math.floor(Math.log10((last - first) / count));
  const step = Math.max(power * [1, 2, 5, 10].find((one) => one * power * count >= last - first), whole ? 1 : 0);
  const from = Math.ceil(first / step), to = Math.floor(last / step);
  return Array.from({length: to - from + 1}, (_, position) => place((from + position) * step));
};
if (!(knee > 0)) return evenly();

const ticks = [];
const offer = (number) => {
  const at = place(number);
  const free = ticks.every((other) => Math.abs(other - at) * (count + 2) >= high - low);
  if (at >= low && at <= high && free) ticks.push(at);
};
offer(0);
const top = Math.ceil(Math.log10(Math.max(Math.abs(first), Math.abs(last))));
for (const factor of [1, 5, 2]) {
  for (let power = top; 10 ** power > knee / 10; power--) {
    for (const sign of [1, -1]) offer(sign * factor * 10 ** power);
  }
}
return ticks.length > 2 ? ticks : evenly();
"""
# 20k where numbers are large, more digits where they are close; a year has no separator, and a share is a percentage.
_WRITTEN = """
// To make a format takes a browser longer than all else of a label, and labels are written several times a paint.
const write = (number, options) => {
  const kept = window.custsegNumberFormats ??= {}, key = [language, ...Object.entries(options)].join();
  return (kept[key] ??= new Intl.NumberFormat(language, options)).format(number);
};
const value = (place) => knee > 0 ? knee * Math.sinh(place) : place;
const largest = Math.max(...ticks.map((one) => Math.abs(value(one))));
const exact = Number(value(tick).toPrecision(10));
const number = Math.abs(exact) < 1e-9 * largest ? 0 : exact;
if (quantity === "year") return number.toFixed(0);
if (quantity === "share") return `${write(Number((100 * number).toPrecision(8)), {})}${percent}`;
const [unit, letter] = [...units, [1, ""]]
  .find(([one]) => Math.abs(number) >= one || one === 1);
if (largest < 1e4 || unit === 1) return write(number, {maximumSignificantDigits: 8});
return `${write(number / unit, {maximumFractionDigits: 3})}${letter}`;
"""


def add_ticks(axis: Any, count: int) -> None:
    """Give an axis about so many ticks, whose scale ``set_scale`` sets."""
    axis.ticker = CustomJSTicker(major_code=_TICKS, minor_code="return []", args={"count": count})
    axis.formatter = CustomJSTickFormatter(code=_WRITTEN)
    set_scale(axis, None, "")


def scale_of(knee: float | None, quantity: Quantity) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the scripts for ticks, and for how they are written, are told of a feature (None: an even scale)."""
    return {"knee": knee or 0.0, "whole": quantity == "year"}, {"knee": knee or 0.0, "quantity": quantity}


def set_scale(axis: Any, knee: float | None, quantity: Quantity) -> None:
    """Set the scale of an axis (None: an even one) and how its numbers are written."""
    ticks, written = scale_of(knee, quantity)
    for part, args in (
        (axis.ticker, {"count": axis.ticker.args["count"], **ticks}),
        (axis.formatter, {**written, **number_ways(), "units": large_units()}),
    ):
        if part.args != args:
            part.args = args
