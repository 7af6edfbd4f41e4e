"""What the panes make of a selection and of one customer, where no browser is needed to see it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from bokeh.events import SelectionGeometry

from custseg import Recipe, SegmentationModel
from custseg.panes import CustomerDetail, Customers, Scatter, Selected, Summary
from custseg.panes.charts.scatter_figure import MOST_POINTS
from custseg.panes.parts.customer_detail import span_of
from tests.picked import select_rows, selected_rows

if TYPE_CHECKING:
    from custseg.panes.charts.picking import Picker

HOSTILE = "<img src=x onerror=alert(1)>"


def bright(scatter: Scatter) -> list[int]:
    return list(scatter._picture.customers.selected.indices)


def draw(picker: Picker, **profile: Any) -> None:
    geometry: Any = profile
    picker._take(SelectionGeometry(None, geometry=geometry, final=True))


def many() -> SegmentationModel:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(size=(2 * MOST_POINTS, 2)), columns=["a", "b"])
    return SegmentationModel(frame, k=2, seed=0)


def drawn_rows(scatter: Scatter) -> np.ndarray:
    return np.array([int(name) - 1 for name in scatter._drawn.identifiers])


def picker_of(scatter: Scatter) -> Picker:
    assert scatter._picker is not None
    return scatter._picker


def test_what_is_selected_elsewhere_is_bright_in_the_picture(model: SegmentationModel) -> None:
    scatter = Scatter(model)
    select_rows(model, [5, 2])
    assert bright(scatter) == [2, 5]
    model.param.update(x="Frozen", picture="principal")
    scatter.log_axes = True
    model.run_clustering()
    assert bright(scatter) == [2, 5]
    model.select([])
    assert bright(scatter) == []


@pytest.mark.parametrize("log", [False, True])
def test_a_box_selects_all_customers_in_it_also_those_that_are_not_drawn(log: bool) -> None:  # noqa: FBT001 - a parameter
    model = many()
    scatter = Scatter(model)
    scatter.log_axes = log
    values = model.table.matrix(["a", "b"])
    inside = np.asarray(((values > (0.5, 1)) & (values < (2, 3))).all(axis=1))
    # A browser has found those that are drawn.
    scatter._picture.customers.selected.indices = np.flatnonzero(inside[drawn_rows(scatter)]).tolist()
    draw(picker_of(scatter), type="rect", x0=0.5, x1=2, y0=1, y1=3)
    assert model.selected is not None
    assert selected_rows(model) == np.flatnonzero(inside).tolist()
    assert bright(scatter) == np.flatnonzero(inside[drawn_rows(scatter)]).tolist()


def test_a_second_box_with_a_key_held_down_adds_and_takes_away() -> None:
    model = many()
    scatter, values = Scatter(model), model.table.matrix(["a", "b"])
    first, second = values[:, 0] > 2, values[:, 1] > 2
    select_rows(model, np.flatnonzero(first))
    for expected in (first | second, first & ~second, first & second):
        select_rows(model, np.flatnonzero(first))
        picker = picker_of(scatter)
        picker._showing = True
        scatter._picture.customers.selected.indices = np.flatnonzero(expected[drawn_rows(scatter)]).tolist()
        picker._showing = False
        draw(picker, type="rect", x0=0, x1=1e9, y0=2, y1=1e9)
        assert model.selected is not None
        assert selected_rows(model) == np.flatnonzero(expected).tolist()


def test_a_line_selects_and_segments_hidden_by_the_legend_do_not() -> None:
    model = many()
    model.run_clustering()
    scatter = Scatter(model)
    scatter._picture.entries[0].renderers[0].visible = False
    triangle = {"x": [0, 1e3, 0], "y": [0, 0, 1e3]}
    assert model.result is not None
    shown = np.flatnonzero(model.result.labels[drawn_rows(scatter)] == 2)
    scatter._picture.customers.selected.indices = shown.tolist()
    draw(picker_of(scatter), type="poly", **triangle)
    assert model.selected is not None
    assert selected_rows(model) == np.flatnonzero(model.result.labels == 2).tolist()


def test_a_box_around_nobody_loses_nothing(model: SegmentationModel) -> None:
    scatter, customers, line = Scatter(model), Customers(model), Selected(model)
    draw(picker_of(scatter), type="rect", x0=-9, x1=-8, y0=-9, y1=-8)
    assert "No customer lies there" in line._line.object
    assert line._clear.visible
    assert len(customers._table.value) == 440
    line._clear.clicks += 1
    assert model.selected is None
    assert not line._clear.visible


def test_the_escape_key_and_a_tap_are_taken_over(model: SegmentationModel) -> None:
    scatter = Scatter(model)
    select_rows(model, [1])
    scatter._picture.customers.selected.indices = []
    selected: list[object] = [model.selected]
    assert selected == [None]
    picker_of(scatter)._look("data", {}, {"row": [7], "time": [1]})
    assert model.focused_customer == "W008"


def test_a_row_of_the_summary_selects_and_clears_and_marks_what_is_selected_elsewhere() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, 2, 8, 8, 9, 500]})
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(exceptional=2.0))
    summary = Summary(model)
    model.run_clustering()
    assert model.result is not None
    for row, members in ((0, model.result.labels == 1), (2, model.result.exceptional)):
        summary._pick(SimpleNamespace(row=row, column="customers"))
        assert model.selected is not None
        assert selected_rows(model) == np.flatnonzero(members).tolist()
        assert summary._table.selection == [row]
        summary._pick(SimpleNamespace(row=row, column="customers"))
        left: list[object] = [model.selected, *summary._table.selection]
        assert left == [None]
    select_rows(model, np.flatnonzero(model.result.labels == 2))
    assert summary._table.selection == [1]
    select_rows(model, [0])
    assert summary._table.selection == []


def test_a_browser_gets_one_page_of_customers() -> None:
    model = many()
    customers = Customers(model)
    assert len(customers._table.value) == 2 * MOST_POINTS
    sources: list[Any] = [
        one for one in customers.__panel__().get_root().references() if type(one).__name__ == "ColumnDataSource"
    ]
    (source,) = sources
    assert {len(column) for column in source.data.values()} == {20}


def test_the_customers_say_segment_name_and_how_sure(model: SegmentationModel) -> None:
    customers = Customers(model)
    frame = customers._table.value
    assert model.result is not None
    assert frame["in_segment"].tolist() == model.result.labels.tolist()
    assert frame["nearer"].isna().all()
    certainty = model.run_assessment()
    assert certainty is not None
    np.testing.assert_array_equal(customers._table.value["nearer"], certainty.margin)
    select_rows(model, [3, 400])
    assert customers._table.value["who"].tolist() == ["W004", "W401"]
    customers._look_at(SimpleNamespace(row=1))
    assert model.focused_customer == "W401"


def test_who_is_looked_for_is_looked_at_or_a_sentence_says_why_not(model: SegmentationModel) -> None:
    customers = Customers(model)
    customers._find.value = "w017"
    assert model.focused_customer == "W017"
    assert "Found: customer W017" in customers._said.object
    customers._find.value = HOSTILE
    assert model.focused_customer == "W017"
    assert 'class="problem"' in customers._said.object
    assert HOSTILE not in customers._said.object
    customers._find.value = ""
    assert "Listed: all 440 customers" in customers._said.object


def test_one_customer_costs_nothing_before_there_is_one_and_follows_sliders(model: SegmentationModel) -> None:
    one = CustomerDetail(model)
    assert not one._layout.objects
    model.focused_customer = "W017"
    assert "Customer W017 is in segment 2" in one._text.object
    assert "With these numbers it stays in <b>segment 2</b>" in one._what_if.object
    one._sliders["Fresh"].value = 112_151.0
    assert "it would be in <b>segment" in one._what_if.object
    one._put_back()
    assert one._sliders["Fresh"].value == 1020
    model.focused_customer = None
    assert not one._layout.visible


def test_one_customer_follows_runs_features_and_other_customers(model: SegmentationModel) -> None:
    one = CustomerDetail(model)
    model.focused_customer = "W001"
    model.param.update(features=["Milk", "Fresh"], k=2)
    model.run_clustering()
    assert list(one._sliders) == ["Milk", "Fresh"]
    model.load(pd.DataFrame({"a": [1.0, 2, 5], "b": [2.0, 2, 9]}))
    assert not one._layout.visible
    model.focused_customer = "3"
    assert "Run the clustering to see why customer 3" in one._text.object
    model.run_clustering()
    assert list(one._sliders) == ["a", "b"]


def test_hostile_names_are_shown_as_they_are() -> None:
    frame = pd.DataFrame({"id": [HOSTILE, "b", "c", "d"], HOSTILE: [1.0, 2, 8, 9], "kind": [HOSTILE, "y", "x", None]})
    model = SegmentationModel(frame, k=2, seed=0)
    customers, one, line = Customers(model), CustomerDetail(model), Selected(model)
    model.focused_customer = HOSTILE
    assert HOSTILE not in one._text.object
    model.run_clustering()
    for shown in (one._text.object, one._what_if.object, line._line.object, *customers._table.titles.values()):
        assert HOSTILE not in shown


def test_customers_without_a_value_or_a_segment_are_shown_too() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, np.nan, 8, 8, 9, 500]})
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(missing="drop", exceptional=2.0))
    customers, one = Customers(model), CustomerDetail(model)
    model.run_clustering()
    model.run_assessment()
    assert customers._table.value["in_segment"].isna().tolist() == [False, False, True, False, False, False, True]
    for row, words in ((2, "it has no value in b"), (6, "set apart as exceptional")):
        model.focused_customer = str(row + 1)
        assert words in one._text.object
        assert "nan" not in one._text.object


def test_a_slider_has_a_round_step_over_the_whole_table(model: SegmentationModel) -> None:
    assert model.result is not None
    low, high, step = span_of(model.result, "Fresh")
    assert (low, high, step) == (3, 112_151, 1000)
