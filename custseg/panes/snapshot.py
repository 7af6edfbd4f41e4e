"""One result as one HTML file, which opens from disk without a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import jinja2
from bokeh.document import Document
from bokeh.embed import components
from bokeh.resources import Resources
from panel.io.state import set_curdoc

from custseg.errors import SettingError
from custseg.export.files import whole_file
from custseg.panes.base.style import PAGE_TOKENS
from custseg.panes.headings import HEADINGS
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.status import describe_run
from custseg.panes.parts.verdict import Verdict
from custseg.panes.report.sections import SECTIONS
from custseg.panes.report.static_layout import StaticLayout

if TYPE_CHECKING:
    from os import PathLike

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_HERE = Path(__file__).parent / "report"
# Stands where the scripts of the figures belong.
_FIGURES = "<!--figures-->"


@dataclass(frozen=True)
class Report:
    """The last result of a model as a file."""

    model: SegmentationModel

    def save(self, path: str | PathLike[str], *, customers: bool = True) -> None:
        """Write it to a file, as ``save_html`` does."""
        save_html(self.model, path, customers=customers)

    def write(self, stream: BinaryIO) -> None:
        """Write it to a binary stream."""
        stream.write(render_html(self.model).encode())


def save_html(model: SegmentationModel, path: str | PathLike[str], *, customers: bool = True) -> None:
    """Write the last result as one HTML file. Raises SettingError where there is none, OSError as ``model.save``."""
    page = render_html(model, customers=customers)
    with whole_file(path) as stream:
        stream.write(page.encode())


def render_html(model: SegmentationModel, *, customers: bool = True) -> str:
    """Return the last result as one HTML page with everything in it: picture, table, words, BokehJS and style sheets.

    ``customers=False`` leaves out every single customer: the picture then shows the centroids alone.
    Raises SettingError where nothing was run yet.
    """
    outcome = model.outcome
    if outcome is None:
        msg = "There is no result to save yet. Run the clustering first."
        raise SettingError(msg)
    with set_curdoc(Document()):
        # Parts of a copy, in a document of its own: the model that is saved doesn't keep them alive.
        return _page(model.copy(), outcome, customers=customers)


def _page(model: SegmentationModel, outcome: RunResult, *, customers: bool) -> str:
    layout = StaticLayout()

    def write(part: Any) -> str:
        return layout.write(part.__panel__())

    sections = [
        {"name": section.name, "headed": section.headed, "content": write(section.make(model, customers))}
        for section in SECTIONS
        if section.there(model)
    ]
    page = _template().render(
        title=model.table.title, segments=outcome.segmentation.k, facts=_facts(outcome), headings=HEADINGS,
        glance=write(Verdict(model)) + write(KeyFigures(model)), sections=sections, tokens=PAGE_TOKENS,
        style=_read("report.css"), print_style=_read("print.css"), script=_read("report.js"),
        print_script=_read("print.js"), bokeh=_bokeh(),
    )  # fmt: skip
    script, places = components(layout.figures) if layout.figures else ("", [])
    return layout.fill(page, list(places)).replace(_FIGURES, script, 1)


@cache
def _bokeh() -> str:
    """Return what draws figures, and nothing for widgets, tables or mathematics, of which there are none."""
    return "".join(f"<script>{code}</script>" for code in Resources(mode="inline", components=["bokeh"]).js_raw)


def _facts(outcome: RunResult) -> str:
    result = outcome.segmentation
    now = datetime.now().astimezone()
    steps = " ".join((*result.preparation.steps, outcome.influence.say(result.schema)))
    return f"{describe_run(outcome)}. Compared: {_compared(result)}. {steps} Made on {now.day} {now:%B %Y, %H:%M}."


def _compared(result: Segmentation) -> str:
    return ", ".join(map(result.schema.label, (*result.features, *result.categories)))


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(autoescape=True).from_string(_read("report.html"))


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
