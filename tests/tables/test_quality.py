"""What is said of each column of a table, and when evening out is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.stats

from custseg import CustomerTable, check_health
from custseg.tables.quality import BINS, advise_evening_out

if TYPE_CHECKING:
    from custseg.tables.quality import ColumnHealth


def health_of(**columns: object) -> dict[str, ColumnHealth]:
    table = CustomerTable.read(pd.DataFrame(columns))
    return {one.column.name: one for one in check_health(table).columns}


def test_every_column_is_told_with_its_type_gaps_and_spread(table: CustomerTable, frame: pd.DataFrame) -> None:
    health = check_health(table)
    assert health.rows == 440
    assert list(health.frame["column"]) == list(frame.columns)
    milk = next(one for one in health.columns if one.column.name == "Milk")
    assert (milk.kind, milk.missing, milk.least, milk.middle, milk.largest) == ("numbers", 0, "55", "3,627", "73,498")
    assert milk.histogram == tuple(np.histogram(frame["Milk"], bins=BINS)[0])
    skewness = scipy.stats.skew(frame["Milk"])
    assert milk.warnings == (f"a few customers far above the rest (skewness {skewness:.1f})", "12 outliers")


def test_gaps_dates_texts_and_truth_are_told() -> None:
    days = [pd.Timestamp("2026-01-05"), pd.NaT, pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-03")]
    found = health_of(v=[1.0, None, None, 4.0], when=days, yes=[True, False, True, True], n=[1.0, 2, 3, 5])
    assert (found["v"].missing, found["v"].warnings[0]) == (2, "50% missing")
    assert (found["when"].kind, found["when"].least, found["when"].largest) == ("dates", "2026-01-01", "2026-01-05")
    assert found["yes"].kind == "yes or no"
    assert health_of(place=["here", "there", "here"], n=[1.0, 2, 3])["place"].kind == "text"


def test_two_features_that_say_the_same_are_named() -> None:
    values = np.random.default_rng(0).normal(size=60)
    noise = np.random.default_rng(2).normal(0, 0.2, size=60)
    found = health_of(a=values, b=-2 * values + noise, c=np.random.default_rng(1).normal(size=60))
    assert found["b"].warnings == ("nearly the same as “a” (correlation -0.99)",)
    assert found["a"].warnings == found["c"].warnings == ()


def test_a_feature_that_is_mostly_zero_is_warned_of() -> None:
    assert "75% are 0" in health_of(a=[0.0] * 9 + [1.0, 2, 3], b=range(12))["a"].warnings


def test_evening_out_is_recommended_where_it_lessens_the_skew(table: CustomerTable) -> None:
    advice = advise_evening_out(table)
    assert [one.feature for one in advice] == list(table.features)
    for one in advice:
        before, after = one.skewness
        values = np.sort(table.matrix([one.feature])[:, 0])
        moved_in = [np.clip(some, some[2], some[-3]) for some in (values, np.arcsinh(3 * values / np.median(values)))]
        np.testing.assert_allclose([before, after], [scipy.stats.skew(some) for some in moved_in])
        assert abs(after) < before / 2
    even = CustomerTable.read(pd.DataFrame({"a": np.arange(50.0), "b": 1e4 - np.exp(np.arange(50.0) / 9)}))
    assert advise_evening_out(even) == ()


def test_a_table_of_many_columns_has_one_line_each_in_a_notebook(table: CustomerTable) -> None:
    shown = check_health(table)._repr_html_()
    assert shown.count("<tr") == len(table.columns) + 1


def test_a_feature_is_kept_from_the_robust_scale_where_its_middle_half_is_hardly_spread() -> None:
    visits = np.repeat([0.0, 1, 500], [30, 8, 2])
    found = health_of(visits=visits, age=np.arange(40.0))
    times = visits.std() / (np.quantile(visits, 0.75) - np.quantile(visits, 0.25))
    assert f"not for the robust scale (standard deviation {times:,.0f} times the interquartile range)" in (
        found["visits"].warnings
    )
    assert found["age"].warnings == ()
