"""A second opinion as a page asks for it: off the event loop, to be stopped, and dropped with the result it is on."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import custseg.session.second_opinion_search
from custseg import SegmentationModel, SettingError, second_opinion
from tests.session.waiting import PATIENCE, all_runs_are_over, change_of, fails_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg import SecondOpinion, Segmentation


def ask(model: SegmentationModel) -> None:
    model.param.trigger("ask_second_opinion")


def asked(model: SegmentationModel) -> SecondOpinion:
    asyncio.run(change_of(model.opinions, "opinion", lambda: ask(model)))
    assert model.second_opinion is not None
    return model.second_opinion


def test_it_is_what_the_function_gives_and_leaves_the_result_alone(model: SegmentationModel) -> None:
    result = model.result
    assert result is not None
    opinion = asked(model)
    assert opinion.reason == second_opinion(result).reason
    pd.testing.assert_frame_equal(opinion.elsewhere, second_opinion(result).elsewhere)
    assert (model.result, model.opinions.asking, model.stale) == (result, False, False)


def test_it_stays_with_its_result_under_another_name_and_goes_with_another_result(model: SegmentationModel) -> None:
    opinion = asked(model)
    model.rename(1, "Others")
    model.k = 5
    assert model.second_opinion is opinion
    model.run_clustering()
    assert model.second_opinion is None


def test_before_the_first_run_there_is_nothing_to_ask_about(model: SegmentationModel) -> None:
    fresh = SegmentationModel(model.table)

    async def scenario() -> None:
        ask(fresh)
        await all_runs_are_over()

    asyncio.run(scenario())
    assert (fresh.second_opinion, fresh.opinions.asking) == (None, False)


@pytest.mark.parametrize("give_up", [SegmentationModel.stop_second_opinion, SegmentationModel.run_clustering])
def test_it_ends_at_the_next_step_where_it_is_stopped_or_the_result_changes(
    model: SegmentationModel, give_up: Callable[[SegmentationModel], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on, steps = threading.Event(), threading.Event(), []

    def held(result: Segmentation, *, on_progress: Callable[[], None]) -> SecondOpinion:
        def step() -> None:
            steps.append(1)
            if len(steps) == 3:
                reached.set()
                go_on.wait(PATIENCE)
            on_progress()

        return second_opinion(result, on_progress=step)

    monkeypatch.setattr(custseg.session.second_opinion_search, "second_opinion", held)

    async def scenario() -> None:
        ask(model)
        assert await asyncio.to_thread(reached.wait, PATIENCE)
        assert model.opinions.asking
        give_up(model)
        go_on.set()
        await all_runs_are_over()

    asyncio.run(scenario())
    assert (model.second_opinion, model.opinions.asking, len(steps)) == (None, False, 3)


def test_it_can_be_asked_for_again_after_something_went_wrong(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "custseg.session.second_opinion_search.second_opinion"
    asyncio.run(fails_once(model, "ask_second_opinion", name, monkeypatch))
    assert not model.opinions.asking
    assert asked(model).groups == 1


def test_its_groups_become_the_segments_where_they_fit_better() -> None:
    generator = np.random.default_rng(6)
    truth = np.repeat([0, 1], 200)
    along, across = generator.normal(0, 6, 400), generator.normal(truth * 7.0, 1)
    model = SegmentationModel(pd.DataFrame({"visits": along + across, "spend": along - across}), k=4, seed=0)
    model.run_clustering()
    opinion = asked(model)
    model.use_second_opinion()
    assert (model.recipe.method, model.k, model.stale) == ("mixture", 2, True)
    result = model.run_clustering()
    assert adjusted_rand_score(result.labels, opinion.memberships(model.table).to_numpy().argmax(axis=1)) > 0.98
    assert asked(model).reason.startswith("No second opinion. The segments are the groups of a mixture already.")


def test_nothing_is_taken_over_where_nothing_fits_better(model: SegmentationModel) -> None:
    with pytest.raises(SettingError, match="Ask for a second opinion first"):
        model.use_second_opinion()
    assert asked(model).groups == 1
    with pytest.raises(SettingError, match="No groups that fit better were found"):
        model.use_second_opinion()
    assert (model.k, model.recipe.method) == (4, "k-means")
