"""The same customers at a later time: recomputed with pandas, planted, and true of any two tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, DataError, Migration, Recipe, Segmentation, SettingError, migrate, segment
from tests.markdown import rendered
from tests.strategies import frames, recipes

if TYPE_CHECKING:
    from pathlib import Path

SPEND = ["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"]


@pytest.fixture
def later(frame: pd.DataFrame) -> pd.DataFrame:
    """Some customers left, some came, and some spend more, in another order."""
    frame = frame.iloc[30:].copy()
    frame.loc[frame.index[:12], "customer_id"] = [f"N{number}" for number in range(12)]
    frame.loc[frame.index[100:160], "Grocery"] *= 3
    return frame.sample(frac=1, random_state=0)


def alike(one: Migration, other: Migration) -> bool:
    return (
        np.array_equal(one.matrix, other.matrix)
        and one.sentence == other.sentence
        and one.warnings == other.warnings
        and np.allclose([d.stability_index for d in one.drift], [d.stability_index for d in other.drift])
    )


def test_where_nothing_changed_everybody_stays(result: Segmentation, frame: pd.DataFrame) -> None:
    found = migrate(result, frame)
    np.testing.assert_array_equal(found.matrix, np.diag([*result.sizes, 0, 0]))
    np.testing.assert_array_equal(found.labels, result.labels)
    assert [one.stability_index for one in found.drift] == [0] * 6
    assert found.distance_now == found.distance_before
    assert found.far_share < 0.01
    assert (found.fits, found.warnings) == (True, ())
    assert (found.came, found.left, found.moved, found.stayed) == (0, 0, 0, 440)
    assert found.moved_customers.empty
    assert found.sentence == (
        "Of 440 customers before: 440 (100%) in the same segment now, 0 in another, 0 no longer there. New since "
        "then: 0. The segments still fit."
    )


def test_the_numbers_are_those_of_pandas(result: Segmentation, frame: pd.DataFrame, later: pd.DataFrame) -> None:
    found = migrate(result, later)
    was = pd.DataFrame({"was": result.labels, "spent": frame[SPEND].sum(axis=1)}).set_index(frame["customer_id"])
    now = pd.DataFrame({"now": result.assign(later), "spends": later[SPEND].sum(axis=1).to_numpy()})
    both = was.join(now.set_index(later["customer_id"].to_numpy()), how="outer")
    both["customers"] = 1
    both[["was", "now"]] = both[["was", "now"]].fillna(6)
    places = range(1, 7)
    for matrix, column in (
        (found.matrix, "customers"),
        (found.spend_before, "spent"),
        (found.spend_now, "spends"),
    ):
        expected = both.pivot_table(column, "was", "now", "sum").reindex(index=places, columns=places)
        assert matrix is not None
        np.testing.assert_allclose(matrix, expected.fillna(0))
    assert (found.left, found.came) == (42, 12)
    gone = ~frame["customer_id"].isin(later["customer_id"])
    assert found.left_spend == pytest.approx(frame.loc[gone, SPEND].sum().sum())
    new = later["customer_id"].str.startswith("N")
    assert found.came_spend == pytest.approx(later.loc[new, SPEND].sum().sum())
    moved = both[(both["was"] != both["now"]) & (both["was"] < 6) & (both["now"] < 6)]
    assert found.moved == len(moved) > 0
    assert set(found.moved_customers["customer"]) == set(moved.index)
    assert found.stayed + found.moved + found.left == 440


def test_the_distances_are_those_to_the_own_centroid(result: Segmentation, later: pd.DataFrame) -> None:
    found = migrate(result, later)
    away = []
    for values in (result.table.matrix(result.features), later[SPEND].to_numpy(dtype=float)):
        prepared = result.preparation.apply(values)
        distances = np.linalg.norm(prepared[:, None] - result.prepared_centroids, axis=2)
        away.append(distances.min(axis=1))
    assert found.distance_before == pytest.approx(np.median(away[0]))
    assert found.distance_now == pytest.approx(np.median(away[1]))


def test_any_order_of_the_rows_gives_the_same(result: Segmentation, later: pd.DataFrame) -> None:
    found, other = migrate(result, later), migrate(result, later.iloc[::-1])
    assert alike(found, other)
    assert set(found.moved_customers["customer"]) == set(other.moved_customers["customer"])


def test_every_kind_of_table_gives_the_same(result: Segmentation, later: pd.DataFrame, tmp_path: Path) -> None:
    later.to_csv(tmp_path / "later.csv", index=False)
    found = migrate(result, later)
    for customers in (CustomerTable.read(later), pl.from_pandas(later), pl.from_pandas(later).lazy()):
        assert alike(migrate(result, customers), found)
    assert alike(migrate(result, tmp_path / "later.csv"), found)


def test_a_doubled_feature_is_warned_of(result: Segmentation, frame: pd.DataFrame) -> None:
    found = migrate(result, frame.assign(Grocery=2 * frame["Grocery"]))
    assert not found.fits
    assert found.warnings == (
        "Grocery has shifted a lot since (population stability index 0.54): its median was 4,756 and is now 9,511.",
    )
    assert found.sentence.endswith("The segments may no longer fit: run the clustering again.")
    shown = found.drift_frame.set_index("feature")["shift"]
    assert shown["Grocery"] == "large shift"
    assert set(shown.drop("Grocery")) == {"stable"}


def test_customers_far_from_every_centroid_are_warned_of(result: Segmentation, frame: pd.DataFrame) -> None:
    odd = frame.copy()
    odd.loc[odd.index[::11], "Frozen"] = 150_000
    found = migrate(result, odd)
    assert found.far_share == pytest.approx(0.1, abs=0.005)
    assert found.warnings == (
        "10% of the customers are farther from the centroid of their segment than 99% of the customers before were.",
        "Segment 4 has grown from 1% of the customers to 10%.",
    )


def test_a_segment_that_lost_everybody_is_warned_of(result: Segmentation, frame: pd.DataFrame) -> None:
    found = migrate(result, frame[result.labels != 3])
    assert "Nobody is in segment 3 now, which had 10 customers before." in found.warnings
    # Four of 440 may be missing by chance.
    assert migrate(result, frame[result.labels != 4]).fits


def test_a_few_customers_prove_nothing(result: Segmentation, frame: pd.DataFrame) -> None:
    assert migrate(result, frame.head(3)).fits


def test_nobody_in_a_segment_any_more_is_warned_of(table: CustomerTable, frame: pd.DataFrame) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(missing="drop"))
    found = migrate(result, frame.assign(Milk=np.nan))
    assert np.isnan([found.distance_now, found.far_share]).all()
    assert "Milk has shifted a lot" in found.warnings[0]
    assert found.warnings[0].endswith("nobody has a value now.")
    assert "Nobody is in a segment now." in found.warnings
    assert found.matrix[:3, 3].tolist() == result.sizes.tolist()
    assert found.moved_customers["now"].isna().all()


def test_spend_is_the_money_that_both_tables_have(table: CustomerTable, frame: pd.DataFrame) -> None:
    result = segment(table, k=3, seed=0, features=["Milk", "Fresh"])
    found = migrate(result, frame.drop(columns="Grocery"))
    assert found.spend_before is not None
    assert found.spend_before.sum() == frame[SPEND].drop(columns="Grocery").sum().sum()
    plain = segment(table.change(money=dict.fromkeys(SPEND, False)), k=3, seed=0)
    found = migrate(plain, frame)
    assert (found.spend_before, found.spend_now, found.came_spend, found.left_spend) == (None, None, None, None)
    assert found.spend_sentence == ""


def test_who_left_and_who_came_is_said_in_spend(result: Segmentation, later: pd.DataFrame) -> None:
    found = migrate(result, later)
    assert found.spend_sentence.startswith("Those who left made up ")
    assert " of the spend before; those who are new make up " in found.spend_sentence


def test_a_cell_that_nobody_asks_for_does_not_matter(table: CustomerTable, frame: pd.DataFrame) -> None:
    result = segment(table.change(money={"Frozen": False}), k=3, seed=0, features=["Milk", "Fresh"])
    assert migrate(result, frame.assign(Frozen="odd", Region="x")).stayed == 440


def test_whole_numbers_are_the_same_identifiers_as_floating_point_ones_and_texts(frame: pd.DataFrame) -> None:
    numbered = frame.assign(customer_id=range(1000, 1440))
    result = segment(numbered, k=3, seed=0)
    for kind in (float, str):
        assert migrate(result, numbered.assign(customer_id=numbered["customer_id"].astype(kind))).stayed == 440


def test_an_identifier_may_be_called_otherwise_later(result: Segmentation, frame: pd.DataFrame) -> None:
    found = migrate(result, frame.rename(columns={"customer_id": "Customer ID"}))
    assert (found.stayed, found.table.identifier) == (440, "Customer ID")


def test_the_names_of_rows_and_columns(result: Segmentation, frame: pd.DataFrame) -> None:
    shown = migrate(result, frame).frame
    segments = [f"segment {number}" for number in range(1, 5)]
    assert list(shown.index) == [*segments, "in none", "not there before"]
    assert list(shown.columns) == [*segments, "in none", "no longer there"]


def test_what_cannot_be_followed_is_refused_in_a_sentence(result: Segmentation, frame: pd.DataFrame) -> None:
    gap, twice = frame.copy(), frame.copy()
    gap.loc[7, "customer_id"] = None
    twice.loc[7, "customer_id"] = "W003"
    refused = {
        r"has no column called “Milk”\. Add what is missing, or give it its earlier name\.": frame.drop(columns="Milk"),
        r"identifier, “customer_id”, but the later table has only “Channel”": frame.drop(columns="customer_id"),
        r"“customer_id” is empty in row 8 of the later table\. Fill it in": gap,
        r"“W003” is in “customer_id” of the later table in row 3 and in row 8\. Keep one": twice,
        r"none of those in “customer_id” now, such as “x0”, was in “customer_id” before, such as “W001”\.": (
            frame.assign(customer_id=[f"x{row}" for row in range(440)])
        ),
        r"A number was expected in “Milk”, row 1, but got “a lot”\.": frame.assign(Milk="a lot"),
        r"The later table has column names, but no customers\. Give it one row per customer\.": frame.head(0),
        r"must be a dataframe or the path of a file": 7,
    }
    for message, customers in refused.items():
        with pytest.raises(DataError, match=message):
            migrate(result, customers)


def test_without_an_identifier_before_nobody_can_be_followed(frame: pd.DataFrame) -> None:
    result = segment(frame.drop(columns="customer_id"), k=3, seed=0)
    with pytest.raises(DataError, match=r"the table that was segmented has none\. Read it with CustomerTable\.read"):
        migrate(result, frame)


def test_a_feature_is_no_identifier(result: Segmentation) -> None:
    now = result.table.to_pandas()[SPEND].head(5)
    with pytest.raises(DataError, match="the later table has only"):
        migrate(result, now)


def test_names_from_the_table_are_no_markup() -> None:
    frame = pd.DataFrame({"id": [f"c{row}" for row in range(40)], "<b>*x*</b>": np.linspace(0, 9, 40)})
    found = migrate(segment(frame, k=2, seed=0), frame.assign(**{"<b>*x*</b>": np.linspace(50, 59, 40)}))
    assert not found.fits
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;*x*&lt;/b&gt; has shifted a lot" in found._repr_html_()
    for html in (True, False):
        tags, text = rendered(found._repr_markdown_(), html=html)
        assert tags == {"p"}
        assert "<b>*x*</b> has shifted a lot" in text


@st.composite
def two_times(draw: st.DrawFn) -> tuple[Segmentation, pd.DataFrame]:
    """Give a segmentation, and some of its customers with some new ones and other values, in any order."""
    before = draw(frames())
    before.insert(0, "id", [f"c{row}" for row in range(len(before))])
    money = draw(st.sampled_from([None, list(before.columns[1:]), []]))
    try:
        table = CustomerTable.read(before, money=money, roles={"id": "identifier"})
        result = segment(table, k=draw(st.integers(2, 4)), seed=0, recipe=draw(recipes()))
    except (DataError, SettingError):
        return draw(st.nothing())
    rows = draw(st.lists(st.sampled_from(range(len(before))), min_size=1, unique=True))
    now = before.iloc[rows].reset_index(drop=True)
    columns = list(now.columns[1:])
    now[columns] = now[columns] * draw(st.sampled_from([1.0, 0.5, 2.0]))
    if draw(st.booleans()):
        now.loc[0, columns] = np.nan
    came = before.head(draw(st.integers(0, len(before)))).assign(id=lambda some: "n" + some["id"])
    return result, pd.concat([now, came], ignore_index=True)


@given(two_times())
def test_of_any_two_times_every_customer_is_counted_once(times: tuple[Segmentation, pd.DataFrame]) -> None:
    result, now = times
    found = migrate(result, now)
    in_none = len(result.table) - result.sizes.sum()
    np.testing.assert_array_equal(found.matrix[:-1].sum(axis=1), [*result.sizes, in_none])
    np.testing.assert_array_equal(
        found.matrix[:, :-1].sum(axis=0), np.bincount((found.labels - 1) % (result.k + 1), minlength=result.k + 1)
    )
    assert found.matrix[-1, -1] == 0
    assert found.matrix[:, :-1].sum() == len(now)
    assert found.came == now["id"].str.startswith("n").sum()
    assert found.stayed + found.moved + found.left == len(result.table)
    assert len(found.moved_customers) == found.moved
    money = list(result.table.money(result.table.features))
    assert (found.spend_before is None) == (found.spend_now is None) == (not money)
    if found.spend_before is not None and found.spend_now is not None:
        assert found.spend_before.sum() == pytest.approx(np.nansum(result.table.matrix(money)), rel=1e-9, abs=1e-6)
        assert found.spend_now.sum() == pytest.approx(now[money].sum().sum(), rel=1e-9, abs=1e-6)
        assert not found.spend_before[-1].any()
        assert not found.spend_now[:, -1].any()
    assert all(one.stability_index >= 0 for one in found.drift)
    assert found.fits == (not found.warnings)
    assert "stability index" in found._repr_html_()


@given(two_times())
def test_of_any_table_no_change_is_no_warning(times: tuple[Segmentation, pd.DataFrame]) -> None:
    result, _ = times
    found = migrate(result, result.table)
    assert (found.moved, found.came, found.left, found.warnings) == (0, 0, 0, ())
    assert all(one.stability_index == 0 for one in found.drift)
