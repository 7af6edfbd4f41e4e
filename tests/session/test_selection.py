"""Customers that are selected, and the one that is looked at, as state of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, Recipe, SegmentationModel, SettingError
from custseg.session.customer_search import find_customer
from custseg.session.selection_by_segment import describe_selection
from custseg.tables.expressions import Both, Identified, Not, Passing
from custseg.tables.shapes import InBox, OnFeatures
from tests.picked import select_rows, selected_rows

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.session.selection import Selection


def test_a_selection_is_of_whom_was_named_each_once(model: SegmentationModel) -> None:
    selected = model.select(["W008", "W004", "W004"], how="box")
    assert model.selected is selected
    assert (selected_rows(model), selected.how, len(selected)) == ([3, 7], "box", 2)


def test_a_selection_may_be_of_whom_something_holds(model: SegmentationModel, frame: pd.DataFrame) -> None:
    box = InBox(OnFeatures(("Milk", "Grocery")), (0.0, 20_000.0), (10_000.0, 1e9))
    model.select(Both(Passing(box), Not(Identified(("W001",)))))
    inside = (frame["Milk"] <= 10_000) & (frame["Grocery"] >= 20_000)
    assert selected_rows(model) == np.flatnonzero(inside).tolist() != []
    # It is of these customers, also where what it was told by is no feature any more.
    before = selected_rows(model)
    model.load(model.table.change(roles={"Milk": "ignored"}))
    assert selected_rows(model) == before


def test_a_segment_that_was_selected_stays_that_segment_over_another_run(model: SegmentationModel) -> None:
    model.select_segment(2)
    before = selected_rows(model)
    model.param.update(k=6, seed=1)
    model.run_clustering()
    assert selected_rows(model) == before


def test_the_sentence_says_where_the_customers_are_and_what_they_spend(model: SegmentationModel) -> None:
    assert model.outcome is not None
    result, money = model.outcome.segmentation, model.outcome.profile.money
    amounts = model.table.matrix(money)
    for rows in (np.arange(3), np.arange(60), np.arange(200)):
        words = describe_selection(select_rows(model, rows), model.outcome)
        groups = np.bincount(result.labels[rows], minlength=5)[1:]
        assert f"Selected: {len(rows)} customers, of which {groups.max()} in segment {groups.argmax() + 1}" in words
        named = (groups > 0).sum()
        assert (f"the others in {named - 1} more" in words) == (named > 3)
        assert f"{amounts[rows].sum() / amounts.sum():.0%}" in words


def test_the_sentence_of_one_segment_of_nobody_and_of_no_run(model: SegmentationModel) -> None:
    outcome = model.outcome
    whole = model.select_segment(2)
    assert describe_selection(whole, outcome).startswith(f"Selected: {len(whole)} customers, all in segment 2.")
    assert describe_selection(select_rows(model, [4]), outcome).startswith("Selected: 1 customer, in segment ")
    assert describe_selection(model.select([]), outcome).startswith("No customer lies there.")
    assert describe_selection(whole) == f"Selected: {len(whole)} customers."


def test_exceptional_and_left_out_customers_are_counted_apart() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, np.nan, 8, 8, 9, 500]})
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(missing="drop", exceptional=2.0))
    model.run_clustering()
    words = describe_selection(select_rows(model, range(1, 7)), model.outcome)
    assert "1 set apart as exceptional" not in words
    assert "the others in 3 more" in words
    words = describe_selection(select_rows(model, [2, 3, 6]), model.outcome)
    assert "1 in segment" in words
    assert words.endswith("1 set apart as exceptional and 1 in no segment.")
    model.select_exceptional()
    assert selected_rows(model) == [6]


def test_a_selection_stays_over_axes_runs_and_roles_and_goes_with_the_customers(
    model: SegmentationModel, frame: pd.DataFrame
) -> None:
    selected = select_rows(model, [1, 2])
    model.focused_customer = "W440"
    model.param.update(x="Frozen", y="Fresh", picture="principal", k=3)
    model.run_clustering()
    model.load(model.table.change(roles={"Fresh": "ignored"}))
    assert (model.selected, model.focused_customer) == (selected, "W440")
    model.load(frame.head(50))
    left: list[object] = [model.selected, model.focused_customer]
    assert left == [None, None]
    with pytest.raises(SettingError, match="There is no customer “W440” in this table"):
        model.focused_customer = "W440"


def test_clearing_is_said_once(model: SegmentationModel) -> None:
    told: list[Selection | None] = []
    model.selection.param.watch(lambda event: told.append(event.new), ["selected"])
    model.clear_selection()
    select_rows(model, [1])
    model.clear_selection()
    assert [one is None for one in told] == [False, True]


@pytest.mark.parametrize("who", [["W000"], ["W001", "nobody"], [1], "W001", None, 7])
def test_customers_that_are_not_there_are_refused_and_the_selection_stays(model: SegmentationModel, who: Any) -> None:
    selected = select_rows(model, [1])
    with pytest.raises(SettingError, match=r"There is no customer .* in this table|must be a list of texts, but"):
        model.select(who)
    assert model.selected is selected


def test_a_number_of_numpy_is_written_as_a_number(model: SegmentationModel) -> None:
    numbers: Any = np.arange(5)
    with pytest.raises(SettingError, match="There is no customer “0” in this table"):
        model.select(numbers)


@pytest.mark.parametrize("number", [0, 5, -1, True, "2", None])
def test_segments_that_are_not_there_are_refused(model: SegmentationModel, number: int) -> None:
    with pytest.raises(SettingError, match="Choose from 1 to 4"):
        model.select_segment(number)


def test_before_a_run_there_is_no_segment_to_select(table: CustomerTable) -> None:
    with pytest.raises(SettingError, match="Run the clustering first"):
        SegmentationModel(table).select_segment(1)


@pytest.mark.parametrize("identifier", ["W441", "", 3, "w001"])
def test_a_customer_that_is_not_there_cannot_be_looked_at(model: SegmentationModel, identifier: Any) -> None:
    with pytest.raises(
        SettingError, match=r"There is no customer .* in this table\. Identifiers here look like “W001”"
    ):
        model.focused_customer = identifier
    assert model.focused_customer is None


@pytest.mark.parametrize(("text", "name"), [("W017", "W017"), ("w017", "W017"), (" W017 ", "W017"), ("w44", "W440")])
def test_a_customer_is_found_by_its_identifier_or_its_beginning(model: SegmentationModel, text: str, name: str) -> None:
    assert model.find(text) == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a customer's identifier"),
        ("W0", "99 identifiers begin with “W0”, such as “W001”, “W002” and “W003”. Type more of it."),
        ("W4O0", "The closest are “W4"),
        ("zzz", "Identifiers here look like “W001”, “W002” and “W003”."),
        ("<img src=x onerror=alert(1)>", "There is no customer “<img src=x onerror=alert(1)>”."),
    ],
)
def test_what_is_not_found_is_said_with_what_is_near(model: SegmentationModel, text: str, sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        model.find(text)
    assert sentence in str(refused.value)


def test_customers_without_identifiers_go_by_their_row() -> None:
    table = CustomerTable.read(pd.DataFrame({"a": [1.0, 1, 3], "b": [1.0, 2, 2]}))
    assert find_customer(table, "2") == "2"
    with pytest.raises(SettingError, match="by their row, from 1 to 3"):
        find_customer(table, "4")


@given(st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=20, unique=True))
def test_each_of_any_identifiers_is_found_or_refused_in_a_sentence(names: list[str]) -> None:
    frame = pd.DataFrame({"id": names, "a": np.arange(len(names), dtype=float)})
    table = CustomerTable.read(frame, roles={"id": "identifier"})
    for name in names:
        try:
            found = find_customer(table, name)
        except SettingError:
            # Only white space, or one that another begins with once that is off.
            assert name != name.strip()
        else:
            assert found == name or name != name.strip()


def test_many_customers_are_searched_at_once() -> None:
    table = CustomerTable.read(pd.DataFrame({"id": [f"C{n:06}" for n in range(100_000)], "a": np.arange(100_000) / 7}))
    assert find_customer(table, "c099999") == "C099999"
    with pytest.raises(SettingError, match="The closest are"):
        find_customer(table, "C0O9999")


def test_the_model_lies_within_reach(table_path: Path) -> None:
    model = SegmentationModel(table_path)
    model.focused_customer = model.find("W001")
    assert model.focused_customer == "W001"
