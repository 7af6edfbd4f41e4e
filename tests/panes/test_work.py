"""What goes on in the background is said in one place, with how far it is, and can be given up there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from custseg.panes.parts.work import SEARCHES, Work
from custseg.panes.views.catalogue import addresses
from tests.panes.hands import markup_of, press
from tests.session.waiting import all_runs_are_over, change_of

if TYPE_CHECKING:
    from custseg import SegmentationModel


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
        part = search.part(model)
        assert not getattr(part, search.step)
        assert getattr(part, search.found) is None
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


def test_how_sure_is_found_out_without_a_button_since_each_run_asks_for_it(model: SegmentationModel) -> None:
    work = Work(model)
    model.run_clustering()

    async def assess() -> None:
        await change_of(model, "assessing", lambda: model.param.trigger("assess"))
        assert "Finding out how sure the segments are" in work.state().text
        assert "Cancel" not in work.state().controls
        await all_runs_are_over()

    asyncio.run(assess())
    assert not work.state().visible
