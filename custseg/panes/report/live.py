"""The body of a report: its document as HTML, for each number of segments; ``live.js`` then chooses among them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from custseg.language import day, mark, say, say_each
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.panes.headings import HEADINGS
from custseg.panes.report.static_table import MOST_COLUMNS
from custseg.session.report.report_file import words_of
from custseg.wording import capitalised, fixed, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.session.report.document import Grouping, ReportDocument

_HERE = Path(__file__).parent
_ALWAYS = ("words", "scatter", "summary", "new_customer", "actions")
_LAST = ("left_out", "reproduce")
# What ``live.js`` says.
TEXTS = {
    "and": mark(" and "),
    "printed": mark("Printed: {k} segments, with {x} and {y} in the picture."),
    "incomplete": mark("Give a number in each field."),
    "joins": mark("This customer would join segment {segments}: {name}."),
    "nearly": mark("It would be nearly as close to segment {segments}."),
}


@dataclass(frozen=True)
class Beside:
    """What a report with customers holds beside its document, as HTML.

    Attributes
    ----------
    glance
        What is read first.
    rich
        By the name of a section: what it holds for the result itself, in the place of what the document says.
    sections
        Further sections: the name of each, and what it holds.

    """

    glance: str = ""
    rich: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Mapping[str, str]] = ()


def body_html(document: ReportDocument, beside: Beside | None = None, picture: str = "") -> str:
    """Write the body of a report; all texts of the document are escaped."""
    beside = beside or Beside()
    made = document.made
    named = [section["name"] for section in beside.sections]
    categories = ["level_shares"] if document.categories else []
    return _template().render(
        document=document, made=f"{day(made)}, {made:%H:%M}", headings=HEADINGS, picture=picture,
        contents=[*_ALWAYS, *categories, *named, *_LAST],
        glance=beside.glance, rich=beside.rich, sections=beside.sections,
        colours=SEGMENT_COLOURS, all_colours=json.dumps(SEGMENT_COLOURS), most_columns=MOST_COLUMNS,
        texts=json.dumps(say_each(TEXTS)),
        areas_of=_areas_of, fixed=fixed, share=share, capitalised=capitalised,
    )  # fmt: skip


def document_json(document: ReportDocument) -> str:
    """Return the document as JSON that can stand in a script: nothing in it ends that, or begins a comment."""
    text = document.model_dump_json()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def document_words(document: ReportDocument) -> str:
    """Return all words of the page of a document without customers."""
    return words_of(body_html(document))


def _areas_of(grouping: Grouping) -> list[str]:
    return list(dict.fromkeys(action.area for group in grouping.groups for action in group.actions))


@cache
def _template() -> jinja2.Template:
    text = (_HERE / "live.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["_"] = say
    return environment.from_string(text)
