"""One result as one HTML file, which opens from disk without a network and stays alive there."""

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
from custseg.language import say
from custseg.panes.base.style import ACTIONS_STYLE, PAGE_TOKENS, SEGMENT_CARDS_STYLE
from custseg.panes.parts.actions import Actions
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.segment_cards import SegmentCards
from custseg.panes.parts.verdict import Verdict
from custseg.panes.report.live import Beside, body_html, document_json
from custseg.panes.report.live_picture import live_picture
from custseg.panes.report.sections import SECTIONS
from custseg.panes.report.static_layout import StaticLayout
from custseg.panes.tables.summary import Summary
from custseg.session.report.make import make_document
from custseg.session.report.report_file import digest_of, words_of
from custseg.settings import LEAST_GROUP, check_least

if TYPE_CHECKING:
    from os import PathLike

    from custseg.session.model import SegmentationModel
    from custseg.session.report.document import ReportDocument

_HERE = Path(__file__).parent / "report"
# Stands where the scripts of the figures belong.
_FIGURES = "<!--figures-->"
_SCRIPTS = ("report.js", "live.js", "print.js")


@dataclass(frozen=True)
class Report:
    """The last result of a model as a file."""

    model: SegmentationModel

    def save(self, path: str | PathLike[str], *, customers: bool = False, least: int = LEAST_GROUP) -> None:
        """Write it to a file, as ``save_html`` does."""
        save_html(self.model, path, customers=customers, least=least)

    def write(self, stream: BinaryIO, *, customers: bool = False) -> None:
        """Write it to a binary stream."""
        stream.write(render_html(self.model, customers=customers).encode())


def save_html(
    model: SegmentationModel, path: str | PathLike[str], *, customers: bool = False, least: int = LEAST_GROUP
) -> None:
    """Write the last result as one HTML file; ``customers`` and ``least`` as for ``render_html``.

    Raises SettingError where there is no result, OSError as ``model.save``.
    """
    page = render_html(model, customers=customers, least=least)
    with whole_file(path) as stream:
        stream.write(page.encode())


def render_html(model: SegmentationModel, *, customers: bool = False, least: int = LEAST_GROUP) -> str:
    """Return the last result as one HTML page with everything in it: picture, table, words, BokehJS and style sheets.

    Parameters
    ----------
    model
        Whose result.
    customers
        Whether single customers are in it: points, identifiers, and all that the views tell. Without them each figure
        is of at least ``least`` customers, and no two figures differ by fewer.
    least
        How many customers each figure is of at least, where single ones are left out.

    Raises
    ------
    SettingError
        Nothing was run yet, ``least`` is not allowed, or too few customers are left to tell groups apart.

    """
    outcome = model.outcome
    if outcome is None:
        msg = say("There is no result to save yet. Run the clustering first.")
        raise SettingError(msg)
    document = make_document(
        outcome, customers=customers, least=check_least(least), axes=(model.x, model.y),
        made=datetime.now().astimezone().replace(microsecond=0),
    )  # fmt: skip
    with set_curdoc(Document()):
        layout = StaticLayout()
        # Parts of a copy, in a document of its own: the model that is saved doesn't keep them alive.
        beside = _beside(model.copy(), layout) if customers else Beside()
        return _page(document, beside, layout)


def _beside(model: SegmentationModel, layout: StaticLayout) -> Beside:
    """Write what the views tell of the customers, and keep their figures in the layout."""

    def write(part: Any) -> str:
        return layout.write(part.__panel__())

    return Beside(
        glance=write(Verdict(model)) + write(KeyFigures(model)),
        rich={
            "words": write(SegmentCards(model)),
            "summary": write(Summary(model, static=True)),
            "actions": write(Actions(model, static=True)),
        },
        sections=[
            {"name": section.name, "content": write(section.make(model))}
            for section in SECTIONS
            if section.there(model)
        ],
    )


def _page(document: ReportDocument, beside: Beside, layout: StaticLayout) -> str:
    picture = live_picture()
    script, places = components([picture, *layout.figures])
    body = layout.fill(body_html(document, beside, places[0]), list(places[1:]))
    page = _template().render(
        title=say("{title}: {k} segments", title=document.title, k=document.how.k), language=document.language,
        tokens=PAGE_TOKENS, body=body, bokeh=_bokeh(),
        style=_read("report.css") + SEGMENT_CARDS_STYLE + ACTIONS_STYLE, print_style=_read("print.css"),
        digest=digest_of(words_of(body)), document=document_json(document), scripts=map(_read, _SCRIPTS),
    )  # fmt: skip
    return page.replace(_FIGURES, script, 1)


@cache
def _bokeh() -> str:
    """Return what draws figures, and nothing for widgets, tables or mathematics, of which there are none."""
    return "".join(f"<script>{code}</script>" for code in Resources(mode="inline", components=["bokeh"]).js_raw)


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(autoescape=True).from_string(_read("report.html"))


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
