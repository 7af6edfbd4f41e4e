"""Views: made when they are first looked at, silent while another one is, and up to date once they are seen again."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import panel as pn
import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from custseg.panes import Explorer
from custseg.panes.base.part import Part
from custseg.panes.views.catalogue import VIEWS, addresses
from custseg.panes.views.view_switch import ViewSwitch
from tests.panes.hands import press
from tests.session.waiting import change_of

if TYPE_CHECKING:
    from custseg import SegmentationModel


class Listener(Part):
    """A part that notes what it is told."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self.told: list[frozenset[str]] = []
        self.drawn: list[Listener] = []
        self._layout = pn.Column()
        self.watch(self._note, "run", "k", "x")

    def draw(self) -> None:
        self.drawn.append(self)

    def _note(self, changed: frozenset[str]) -> None:
        self.told.append(changed)


def test_a_part_that_nobody_sees_is_told_once_of_all_that_changed(model: SegmentationModel) -> None:
    part = Listener(model)
    part.attention.rest()
    model.k = 6
    model.run_clustering()
    model.k = 5
    assert part.told == []
    part.attention.wake()
    assert part.told == [{"k", "run"}]
    model.x = "Frozen"
    assert part.told == [{"k", "run"}, {"x"}]


def test_a_part_that_missed_nothing_is_told_nothing(model: SegmentationModel) -> None:
    part = Listener(model)
    part.attention.rest()
    part.attention.wake()
    assert part.told == []


def test_what_parts_draw_later_is_drawn_together_and_once(model: SegmentationModel) -> None:
    document: Any = Document()
    document._session_context = lambda: SimpleNamespace(session=None)
    parts = [Listener(model) for _ in range(3)]
    drawn: list[Listener] = []
    with set_curdoc(document):
        for part in (*parts, parts[0]):
            part.drawn = drawn
            part.after_what_is_seen_first(part.draw, 100)
        assert not drawn
        gone = parts.pop()
        del part, gone
        gc.collect()
        (callback,) = document.session_callbacks
        document.remove_timeout_callback(callback)
        callback.callback()
        assert drawn == parts
        # Whoever comes then waits anew.
        parts[1].after_what_is_seen_first(parts[1].draw, 100)
        (callback,) = document.session_callbacks
        callback.callback()
    assert drawn == [*parts, parts[1]]


def test_a_view_is_made_when_it_is_first_looked_at(model: SegmentationModel) -> None:
    switch = ViewSwitch(model)
    assert [address for address, place in switch.places.items() if len(place)] == [addresses()[0]]
    switch.shown = "customers"
    made = switch.view("customers")
    assert [address for address, place in switch.places.items() if len(place)] == [addresses()[0], "customers"]
    switch.shown = addresses()[0]
    switch.shown = "customers"
    assert switch.view("customers") is made


@pytest.mark.parametrize("address", addresses())
def test_a_view_that_was_away_for_a_run_shows_what_a_new_one_shows(model: SegmentationModel, address: str) -> None:
    model.run_clustering()
    model.run_assessment()
    switch = ViewSwitch(model, shown=address)
    away = next(other for other in addresses() if other != address)
    switch.shown = away
    model.k = 6
    model.run_clustering()
    model.run_assessment()
    before = switch.view(address).state()
    switch.shown = address
    after, new = switch.view(address).state(), ViewSwitch(model, shown=address).view(address).state()
    # As text, since what has no value is no value's equal.
    assert (after.text, repr(after.tables), after.figures) == (new.text, repr(new.tables), new.figures)
    if address != "data":
        assert before != after


def test_a_view_that_is_made_late_shows_what_was_found_before_it(model: SegmentationModel) -> None:
    model.run_clustering()
    view = ViewSwitch(model).view("how-sure")
    model.ks = [2, 3]
    asyncio.run(change_of(model.search, "advice", lambda: press(view.how_many_advice, "Suggest a number")))
    late = ViewSwitch(model).view("how-sure")
    assert model.advice is not None
    assert model.advice.reason in late.how_many_advice.state().text
    assert repr(late.state()) == repr(view.state())


def test_a_notebook_turns_to_views_by_tabs(model: SegmentationModel) -> None:
    explorer = Explorer(model)
    tabs: Any
    (tabs,) = explorer.__panel__().select(pn.Tabs)
    tabs.active = [kind.title for kind in VIEWS].index("Segments")
    assert explorer.views.shown == "segments"
    assert len(explorer.views.places["segments"]) == 1
