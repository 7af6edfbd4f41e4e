"""How many segments: what is suggested, and that it is honest where there are no groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import holoviews as hv
import numpy as np
import pandas as pd
import pytest
from bokeh.models import Line
from hypothesis import HealthCheck, given, reject, settings
from sklearn import metrics

from benchmarks import families, planted
from custseg import Advice, CustomerTable, DataError, Recipe, SettingError, advise, segment
from custseg.how_many.advice import MOST_CUSTOMERS
from tests.strategies import frames

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.how_many.evidence import Evidence

# Other seeds than those that the thresholds were tuned on, and than those of the benchmarks.
FIXED = 90_000


@pytest.fixture(scope="module")
def advice(table_path: Path) -> Advice:
    return advise(table_path, seed=42)


def at(advice: Advice, k: int) -> Evidence:
    return next(one for one in advice.evidence if one.k == k)


def three_groups(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    centres = np.array([[0, 0, 0], [9, 0, 5], [0, 9, -5]])
    return pd.DataFrame(
        centres[generator.integers(3, size=rows)] + generator.normal(size=(rows, 3)), columns=["a", "b", "c"]
    )


def test_planted_groups_are_found_and_the_reason_says_so() -> None:
    advice = advise(three_groups(), seed=0)
    assert (advice.suggested, advice.natural_groups) == (3, True)
    assert advice.reason.startswith("3 segments: fewer customers lie between any two of them than within")
    assert "at 4" in advice.reason


def test_those_whom_a_run_sets_apart_are_set_apart_in_the_advice_too() -> None:
    frame = three_groups()
    frame.iloc[:6] = np.array([60, -60, 0]) + np.random.default_rng(1).normal(size=(6, 3))
    recipe = Recipe(trim=0.02)
    plain, trimmed = (advise(frame, ks=range(2, 6), seed=0, recipe=each) for each in (Recipe(), recipe))
    # Six customers far away are no segment, and hide the groups of the others.
    assert at(plain, 4).sizes[-1] == 6
    assert (trimmed.suggested, trimmed.natural_groups) == (3, True)
    assert at(trimmed, 3).sizes == tuple(segment(frame, k=3, seed=0, recipe=recipe).sizes)
    assert trimmed.reason.endswith("With up to 2% of the customers set apart at each number, as in a run.")
    assert [one.k for one in trimmed.evidence] == [2, 3, 4, 5]


def test_of_clear_groups_nearly_all_are_found_and_few_are_seen_where_none_are() -> None:
    cases = [planted.planted(FIXED + seed) for seed in range(80)]
    clear = [case for case in cases if case.separation >= planted.CLEAR and len(case.table) < 1000][:5]
    found = [advise(case.table, seed=0) for case in clear]
    hits = [one.natural_groups and one.suggested == case.groups for one, case in zip(found, clear, strict=True)]
    assert len(hits) == 5
    assert sum(hits) >= 4
    bare = [case for case in (planted.empty(FIXED + seed) for seed in range(40)) if len(case.table) < 1000][:6]
    assert sum(advise(case.table, seed=0).natural_groups for case in bare) <= 1


@pytest.mark.parametrize("family", ["counts", "zero-inflated", "0/1 beside normals", "mixed"])
def test_a_gap_beside_a_value_that_many_share_makes_no_groups(family: str) -> None:
    drawn = (families.EMPTY[family](np.random.default_rng([FIXED, seed])) for seed in range(30))
    small = [values for values in drawn if len(values) < 700][:3]
    assert len(small) == 3
    advices = [advise(pd.DataFrame(values).add_prefix("x"), ks=range(2, 7), seed=0) for values in small]
    assert sum(one.natural_groups for one in advices) <= 1


def test_planted_counts_are_told_apart() -> None:
    generator = np.random.default_rng(FIXED)
    labels = np.repeat(np.arange(3), 150)
    rates = np.array([[0.3, 9, 1, 14], [0.3, 2, 12, 3], [10, 2, 1, 12]])
    counts = pd.DataFrame(generator.poisson(rates[labels]), columns=list("abcd"))
    for recipe in (None, Recipe(log=("a", "b", "c", "d"))):
        advice = advise(counts, ks=range(2, 7), seed=0, recipe=recipe)
        assert (advice.suggested, advice.natural_groups) == (3, True)


def test_where_there_are_no_groups_it_is_said_and_slices_are_offered(advice: Advice) -> None:
    assert not advice.natural_groups
    assert advice.reason.startswith("No natural groups")
    assert advice.suggested in advice.table.index


def test_the_indices_are_those_of_scikit_learn_on_what_a_run_finds(advice: Advice, table: CustomerTable) -> None:
    for k in (2, 5, 9):
        result, found = segment(table, k=k, seed=42), at(advice, k)
        prepared = result.preparation.apply(table.matrix(table.features))
        assert found.sizes == tuple(result.sizes)
        assert found.indices.inertia == pytest.approx(result.inertia)
        assert found.indices.silhouette == pytest.approx(metrics.silhouette_score(prepared, result.labels), abs=1e-5)
        assert found.indices.calinski_harabasz == pytest.approx(
            metrics.calinski_harabasz_score(prepared, result.labels)
        )
        assert found.indices.davies_bouldin == pytest.approx(metrics.davies_bouldin_score(prepared, result.labels))


def test_the_table_has_a_row_for_each_k(advice: Advice) -> None:
    assert list(advice.table.index) == list(range(2, 11))
    assert list(advice.table["pair_agreement"]) == [one.agreement.pair_agreement for one in advice.evidence]
    assert list(advice.table["smallest"]) == [one.sizes[-1] / 440 for one in advice.evidence]


def test_the_picture_marks_what_is_suggested(advice: Advice) -> None:
    drawn = advice.plot()
    assert [element.data for element in drawn if isinstance(element, hv.VLine)] == [advice.suggested]
    figure = hv.render(drawn, backend="bokeh")
    assert figure.xaxis.axis_label == f"Number of segments (suggested: {advice.suggested})"
    lines = [one.data_source.data for one in figure.renderers if isinstance(getattr(one, "glyph", None), Line)]
    np.testing.assert_array_equal(lines[0]["k"], advice.table.index)
    np.testing.assert_allclose(lines[0]["Pairs_kept_together"], advice.table["pair_agreement"])
    np.testing.assert_allclose(lines[1]["Gap_between_segments"], 1 - advice.table["valley_density_ratio"])


def test_the_same_seed_gives_the_same_advice(advice: Advice, table_path: Path) -> None:
    again = advise(table_path, seed=42)
    pd.testing.assert_frame_equal(again.table, advice.table)
    assert again.reason == advice.reason


def test_without_a_seed_it_says_which_was_drawn() -> None:
    drawn = advise(three_groups(), ks=[2, 3])
    pd.testing.assert_frame_equal(advise(three_groups(), ks=[2, 3], seed=drawn.seed).table, drawn.table)


def test_of_many_customers_a_sample_is_looked_at_and_that_is_said() -> None:
    advice = advise(three_groups(rows=3 * MOST_CUSTOMERS), ks=[2, 3, 4], seed=0)
    assert (advice.customers, advice.sample_size) == (3 * MOST_CUSTOMERS, MOST_CUSTOMERS)
    assert advice.suggested == 3
    assert f"{MOST_CUSTOMERS:,} of {3 * MOST_CUSTOMERS:,} customers" in advice.reason


def test_groups_of_which_one_is_too_small_to_use_are_told_with_that() -> None:
    few = pd.DataFrame(np.random.default_rng(1).normal(40, 1, (12, 3)), columns=["a", "b", "c"])
    customers = pd.concat([three_groups(), few], ignore_index=True)
    assert advise(customers, seed=0).suggested == 4
    picky = advise(customers, seed=0, smallest_share=0.05)
    assert (picky.suggested, picky.natural_groups) == (4, True)
    assert "Every number leaves a segment of under 5% of customers" in picky.reason


def test_a_segment_may_be_a_small_share_where_it_is_many_customers() -> None:
    few = pd.DataFrame(np.random.default_rng(1).normal([4, 4, 18], 1, (110, 3)), columns=["a", "b", "c"])
    customers = pd.concat([three_groups(8000), few], ignore_index=True)
    assert advise(customers, ks=[2, 3, 4], seed=0).suggested == 4
    strict = advise(customers, ks=[2, 3, 4], seed=0, smallest_size=None)
    assert (strict.suggested, strict.natural_groups) == (3, True)
    assert "too few for a segment" in strict.reason


def test_progress_is_told_and_can_end_the_search() -> None:
    seen: list[int] = []
    advise(three_groups(), ks=[4, 2, 3], seed=0, on_progress=seen.append)
    assert seen == [2, 3, 4]

    def stop(k: int) -> None:
        if k == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        advise(three_groups(), seed=0, on_progress=stop)


def test_numbers_above_what_differs_are_left_out() -> None:
    customers = pd.DataFrame({"a": [1.0, 1, 5, 5, 9, 9] * 4, "b": [0.0, 0, 5, 5, 1, 1] * 4})
    advice = advise(customers, seed=0)
    assert list(advice.table.index) == [2, 3]
    assert advice.suggested == 3
    assert np.isfinite(advice.table.to_numpy()).all()


def test_customers_that_are_all_alike_are_refused() -> None:
    with pytest.raises(DataError, match="at least one column of numbers that differ between customers"):
        advise(pd.DataFrame({"a": [1.0, 1, 1, 1], "b": [2.0, 2, 2, 2]}), seed=0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ks": []}, "At least one number of segments is needed, but got none"),
        ({"ks": [1]}, "must be a whole number from 2 to 10, but got “1”"),
        ({"ks": [11]}, "must be a whole number from 2 to 10, but got “11”"),
        ({"smallest_share": 1.0}, "The smallest share must be a number from 0 to below 1, but got “1.0”"),
        (
            {"smallest_size": 0},
            "The smallest size must be a whole number of customers, 1 or more, or None, but got “0”",
        ),
        ({"seed": -1}, "The seed must be a whole number from 0 to 4294967295, but got “-1”"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_a_sentence(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        advise(three_groups(), **wrong)  # type: ignore[arg-type]


def test_the_preparation_counts(table_path: Path) -> None:
    evened_out = advise(table_path, seed=42, ks=[2, 3], recipe=Recipe(log="auto"))
    assert evened_out.suggested == 2
    assert at(evened_out, 2).agreement.adjusted_rand > 0.75
    assert at(evened_out, 2).sizes == (263, 177)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frames())
def test_any_table_gets_advice_without_a_gap_or_a_sentence(customers: pd.DataFrame) -> None:
    try:
        advice = advise(customers, ks=[2, 3, 5], seed=0)
    except (DataError, SettingError):
        reject()
    assert advice.suggested in advice.table.index
    assert np.isfinite(advice.table.to_numpy()).all()
    assert advice.reason.endswith(".")
