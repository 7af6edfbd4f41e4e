"""Draw how a run grows with the number of customers: docs/pictures/growth.png, from docs/pictures/growth.csv.

``python -m benchmarks.growth_picture`` measures anew, and keeps of the file what it does not measure;
``python -m benchmarks.growth_picture drawn`` draws what is in the file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import holoviews as hv
import pandas as pd
from bokeh.embed import file_html
from bokeh.resources import INLINE
from hvplot import hvPlotTabular
from playwright.sync_api import sync_playwright

from benchmarks import growth
from tests.ui.conftest import launch

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
_FIGURES, _PICTURE = FOLDER / "growth.csv", FOLDER / "growth.png"
_WIDTH, _HEIGHT = 720, 380
# In memory, and from Parquet, as they come in the file.
_COLOURS = "#0072b2", "#d55e00"
_KEY, _SECONDS = ["where", "customers"], "processor_seconds"


def main(asked: list[str]) -> None:
    """Measure, unless only a drawing is asked for, and draw."""
    hv.extension("bokeh")
    if asked != ["drawn"]:
        _measure()
    _save(_draw(pd.read_csv(_FIGURES)))


def _measure() -> None:
    """Measure, and keep each figure as soon as it is there: the last ones take long."""
    for found in growth.measure():
        figures = found.seconds, found.processor, found.peak / 1e9
        row = [found.where, found.customers, *(round(figure, 3) for figure in figures)]
        anew = pd.DataFrame([row], columns=[*_KEY, "seconds", _SECONDS, "gigabytes"])
        before = [pd.read_csv(_FIGURES)] if _FIGURES.exists() else []
        both = pd.concat([*before, anew]).drop_duplicates(_KEY, keep="last")
        both.sort_values(_KEY, ascending=[False, True]).to_csv(_FIGURES, index=False)


def _draw(figures: pd.DataFrame) -> Any:
    """Draw processor seconds, which other work on a machine lengthens the least, on two logarithmic scales.

    Of a figure without them, from an earlier measurement, the seconds that were waited are drawn, as a ring.
    """
    known = figures.dropna(subset=[_SECONDS])
    axes = {"x": "customers", "y": _SECONDS, "by": "where", "color": list(_COLOURS)}
    titles = {"xlabel": "Customers", "ylabel": "Processor seconds of a run"}
    drawn = hvPlotTabular(known)
    picture = drawn.line(logx=True, logy=True, **axes, **titles) * drawn.scatter(size=60, **axes)
    picture *= _in_proportion(known, float(figures["customers"].max()))
    earlier = figures[figures[_SECONDS].isna()]
    if len(earlier):
        places = earlier[["customers", "seconds"]].to_numpy(float)
        rings = hv.Points(places, ["customers", _SECONDS], label="from Parquet, earlier: seconds waited")
        picture *= rings.opts(size=9, fill_alpha=0, color=_COLOURS[1])
    return hv.render(picture.opts(width=_WIDTH, height=_HEIGHT, legend_position="top_left", toolbar=None))


def _in_proportion(known: pd.DataFrame, end: float) -> Any:
    """Draw what a run would take if it grew as the customers do, from that of the most on."""
    customers, seconds = (known[name].to_numpy(float) for name in ("customers", _SECONDS))
    most = int(customers.argmax())
    ends = (float(customers.min()), end)
    line = [(place, float(seconds[most]) * place / float(customers[most])) for place in ends]
    return hv.Curve(line, label="in proportion to customers").opts(color="#6b7280", line_dash="dashed")


def _save(plot: Any) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, device_scale_factor=1.5)
        page.set_content(file_html(plot, INLINE, title="Growth"))
        page.wait_for_function("() => Bokeh.index.roots.length && Bokeh.index.roots[0].model.document.is_idle")
        page.screenshot(path=_PICTURE, clip={"x": 0, "y": 0, "width": _WIDTH, "height": _HEIGHT})
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
