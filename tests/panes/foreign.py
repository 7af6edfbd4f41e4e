"""What of a layout would be mathematics to a browser, and what of its markup would do something there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from bokeh.document import Document
from bokeh.models.annotations import Legend, LegendItem, Title
from bokeh.models.glyphs import Text
from bokeh.models.widgets import Slider

from custseg.panes.views.catalogue import addresses

if TYPE_CHECKING:
    import panel as pn

# What BokehJS typesets where it is drawn as text, and so do its sliders with their titles.
_TYPESET = ("axis_label", "major_label_overrides", "group_label")
DELIMITERS = re.compile(r"\$\$|\\[()\[\]]")
_ACTS = {"script", "img", "a", "iframe", "object", "form", "link", "svg", "math", "base", "meta"}


def models_of(viewable: pn.viewable.Viewable) -> set[Any]:
    root = viewable.get_root(Document())
    return set(root.references())


def typeset(model: Any) -> Iterator[object]:
    """Give what BokehJS looks through for mathematics of a model."""
    yield from (getattr(model, name) for name in _TYPESET if hasattr(model, name))
    if getattr(model, "disable_math", True) is False:
        yield model.text
    if isinstance(model, (Slider, Title, Legend, LegendItem)):
        yield from (getattr(model, name, None) for name in ("title", "text", "label"))
    if isinstance(getattr(model, "glyph", None), Text):
        yield from model.data_source.data.values()


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for part in value.values() for text in texts(part))
    elif isinstance(value, (list, tuple)):
        yield from (text for part in value for text in texts(part))
    elif hasattr(value, "value"):
        yield from texts(value.value)


def taken_for_mathematics(models: set[Any]) -> list[str]:
    return [text for model in models for value in typeset(model) for text in texts(value) if DELIMITERS.search(text)]


class Acting(HTMLParser):
    """Collects what of a text would do something in a browser: tags, and attributes that are scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and attrs in _LINKS_TO_VIEWS:
            return
        self.found += [tag] if tag in _ACTS else []
        self.found += [f"{tag} {name}" for name, _ in attrs if name.startswith("on") or name in {"href", "src"}]


# They are ours.
_LINKS_TO_VIEWS = [[("href", f"#{address}")] for address in addresses()]


def acting(markup: str) -> list[str]:
    parser = Acting()
    parser.feed(markup)
    parser.close()
    return parser.found
