"""What the picture shows: the two features that separate the segments best, until somebody chooses others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import SegmentationModel

if TYPE_CHECKING:
    from custseg import CustomerTable


@pytest.fixture
def apart() -> pd.DataFrame:
    """Three groups that the last two of four columns make."""
    values = np.random.default_rng(0).normal(size=(150, 4))
    values[:50, 2] += 15
    values[50:100, 3] += 15
    return pd.DataFrame(values, columns=["noise", "hum", "width", "depth"])


def test_a_run_shows_the_features_that_separate_its_segments(apart: pd.DataFrame) -> None:
    model = SegmentationModel(apart, k=3, seed=0)
    assert (model.x, model.y) == ("noise", "hum")
    model.run_clustering()
    assert {model.x, model.y} == {"width", "depth"}
    assert model.separating_pair is not None
    assert not model.axes_chosen
    assert not model.stale
    model.param.update(features=["noise", "hum"])
    model.run_clustering()
    assert {model.x, model.y} == {"noise", "hum"}


@pytest.mark.parametrize("chosen", [{"x": "hum"}, {"y": "hum"}, {"x": "noise", "y": "hum"}])
def test_axes_that_are_given_stay(apart: pd.DataFrame, chosen: dict[str, str]) -> None:
    given, set_later = SegmentationModel(apart, k=3, seed=0, **chosen), SegmentationModel(apart, k=3, seed=0, x="width")
    set_later.param.update(x="noise", y="hum")
    for model in (given, set_later):
        before = model.x, model.y
        model.run_clustering()
        assert (model.x, model.y) == before
        assert set(model.separating_pair or ()) == {"width", "depth"}


def test_axes_that_were_chosen_stay_through_runs_and_undo(apart: pd.DataFrame) -> None:
    model = SegmentationModel(apart, k=3, seed=0)
    model.run_clustering()
    model.x = "noise"
    before = model.x, model.y
    model.k = 2
    model.run_clustering()
    model.undo()
    assert (model.x, model.y) == before
    assert model.copy().axes_chosen
    model.axes_chosen = False
    model.run_clustering()
    assert {model.x, model.y} == {"width", "depth"}


def test_other_customers_are_shown_by_their_own_features(apart: pd.DataFrame, table: CustomerTable) -> None:
    model = SegmentationModel(apart, k=3, seed=0, x="noise")
    model.load(table)
    assert not model.axes_chosen
    model.run_clustering()
    assert {model.x, model.y} == set(model.separating_pair or ())


def test_one_feature_is_no_pair(apart: pd.DataFrame) -> None:
    model = SegmentationModel(apart[["width"]], k=2, seed=0)
    model.run_clustering()
    assert model.separating_pair is None
    assert (model.x, model.y) == ("width", "width")


def test_skewed_features_start_on_a_logarithmic_scale_and_a_person_decides() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"spend": generator.lognormal(sigma=1.5, size=300), "age": generator.normal(40, 9, size=300)})
    model = SegmentationModel(frame)
    for chosen, expected in ((None, ["spend"]), (True, ["spend", "age"]), (False, [])):
        model.log_scale = chosen
        assert list(model.log_features) == expected
