"""Scores are the quantiles of pandas, equal values score alike, each combination has a name; who is new, who lapsed."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg import DataError, Lifecycle, SettingError, TransactionColumns, from_transactions, rfm_scores, segment
from custseg.tables.purchases.transactions import aggregate_purchases

if TYPE_CHECKING:
    from custseg.tables.column_roles import Role

COLUMNS = TransactionColumns("customer", "day", "amount")


def measured(rows: int = 200) -> pd.DataFrame:
    generator = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "recency_days": generator.permutation(rows),
            "frequency": generator.permutation(rows) + 1,
            "monetary_value": generator.lognormal(4, 1, rows),
        }
    )


def purchases() -> pd.DataFrame:
    generator = np.random.default_rng(4)
    days = pd.to_timedelta(generator.integers(0, 300, 900), unit="D")
    frame = pd.DataFrame(
        {
            "customer": [f"C{number:03}" for number in generator.integers(0, 150, 900) ** 2 // 150],
            "day": pd.Timestamp("2026-01-01") + days,
            "amount": generator.lognormal(3, 1, 900).round(2),
        }
    )
    return frame.sort_values("day", ignore_index=True)


@pytest.mark.parametrize("cuts", [2, 3, 5, 10])
def test_scores_are_the_quantiles_of_pandas(cuts: int) -> None:
    frame = measured()
    found = rfm_scores(frame, cuts).frame()
    for score, values in (
        ("r_score", -frame["recency_days"]),
        ("f_score", frame["frequency"]),
        ("m_score", frame["monetary_value"]),
    ):
        assert found[score].tolist() == (pd.qcut(values, cuts, labels=False) + 1).tolist()


def test_quantiles_can_be_chosen_by_column() -> None:
    frame = measured()
    found = rfm_scores(frame, {"monetary_value": [0.5, 0.9]})
    assert np.bincount(found.scores["m_score"]).tolist() == [0, 100, 80, 20]
    assert np.bincount(found.scores["r_score"]).tolist() == [0, 40, 40, 40, 40, 40]
    assert found.cuts["m_score"] == pytest.approx(frame["monetary_value"].quantile([0.5, 0.9]).tolist())


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(-2, 2)), min_size=1), st.integers(2, 9))
@settings(max_examples=30)
def test_equal_values_score_alike_and_better_ones_never_lower(rows: list[tuple[int, int, int]], cuts: int) -> None:
    frame = pd.DataFrame(rows, columns=["recency_days", "frequency", "monetary_value"])
    found = rfm_scores(frame, cuts).scores
    for score, better in (
        ("r_score", -frame["recency_days"]),
        ("f_score", frame["frequency"]),
        ("m_score", frame["monetary_value"]),
    ):
        by_value = pd.Series(found[score]).groupby(better.to_numpy())
        assert by_value.min().tolist() == by_value.max().tolist()
        assert by_value.first().is_monotonic_increasing
        assert set(found[score]) <= set(range(1, cuts + 1))


def test_each_combination_of_scores_has_a_name() -> None:
    every = pd.DataFrame(product(range(5), range(5), range(5)), columns=["recency_days", "frequency", "monetary_value"])
    found = rfm_scores(every).frame()
    names = {(row.r_score, row.f_score, row.m_score): row.rfm_segment for row in found.itertuples()}
    assert len(names) == 125
    assert set(names.values()) == {
        "Champions",
        "Loyal",
        "Potential loyalists",
        "New",
        "Promising",
        "Need attention",
        "About to sleep",
        "At risk",
        "Cannot lose them",
        "Hibernating",
        "Lost",
    }
    assert [names[5, 5, 5], names[5, 1, 1], names[1, 1, 1], names[1, 5, 5]] == [
        "Champions",
        "New",
        "Lost",
        "Cannot lose them",
    ]


@pytest.mark.parametrize("cuts", [2, 3, 4, 7])
def test_with_other_cuts_the_best_are_still_champions_and_the_worst_lost(cuts: int) -> None:
    frame = pd.DataFrame({"recency_days": range(50), "frequency": range(50, 0, -1)})
    found = rfm_scores(frame, cuts).segments
    assert (found[0], found[-1]) == ("Champions", "Lost")


def test_scores_and_names_are_categories_and_the_features_stay() -> None:
    plain, scored = (from_transactions(purchases(), COLUMNS, scores=scores) for scores in (False, True))
    assert scored.features == plain.features
    assert set(scored.categories) == {"r_score", "f_score", "m_score", "rfm_segment"}
    assert "Category: “r_score” (a score of “recency_days”, the highest is the best)." in scored.notes
    expected = rfm_scores(plain).frame()
    pd.testing.assert_frame_equal(scored.to_pandas()[list(expected)], expected, check_dtype=False)
    # Whoever wants to segment on scores alone can.
    roles: dict[str, Role] = dict.fromkeys(plain.features, "ignored")
    alone = scored.change(roles=roles | {"r_score": "feature", "f_score": "feature"})
    assert segment(alone, k=3, seed=1).sizes.sum() == len(plain)


@pytest.mark.parametrize("cuts", [1, 0, True, 2.5, {"spend": [0.5]}, {"frequency": [0.5, 0.5]}, {"frequency": [1]}])
def test_what_are_no_cuts_is_refused(cuts: object) -> None:
    with pytest.raises(SettingError, match="cuts"):
        rfm_scores(measured(), cuts)  # type: ignore[arg-type]


def test_scores_without_dates_are_refused() -> None:
    with pytest.raises(SettingError, match="“recency_days” is not among"):
        from_transactions(purchases(), TransactionColumns("customer", None, "amount"), scores=True)
    with pytest.raises(DataError, match="“frequency” has none in row 3"):
        rfm_scores(measured().assign(frequency=lambda frame: frame["frequency"].where(frame.index != 2)))


def test_lifecycle_goes_by_the_gaps_between_a_customers_days() -> None:
    frame = purchases()
    table = from_transactions(frame, COLUMNS, lifecycle=True)
    days = frame.drop_duplicates(["customer", "day"]).sort_values("day")
    gaps = days.groupby("customer")["day"].diff().dropna().dt.days
    usual, late = (int(gaps.quantile(share, interpolation="inverted_cdf")) for share in (0.5, 0.9))
    assert table.remarks[-1] == (
        f"Lifecycle: lapsed after more than {late} days without a purchase, new where the first was at most "
        f"{usual} days ago, else active; of {len(gaps)} gaps between purchases half take up to {usual} days, nine in "
        f"ten up to {late}."
    )
    found = table.to_pandas()
    expected = np.where(found["tenure_days"] <= usual, "new", "active")
    expected = np.where(found["recency_days"] > late, "lapsed", expected)
    assert found["lifecycle"].tolist() == expected.tolist()
    assert "lifecycle" in table.categories


def test_lifecycle_takes_days_and_needs_dates() -> None:
    frame = pd.DataFrame(
        {
            "customer": ["new", "active", "active", "lapsed"],
            "day": [dt.date(2026, 6, 25), dt.date(2026, 1, 1), dt.date(2026, 6, 30), dt.date(2026, 2, 1)],
            "amount": [1.0, 2, 3, 4],
        }
    )
    found = aggregate_purchases(frame, COLUMNS, lifecycle=Lifecycle(30, 90)).frame.to_pandas()
    assert found["lifecycle"].tolist() == found["customer"].tolist()
    with pytest.raises(DataError, match=r"Nobody bought on two different days.*lifecycle=Lifecycle\(30, 180\)"):
        aggregate_purchases(frame.drop(index=2), COLUMNS, lifecycle=True)
    with pytest.raises(SettingError, match="lifecycle rests on days"):
        aggregate_purchases(frame, TransactionColumns("customer", None, "amount"), lifecycle=True)
    with pytest.raises(SettingError, match="Lifecycle takes whole numbers of days"):
        Lifecycle(30, -1)
