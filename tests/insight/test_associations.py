"""How categories go with the segments: recomputed with pandas and scipy, planted, and of any table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scipy.stats import binom, chi2_contingency, random_table
from scipy.stats.contingency import association

from custseg import (
    Association,
    CustomerTable,
    DataError,
    Recipe,
    Segmentation,
    SettingError,
    find_associations,
    segment,
)
from custseg.insight.associations import LevelCounts, associate
from custseg.tables.levels import MOST_LEVELS
from tests.strategies import tables_of_any_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

CUSTOMERS = 200


def two_groups(**categories: Sequence[object]) -> Segmentation:
    """Segment 120 and 80 customers that lie far apart, with these categories beside."""
    place = np.repeat([0.0, 100.0], [120, 80]) + np.linspace(0, 1, CUSTOMERS)
    frame = pd.DataFrame({"place": place, **categories})
    table = CustomerTable.read(frame, roles=dict.fromkeys(categories, "category"))
    return segment(table, features=["place"], k=2, seed=0)


def repeated(*cells: object) -> list[object]:
    return [cells[row % len(cells)] for row in range(CUSTOMERS)]


def only(result: Segmentation) -> Association:
    (found,) = find_associations(result)
    return found


def test_on_the_bundled_table_channel_goes_with_the_segments_and_region_does_not(result: Segmentation) -> None:
    channel, region = find_associations(result)
    assert channel.sentence == (
        "Channel is strongly associated with the segments (Cramér's V 0.71; chi-squared 221 on 3 degrees of freedom, "
        "p < 0.001 by permutation)."
    )
    assert region.sentence.startswith("Region is not associated with the segments (Cramér's V 0.05; ")
    assert (channel.dependent, region.dependent) == (True, False)
    assert (channel.strength, region.strength) == ("strong", "no")
    told = channel.telling(2)
    assert told is not None
    assert (told.level, round(told.share, 3), round(told.overall, 3)) == ("Retail", 0.853, 0.323)
    assert channel.telling(4) is None
    assert [region.telling(number) for number in range(1, 5)] == [None] * 4


@pytest.mark.parametrize("k", [2, 3, 4, 7])
def test_the_numbers_are_those_of_pandas_and_scipy(frame: pd.DataFrame, k: int) -> None:
    result = segment(frame, k=k, seed=1, recipe=Recipe(log="auto"))
    for found in find_associations(result):
        counted = pd.crosstab(result.labels, frame[found.column])[list(found.levels)]
        np.testing.assert_array_equal(found.counts, counted)
        np.testing.assert_allclose(found.shares, counted.div(counted.sum(axis=1), axis=0))
        np.testing.assert_allclose(found.overall, counted.sum() / len(frame))
        oracle = chi2_contingency(counted, correction=False)
        assert found.chi_squared == pytest.approx(oracle.statistic)
        assert found.degrees_of_freedom == oracle.dof
        assert found.cramers_v == pytest.approx(association(counted, method="cramer"))
        # By permutation it is nearly that, since hardly any table here is sparse.
        assert found.p_value == pytest.approx(oracle.pvalue, abs=0.02 if found.by_permutation else 1e-12)


def test_where_few_are_expected_p_is_from_permutation() -> None:
    sparse = only(two_groups(c=["rare", "rare", *repeated("x", "y")[2:]]))
    assert sparse.by_permutation
    assert "by permutation" in sparse.sentence
    plenty = only(two_groups(c=repeated("x", "y")))
    assert not plenty.by_permutation
    assert plenty.p_value == pytest.approx(chi2_contingency(plenty.counts, correction=False).pvalue)


def test_permutation_agrees_with_permuting_the_customers() -> None:
    texts = ["x"] * 100 + ["y"] * 93 + ["rare"] * 7
    result = two_groups(c=list(np.random.default_rng(5).permutation(texts)))
    found, generator = only(result), np.random.default_rng(0)
    levels = pd.factorize(result.table.frame["c"].to_numpy())[0]
    assert found.by_permutation
    expected = np.outer(result.sizes, np.bincount(levels)) / CUSTOMERS
    as_large = []
    for _ in range(4000):
        cells = 3 * (result.labels - 1) + generator.permutation(levels)
        counts = np.bincount(cells, minlength=6).reshape(2, 3)
        as_large.append(np.sum((counts - expected) ** 2 / expected) >= found.chi_squared - 1e-9)
    assert found.p_value == pytest.approx(np.mean(as_large), abs=0.03)


def test_the_same_table_gives_the_same_p(result: Segmentation) -> None:
    first, second = find_associations(result), find_associations(result)
    assert [one.p_value for one in first] == [one.p_value for one in second]


def test_the_most_frequent_come_first_and_beyond_twelve_the_rest_is_other() -> None:
    cells = [f"level {number:02}" for number in range(20) for _ in range(20 - number)]
    found = only(two_groups(c=cells[:CUSTOMERS]))
    assert found.levels == (*(f"level {number:02}" for number in range(MOST_LEVELS)), "other")
    assert found.counts.sum() == CUSTOMERS
    assert (np.diff(found.counts.sum(axis=0)[:-1]) <= 0).all()
    assert found.merged == len(set(cells[:CUSTOMERS])) - MOST_LEVELS


def test_what_is_merged_never_tells_a_segment() -> None:
    common = [f"c{number:02}" for number in range(12) for _ in range(10)]
    found = only(two_groups(c=common + [f"rare {number}" for number in range(80)]))
    assert found.levels[-1] == "other"
    assert found.shares[1, -1] == 1
    assert found.dependent
    assert found.telling(2) is None


def test_a_missing_value_is_a_level_of_its_own_however_rare() -> None:
    cells: list[object] = [f"level {row % 15}" for row in range(CUSTOMERS)]
    cells[7], cells[8] = None, " "
    found = only(two_groups(c=cells))
    assert found.levels[-2:] == ("no value", "other")
    assert found.counts[:, -2].tolist() == [2, 0]


def test_a_level_that_is_itself_called_so_stays_apart() -> None:
    found = only(two_groups(c=repeated("no value", "no value", "x", None)))
    assert found.levels == ("no value", "x", "no value_2")
    levels = [f"level {row % 15}" if row % 2 else "other" for row in range(CUSTOMERS)]
    found = only(two_groups(c=levels))
    assert (found.levels[0], found.levels[-1]) == ("other", "other_2")


@pytest.mark.parametrize(
    ("cells", "levels"),
    [
        (repeated(1, 2, 2), ("2", "1")),
        (repeated(1.0, 2.0, 2.0, None), ("2", "1", "no value")),
        (repeated("yes", "yes", "no", "n/a"), ("yes", "no", "no value")),
        (repeated("n/a", "n/a", "x"), ("n/a", "x")),
        (repeated(True, True, False), ("True", "False")),
        (repeated(" a\nb ", "a b", "c"), ("a b", "c")),
        (repeated("1,5 €", "2,5 €", "1,5 €", "-"), ("1,5 €", "2,5 €", "no value")),
        (repeated([1], [2], [1], None), ("[1]", "[2]", "no value")),
    ],
)
def test_values_are_shown_as_people_write_them(cells: list[object], levels: tuple[str, ...]) -> None:
    found = only(two_groups(c=cells))
    assert found.levels == levels


def test_a_column_with_one_value_cannot_be_tested() -> None:
    assert find_associations(two_groups(c=["x"] * CUSTOMERS)) == ()
    assert find_associations(two_groups(c=[None] * CUSTOMERS)) == ()
    assert find_associations(two_groups()) == ()


def test_customers_in_no_segment_are_not_counted(frame: pd.DataFrame) -> None:
    result = segment(frame, k=3, seed=0, recipe=Recipe(exceptional=3))
    assert result.exceptional.any()
    inside = frame[result.segmented]
    for found in find_associations(result):
        counted = pd.crosstab(result.labels[result.segmented], inside[found.column])[list(found.levels)]
        np.testing.assert_array_equal(found.counts, counted)


def test_with_many_columns_chance_brings_some_that_look_dependent() -> None:
    generator = np.random.default_rng(0)
    noise = {f"c{column:02}": list(generator.choice(["x", "y"], CUSTOMERS)) for column in range(40)}
    found = find_associations(two_groups(**noise))
    assert any(one.p_value < 0.05 for one in found)
    assert not any(one.dependent for one in found)
    doubtful = next(one for one in found if one.p_value < 0.05)
    assert "not small enough with 40 columns tested" in doubtful.sentence
    assert (doubtful.strength, doubtful.telling(1)) == ("no", None)


@pytest.mark.parametrize(("excess", "strength"), [(60, "strong"), (24, "moderate"), (12, "weak")])
def test_the_word_is_that_of_cohen(excess: int, strength: str) -> None:
    # Half of each segment, and so many more of the one than of the other.
    in_each = ((60 + excess, 60 - excess), (40 - 2 * excess // 3, 40 + 2 * excess // 3))
    found = only(two_groups(c=[level for x, y in in_each for level in ["x"] * x + ["y"] * y]))
    assert (found.dependent, found.strength) == (True, strength)
    adverb = {"strong": "strongly", "moderate": "moderately", "weak": "weakly"}[strength]
    assert found.sentence.startswith(f"C is {adverb} associated with the segments (Cramér's V ")


def test_the_least_association_among_many_customers_is_no_strength(result: Segmentation) -> None:
    found = replace(find_associations(result)[0], counts=np.array([[50_500, 49_500], [49_500, 50_500]]))
    found = replace(found, cramers_v=0.01, p_value=1e-5, degrees_of_freedom=1)
    assert (found.dependent, found.strength) == (True, "no")
    assert found.sentence.startswith("Channel is barely associated with the segments (")
    assert "1 degree of freedom" in found.sentence


def test_a_segment_that_is_not_there_is_refused(result: Segmentation) -> None:
    with pytest.raises(SettingError, match=r"There is no segment 5\. Choose from 1 to 4\."):
        find_associations(result)[0].telling(5)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_every_dataframe_gives_the_same(table_path: object, result: Segmentation, make: object) -> None:
    columns = pd.read_csv(str(table_path)).to_dict(orient="list")
    found = find_associations(segment(make(columns), k=4, seed=42))  # type: ignore[operator]
    for one, other in zip(found, find_associations(result), strict=True):
        assert one.levels == other.levels
        np.testing.assert_array_equal(one.counts, other.counts)


def test_names_and_levels_from_the_table_are_no_markup() -> None:
    found = only(two_groups(**{"<b>c</b>": repeated("<img src=x onerror=alert(1)>", "y")}))
    shown = found._repr_html_()
    assert "<img" not in shown
    assert "<b>" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_the_frame_has_a_row_for_each_segment_and_one_for_all(result: Segmentation) -> None:
    shown = find_associations(result)[0].frame
    assert list(shown.index) == [*(f"segment {number}" for number in range(1, 5)), "all segments"]
    np.testing.assert_allclose(shown.sum(axis=1), 1)


@given(tables_of_any_kind(), st.integers(2, 3))
def test_of_any_table_every_customer_is_counted_once(customers: object, k: int) -> None:
    try:
        result = segment(customers, k=k, seed=0)
    except (DataError, SettingError):
        reject()
    roles = {column.name: "category" for column in result.table.columns if column.role == "ignored"}
    result = replace(result, source=result.table.change(roles=roles).customers)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        # How many random tables are drawn is what the tests above prove.
        patch.setattr("custseg.insight.independence.RESAMPLES", 99)
        associations = find_associations(result)
    for found in associations:
        np.testing.assert_array_equal(found.counts.sum(axis=1), result.sizes)
        assert (found.counts.sum(axis=0) > 0).all()
        assert len(set(found.levels)) == found.counts.shape[1]
        assert 0 <= found.cramers_v <= 1 + 1e-9
        assert 0 < found.p_value <= 1
        for number in range(1, k + 1):
            told = found.telling(number)
            assert told is None or told.share >= 1.25 * told.overall
        assert "<script" not in found._repr_html_()


EVEN, ZIPF = np.full(12, 1 / 12), 1 / np.arange(1, 13) / np.sum(1 / np.arange(1, 13))
SHAPES: dict[str, tuple[list[int], list[Floats]]] = {
    "72 cells": ([400, 200, 100, 80, 60, 40], [EVEN]),
    "72 cells, few customers in many": ([317, 109, 10, 4, 3, 2], [ZIPF]),
    "16 columns": ([2276, 1904, 1703, 1160], [np.full(3, 1 / 3)] * 16),
    "rare levels": ([317, 109, 10, 4], [np.array([0.985, 0.01, 0.005]), ZIPF]),
}
TABLES = 80


def without_association(
    generator: np.random.Generator, sizes: list[int], shares: Sequence[Floats]
) -> list[LevelCounts]:
    """Count columns whose levels have nothing to do with the segments: any order of customers is as likely."""
    counted = []
    for position, expected in enumerate(shares):
        levels = generator.multinomial(sum(sizes), expected)
        levels = levels[levels > 0]
        counts = random_table(sizes, levels).rvs(1, random_state=generator)[0].astype(np.intp)
        counted.append(LevelCounts(f"c{position}", tuple(f"l{level}" for level in range(len(levels))), counts))
    return counted


def told(counted: list[LevelCounts], segments: Sequence[int]) -> bool:
    return any(found.telling(segment) for found in associate(counted) for segment in segments)


@pytest.mark.parametrize("shape", SHAPES)
def test_of_tables_without_any_association_one_in_twenty_at_most_carries_a_false_statement(shape: str) -> None:
    (sizes, shares), generator = SHAPES[shape], np.random.default_rng(1)
    everywhere = range(1, len(sizes) + 1)
    false = sum(told(without_association(generator, sizes, shares), everywhere) for _ in range(TABLES))
    # Of 80 tables at 5% each, more than 9 would be false once in a hundred times.
    assert false <= binom.ppf(0.99, TABLES, 0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_where_one_segment_stands_out_nothing_false_is_said_of_the_others(shape: str) -> None:
    (sizes, shares), generator = SHAPES[shape], np.random.default_rng(2)
    false = 0
    for _ in range(TABLES):
        first, *others = without_association(generator, sizes, shares)
        # A tenth as many customers again, all of the first level: of the others, no level becomes 1.25 times as rare.
        own = np.zeros((1, first.counts.shape[1]), dtype=np.intp)
        own[0, 0] = sum(sizes) // 10
        planted = first._replace(counts=np.vstack([first.counts, own]))
        others = [
            one._replace(counts=np.vstack([one.counts, own.sum() * one.counts[:1] // sizes[0]])) for one in others
        ]
        false += told([planted, *others], range(1, len(sizes) + 1))
    assert false <= binom.ppf(0.99, TABLES, 0.05)


COLUMNS = [np.full(2, 1 / 2), np.array([0.985, 0.01, 0.005]), ZIPF, EVEN] * 25


def test_of_a_hundred_columns_without_any_association_hardly_any_table_has_a_finding() -> None:
    generator = np.random.default_rng(3)
    tables = [without_association(generator, SHAPES["rare levels"][0], COLUMNS) for _ in range(6)]
    false = sum(any(found.dependent for found in associate(table)) for table in tables)
    assert false <= binom.ppf(0.99, len(tables), 0.05)


def test_a_moderate_association_is_found_in_a_hundred_columns() -> None:
    generator, sizes = np.random.default_rng(4), SHAPES["rare levels"][0]
    segments = np.repeat(np.arange(4), sizes)
    for _ in range(3):
        # A quarter of all but the largest segment have a level that hardly anybody else has.
        levels = generator.choice(11, sum(sizes))
        levels[generator.random(sum(sizes)) < np.where(segments > 0, 0.25, 0.02)] = 11
        counts = np.zeros((4, 12), dtype=np.intp)
        np.add.at(counts, (segments, levels), 1)
        planted = LevelCounts("planted", tuple("abcdefghijkl"), counts)
        found, *others = associate([planted, *without_association(generator, sizes, COLUMNS[1:])])
        assert (found.tested, found.by_permutation, found.strength) == (100, True, "moderate")
        assert not any(other.dependent for other in others)
