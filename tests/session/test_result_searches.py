"""Other settings and worth as a page asks for them: off the event loop, step by step, to be stopped, and of one run."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import SegmentationModel, multiverse, worth
from tests.session.waiting import PATIENCE, all_runs_are_over, change_of

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.other_settings import OtherSetting


@pytest.fixture
def customers() -> pd.DataFrame:
    generator = np.random.default_rng(11)
    group = generator.integers(3, size=150)
    values = group[:, None] * 4 + generator.normal(size=(150, 3))
    left = np.where(generator.random(150) < np.array([0.1, 0.3, 0.7])[group], "yes", "no")
    return pd.DataFrame(values, columns=["age", "visits", "calls"]).assign(churn=left)


@pytest.fixture
def small(customers: pd.DataFrame) -> SegmentationModel:
    model = SegmentationModel(customers, k=3, seed=1)
    model.run_clustering()
    return model


def try_settings(model: SegmentationModel) -> None:
    model.param.trigger("try_settings")


def test_other_settings_are_tried_step_by_step_and_found_as_by_the_function(small: SegmentationModel) -> None:
    steps: list[tuple[int, int] | None] = []
    search = small.multiverse_search
    search.param.watch(lambda event: steps.append(event.new), ["setting_tried"])
    asyncio.run(change_of(search, "multiverse", lambda: try_settings(small)))
    assert small.multiverse is not None
    assert small.result is not None
    pd.testing.assert_frame_equal(small.multiverse.frame, multiverse(small.result).frame)
    numbers = [step[0] for step in steps if step is not None]
    assert numbers == sorted(numbers)
    assert steps[-1] is None


def test_worth_is_found_by_the_column_that_is_chosen(small: SegmentationModel) -> None:
    small.weighed_by = "churn"
    asyncio.run(change_of(small.worth_search, "worth", lambda: small.param.trigger("weigh")))
    assert small.worth is not None
    assert small.result is not None
    assert small.worth.sentence == worth(small.result, "churn").sentence


def test_an_outcome_that_says_nothing_is_refused_in_a_sentence(customers: pd.DataFrame) -> None:
    model = SegmentationModel(customers.assign(churn=["yes"] * 3 + ["no"] * 147), k=3, seed=1, weighed_by="churn")
    model.run_clustering()
    asyncio.run(change_of(model, "error", lambda: model.param.trigger("weigh")))
    assert "only 3 of 150 customers" in (model.error or "")
    assert (model.worth, model.worth_search.fold_tried) == (None, None)


def test_names_and_certainty_leave_what_was_found_and_another_run_drops_it(small: SegmentationModel) -> None:
    asyncio.run(change_of(small.multiverse_search, "multiverse", lambda: try_settings(small)))
    found = small.multiverse
    small.rename(1, "Regulars")
    small.run_assessment()
    assert small.multiverse is found
    assert small.copy().multiverse is found
    small.run_clustering()
    assert small.multiverse is None


class Held:
    """A search that waits at one setting until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        from custseg.insight.other_settings import OtherSetting

        self.reached, self.go_on, self.tried = threading.Event(), threading.Event(), 0
        segment_so = OtherSetting.segment

        def wait(setting: OtherSetting, result: Segmentation) -> Segmentation:
            self.tried += 1
            if self.tried == number:
                self.reached.set()
                self.go_on.wait(PATIENCE)
            return segment_so(setting, result)

        monkeypatch.setattr(OtherSetting, "segment", wait)


def test_it_can_be_stopped_and_a_run_ends_it(small: SegmentationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for end in (small.multiverse_search.stop, lambda: small.param.trigger("run"), small.run_clustering):
        held = Held(monkeypatch, 3)

        async def scenario(end: object = end, held: Held = held) -> None:
            try_settings(small)
            assert await asyncio.to_thread(held.reached.wait, PATIENCE)
            end()  # type: ignore[operator]
            held.go_on.set()
            await all_runs_are_over()

        asyncio.run(scenario())
        assert (small.multiverse, small.multiverse_search.setting_tried) == (None, None)
        assert held.tried == 3
        monkeypatch.undo()
