"""What was found out in a view that is not shown is noted, until somebody looks there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from custseg.panes.views.view_switch import ViewSwitch
from dashboard.finished_work import FinishedWork
from tests.panes.hands import markup_of
from tests.session.waiting import change_of

if TYPE_CHECKING:
    import pandas as pd

    from custseg import SegmentationModel


def find_advice(model: SegmentationModel) -> None:
    asyncio.run(change_of(model.search, "advice", lambda: model.param.trigger("suggest"), lambda found: found))


def test_a_note_leads_to_the_view_and_goes_once_that_is_shown(model: SegmentationModel) -> None:
    model.ks = [2, 3]
    views = ViewSwitch(model)
    notes = FinishedWork(model, views)
    assert notes.state().text == ""
    find_advice(model)
    assert "Which number of segments fits is known." in notes.state().text
    assert 'href="#how-sure"' in markup_of(notes)
    views.shown = "data"
    assert notes.state().text
    views.shown = "how-sure"
    assert notes.state().text == ""


def test_how_sure_the_segments_are_is_noted_where_it_is_not_in_sight(model: SegmentationModel) -> None:
    for view, said in (("overview", ""), ("data", "How sure the segments are is known.")):
        model.run_clustering()
        views = ViewSwitch(model, shown=view)
        notes = FinishedWork(model, views)
        told = lambda outcome: outcome.certainty is not None and outcome.certainty.complete  # noqa: E731
        asyncio.run(change_of(model, "outcome", lambda: model.param.trigger("assess"), told))
        assert said in notes.state().text
        assert bool(said) == bool(notes.state().text)


def test_customers_who_were_followed_meanwhile_are_noted(model: SegmentationModel, frame: pd.DataFrame) -> None:
    notes = FinishedWork(model, ViewSwitch(model))
    model.follow(frame.iloc[5:])
    assert "The customers were followed into the later table." in notes.state().text
    assert 'href="#changes"' in markup_of(notes)


def test_nothing_is_noted_of_what_is_in_sight_or_given_up(model: SegmentationModel) -> None:
    model.ks = [2, 3]
    views = ViewSwitch(model, shown="how-sure")
    notes = FinishedWork(model, views)
    find_advice(model)
    assert notes.state().text == ""
    views.shown = "overview"
    model.seed = 3
    assert model.advice is None
    assert notes.state().text == ""
