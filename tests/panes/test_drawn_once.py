"""A figure is drawn once; what sessions get are copies that have nothing in common."""

from __future__ import annotations

from typing import Any

import pytest
from bokeh.core.properties import value
from bokeh.document import Document
from bokeh.plotting import figure

from custseg.panes.charts.drawn_once import drawn_once


@pytest.fixture
def drawn() -> list[str]:
    return []


def copy_of(name: str, drawn: list[str]) -> Any:
    def draw() -> Any:
        drawn.append(name)
        made = figure(height=240, title="of all")
        made.scatter(x=[1.0, 2.0], y=[3.0, 4.0], size=7)
        return made

    return drawn_once((name, id(drawn)), draw)


def test_it_is_drawn_once_for_each_name(drawn: list[str]) -> None:
    for name in ("one", "other", "one"):
        copy_of(name, drawn)
    assert drawn == ["one", "other"]


def test_a_copy_shows_what_was_drawn(drawn: list[str]) -> None:
    copy_of("one", drawn)
    second = copy_of("one", drawn)
    (layer,) = second.renderers
    assert (second.height, second.title.text, layer.glyph.size) == (240, "of all", value(7))
    assert list(layer.data_source.data["y"]) == [3, 4]


def test_what_changes_in_a_copy_changes_in_no_other(drawn: list[str]) -> None:
    first, second = copy_of("one", drawn), copy_of("one", drawn)
    first.renderers[0].data_source.data = {"x": [9.0], "y": [9.0]}
    first.title.text = "mine"
    assert second.title.text == "of all"
    assert list(second.renderers[0].data_source.data["x"]) == [1, 2]
    assert copy_of("one", drawn).title.text == "of all"


def test_a_document_can_hold_two_copies(drawn: list[str]) -> None:
    first, second = copy_of("one", drawn), copy_of("one", drawn)
    assert not {model.id for model in first.references()} & {model.id for model in second.references()}
    document = Document()
    document.add_root(first)
    document.add_root(second)
    document.validate()
