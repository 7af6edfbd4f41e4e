"""What goes on in the background is said in one place, with how far it is, and can be given up there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from custseg import SegmentationModel
from custseg.insight.certainty import FIRST_RESAMPLES, RESAMPLES
from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.work import SEARCHES, Work
from custseg.panes.views.catalogue import addresses
from tests.panes.hands import markup_of, press
from tests.session.waiting import all_runs_are_over, change_of

if TYPE_CHECKING:
    from custseg import CustomerTable


def test_nothing_is_said_while_all_rests(model: SegmentationModel) -> None:
    work = Work(model)
    assert not work.state().visible
    model.run_clustering()
    assert not work.state().visible


def test_a_search_is_said_with_its_step_and_given_up_by_the_button(model: SegmentationModel) -> None:
    work = Work(model)

    async def search_and_cancel() -> None:
        await change_of(model.search, "current_k", lambda: model.param.trigger("suggest"))
        assert "Finding which number of segments fits (1 of 9)" in work.state().text
        assert 'value="1" max="9"' in markup_of(work)
        press(work, "Cancel")
        assert not work.state().visible
        await all_runs_are_over()

    asyncio.run(search_and_cancel())
    assert model.advice is None
    assert model.current_k is None


def test_every_search_has_a_view_and_rests_at_first(model: SegmentationModel) -> None:
    for search in SEARCHES:
        assert search.view in addresses()
        assert not search.goes_on(model)
        assert not search.is_there(model)
        assert search.steps(model) is None


def test_what_goes_on_elsewhere_is_said_as_it_is_and_is_told_of_the_button(model: SegmentationModel) -> None:
    work, cancelled = Work(model), []
    work.param.watch(lambda _: cancelled.append(True), ["cancel"])
    work.elsewhere = "Reading <b>.csv"
    assert "Reading <b>.csv" in work.state().text
    assert "<b>" not in markup_of(work)
    press(work, "Cancel")
    assert cancelled == [True]
    work.elsewhere = ""
    assert not work.state().visible


def test_how_sure_the_segments_are_is_said_with_its_step_and_what_was_found_stays(table: CustomerTable) -> None:
    # A table of its own, of which nothing was found out yet.
    model = SegmentationModel(replace(table), k=4, seed=42)
    model.run_clustering()
    work, certainty = Work(model), CertaintyPart(model)

    async def assess_and_cancel() -> None:
        first_words = lambda drawn: drawn is not None and drawn > FIRST_RESAMPLES  # noqa: E731
        await change_of(model, "resamples_drawn", lambda: model.param.trigger("assess"), first_words)
        assert f"({model.resamples_drawn} of {RESAMPLES} samples)" in work.state().text
        press(work, "Cancel")
        assert not work.state().visible
        await all_runs_are_over()

    asyncio.run(assess_and_cancel())
    assert model.certainty is not None
    found = len(model.certainty.resamples)
    assert FIRST_RESAMPLES <= found < RESAMPLES
    assert f"Ended after {found} of {RESAMPLES} samples." in certainty.state().text
    assert "Go on checking" in certainty.state().controls
    assert (model.assessing, model.resamples_drawn) == (False, None)


def test_how_sure_the_segments_are_can_be_given_up_before_the_first_words(table: CustomerTable) -> None:
    # A table of its own, of which nothing was found out yet.
    model = SegmentationModel(replace(table), k=4, seed=42)
    model.run_clustering()
    certainty = CertaintyPart(model)

    async def assess_and_stop() -> None:
        await change_of(model, "assessing", lambda: model.param.trigger("assess"))
        press(certainty, "Stop")
        await all_runs_are_over()

    asyncio.run(assess_and_stop())
    assert (model.certainty, model.assessing) == (None, False)
    assert "These segments have not been checked." in certainty.state().text
    assert "Check the segments" in certainty.state().controls
