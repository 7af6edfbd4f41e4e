"""What the panes make of a selection and of one customer, where no browser is needed to see it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import panel as pn
import pytest
from bokeh.models import ColumnDataSource

from custseg import Recipe, SegmentationModel
from custseg.panes import CustomerDetail, Customers, Scatter, Selected, Summary
from custseg.panes.parts.customer_detail import span_of
from custseg.tables.evening_out import EveningOut
from tests.panes.hands import click, draw_shape, figures_of, file_of, markup_of, press, source_of, table_of, tap, widget
from tests.picked import select_rows, selected_rows

# Of more customers than this the tests have it drawn how densely they lie.
MOST_POINTS = 20_000
HOSTILE = "<img src=x onerror=alert(1)>"


def figure_of(scatter: Scatter) -> Any:
    (figure,) = figures_of(scatter)
    return figure


def points_of(scatter: Scatter) -> Any:
    return source_of(figure_of(scatter), "customers")


def bright(scatter: Scatter) -> list[int]:
    return list(points_of(scatter).selected.indices)


def names_in(customers: Customers) -> list[str]:
    names: list[str] = table_of(customers).value["who"].tolist()
    return names


def show_bright(scatter: Scatter, rows: np.ndarray) -> None:
    """Let those be bright that a browser has found in a shape, before it reports the shape."""
    points_of(scatter).selected.indices = rows.tolist()


def many() -> SegmentationModel:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(size=(2 * MOST_POINTS, 2)), columns=["a", "b"])
    return SegmentationModel(frame, k=2, seed=0)


def on_screen(model: SegmentationModel, feature: str, *values: float) -> list[float]:
    """Return where values lie on the axis of a feature."""
    column = model.table.matrix([feature])
    scale = EveningOut.fit(column, np.array([feature in model.log_features]))
    return [float(scale.apply(np.array([[float(value)]]))[0, 0]) for value in values]


def drawn_rows(scatter: Scatter) -> np.ndarray:
    return np.array([int(name) - 1 for name in points_of(scatter).data["customer"]])


def test_what_is_selected_elsewhere_is_bright_in_the_picture(model: SegmentationModel) -> None:
    scatter = Scatter(model)
    select_rows(model, [5, 2])
    assert bright(scatter) == [2, 5]
    model.param.update(x="Frozen", picture="principal")
    model.log_scale = True
    model.run_clustering()
    assert bright(scatter) == [2, 5]
    model.select([])
    assert bright(scatter) == []


@pytest.mark.parametrize("log", [False, True])
def test_a_box_selects_all_customers_in_it_also_those_that_are_not_drawn(log: bool) -> None:  # noqa: FBT001 - a parameter
    model = many()
    model.log_scale = log
    scatter, values = Scatter(model, most_points=MOST_POINTS), model.table.matrix(["a", "b"])
    inside = np.asarray(((values > (0.5, 1)) & (values < (2, 3))).all(axis=1))
    # A browser has found those that are drawn.
    show_bright(scatter, np.flatnonzero(inside[drawn_rows(scatter)]))
    # It tells where the corners are on the scales of the axes.
    x0, x1 = on_screen(model, "a", 0.5, 2)
    y0, y1 = on_screen(model, "b", 1, 3)
    draw_shape(figure_of(scatter), type="rect", x0=x0, x1=x1, y0=y0, y1=y1)
    assert model.selected is not None
    assert selected_rows(model) == np.flatnonzero(inside).tolist()
    assert bright(scatter) == np.flatnonzero(inside[drawn_rows(scatter)]).tolist()


def test_a_second_box_with_a_key_held_down_adds_and_takes_away() -> None:
    model = many()
    model.log_scale = False
    scatter, values = Scatter(model, most_points=MOST_POINTS), model.table.matrix(["a", "b"])
    first, second = values[:, 0] > 2, values[:, 1] > 2
    select_rows(model, np.flatnonzero(first))
    for expected in (first | second, first & ~second, first & second):
        select_rows(model, np.flatnonzero(first))
        show_bright(scatter, np.flatnonzero(expected[drawn_rows(scatter)]))
        draw_shape(figure_of(scatter), type="rect", x0=0, x1=1e9, y0=2, y1=1e9)
        assert model.selected is not None
        assert selected_rows(model) == np.flatnonzero(expected).tolist()


def test_a_line_selects_all_customers_within_it() -> None:
    model = many()
    model.log_scale = False
    model.run_clustering()
    scatter, values = Scatter(model, most_points=MOST_POINTS), model.table.matrix(["a", "b"])
    inside = values.sum(axis=1) < 3
    show_bright(scatter, np.flatnonzero(inside[drawn_rows(scatter)]))
    draw_shape(figure_of(scatter), type="poly", x=[0, 3, 0], y=[0, 0, 3])
    assert model.selected is not None
    assert selected_rows(model) == np.flatnonzero(inside).tolist()


def test_a_box_around_nobody_loses_nothing(model: SegmentationModel) -> None:
    scatter, customers, line = Scatter(model), Customers(model), Selected(model)
    draw_shape(figure_of(scatter), type="rect", x0=-9, x1=-8, y0=-9, y1=-8)
    assert "No customer lies there" in line.state().text
    assert "All 440 customers are listed." in customers.state().text
    press(line, "Clear selection")
    assert model.selected is None
    assert line.state().controls == {}


def test_the_escape_key_and_a_tap_are_taken_over(model: SegmentationModel) -> None:
    scatter = Scatter(model)
    select_rows(model, [1])
    points_of(scatter).selected.indices = []
    selected: list[object] = [model.selected]
    assert selected == [None]
    tap(figure_of(scatter), 7)
    assert model.focused_customer == "W008"


def test_a_row_of_the_summary_selects_and_clears_and_marks_what_is_selected_elsewhere() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, 2, 8, 8, 9, 500]})
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(exceptional=2.0))
    summary = Summary(model)
    model.run_clustering()
    assert model.result is not None
    for row, members in ((0, model.result.labels == 1), (2, model.result.exceptional)):
        click(summary, row, "customers")
        assert model.selected is not None
        assert selected_rows(model) == np.flatnonzero(members).tolist()
        assert table_of(summary).selection == [row]
        click(summary, row, "customers")
        left: list[object] = [model.selected, *table_of(summary).selection]
        assert left == [None]
    select_rows(model, np.flatnonzero(model.result.labels == 2))
    assert table_of(summary).selection == [1]
    select_rows(model, [0])
    assert table_of(summary).selection == []


def test_a_browser_gets_one_page_of_customers_and_turns_it() -> None:
    model = many()
    customers = Customers(model)
    models: set[Any] = customers.__panel__().get_root().references()
    (columns,) = [dict(shown.data) for shown in models if isinstance(shown, ColumnDataSource)]
    assert {len(column) for column in columns.values()} == {20}
    assert "1 to 20 of 40,000" in customers.state().text
    press(customers, "Next")
    assert names_in(customers) == [str(row) for row in range(21, 41)]
    press(customers, "Previous")
    assert names_in(customers)[0] == "1"
    assert not customers.state().controls["Previous"].enabled


def test_the_customers_say_segment_name_and_how_sure(model: SegmentationModel) -> None:
    customers, result = Customers(model), model.result
    assert result is not None
    certainty = model.run_assessment()
    assert certainty is not None
    frame = table_of(customers).value
    assert frame["in_segment"].tolist() == result.labels[:20].tolist()
    np.testing.assert_allclose(frame["nearer"], certainty.margin[:20])
    select_rows(model, [3, 400])
    assert names_in(customers) == ["W004", "W401"]
    click(customers, 1, "who")
    assert model.focused_customer == "W401"
    assert table_of(customers).selection == [1]
    click(customers, 1, "who")
    assert model.focused_customer is None


def test_typing_narrows_the_list_and_who_is_entered_is_looked_at(model: SegmentationModel) -> None:
    customers = Customers(model)
    find = widget(customers, "Find a customer")
    find.value_input = "w08"
    assert names_in(customers) == [f"W08{digit}" for digit in range(10)]
    assert "10 of 440 customers are listed." in customers.state().text
    find.value_input = HOSTILE
    assert names_in(customers) == []
    assert HOSTILE not in markup_of(customers)
    assert f"There is no customer “{HOSTILE}”." in customers.state().text
    find.param.update(value_input="w017", value="w017")
    looked_at = [model.focused_customer]
    find.enter_pressed = True
    assert [*looked_at, model.focused_customer] == [None, "W017"]
    press(customers, "Show everyone")
    assert "All 440 customers are listed." in customers.state().text
    assert find.value_input == ""


def test_filters_are_those_of_pandas_together_and_can_be_selected(model: SegmentationModel) -> None:
    customers, result = Customers(model), model.result
    assert result is not None
    widget(customers, "Segment").value = 2
    widget(customers, "Category").value = "Channel"
    widget(customers, "Value").value = widget(customers, "Value").options["Retail"]
    retail = np.asarray(model.table.frame["Channel"].to_list()) == "Retail"
    expected = model.table.identifiers[retail & (result.labels == 2)].tolist()
    assert 0 < len(expected) < result.sizes[1]
    assert f"{len(expected)} of 440 customers are listed." in customers.state().text
    assert names_in(customers) == expected[:20]
    press(customers, "Select these")
    assert model.selected is not None
    assert len(model.selected) == len(expected)
    press(customers, "Show everyone")
    # The selection stays, and the list with it.
    assert names_in(customers) == expected[:20]
    model.clear_selection()
    widget(customers, "Only on a border").value = ["Only on a border"]
    assert f"{model.run_assessment().borderline} of 440 customers" in customers.state().text  # type: ignore[union-attr]
    widget(customers, "Find a customer").value_input = "W001"
    assert "take a filter or the selection back" in customers.state().text


@pytest.mark.parametrize(("field", "column"), [("c2", "Grocery"), ("t0", "Channel")])
def test_all_customers_are_sorted_and_not_those_of_one_page(model: SegmentationModel, field: str, column: str) -> None:
    customers = Customers(model)
    frame = model.table.frame.to_pandas()
    for direction, ascending in (("asc", True), ("desc", False)):
        table_of(customers).sorters = [{"field": field, "dir": direction}]
        press(customers, "Next")
        ordered = frame.sort_values(column, ascending=ascending, kind="stable")[column]
        assert table_of(customers).value[field].tolist() == ordered.iloc[20:40].tolist()
    table_of(customers).sorters = []
    assert names_in(customers)[0] == "W001"


def test_the_file_holds_those_who_are_listed_and_no_formula() -> None:
    frame = pd.DataFrame({"id": ["=1", "b", "c", "d"], "a": [1.0, 2, 8, 9]})
    model = SegmentationModel(frame, k=2, seed=0)
    model.run_clustering()
    customers = Customers(model)
    widget(customers, "Segment").value = 1
    save: Any = customers.__panel__().select(pn.widgets.FileDownload)[0]
    found = pd.read_csv(file_of(save))
    assert model.result is not None
    names = np.array(["'=1", "b", "c", "d"])
    assert found["id"].tolist() == names[model.result.labels == 1].tolist()
    assert set(found["segment"]) == {1}


def test_one_customer_costs_nothing_before_there_is_one_and_follows_sliders(model: SegmentationModel) -> None:
    detail = CustomerDetail(model)
    assert detail.state().controls == {}
    assert "Choose a customer in the list" in detail.state().text
    model.focused_customer = "W017"
    assert "Customer W017 is in segment 2" in detail.state().text
    assert "With these numbers it stays in segment 2" in detail.state().text
    widget(detail, "Fresh").value = 112_151.0
    assert "it would be in segment" in detail.state().text
    press(detail, "Back to its own numbers")
    assert widget(detail, "Fresh").value == 1020
    model.focused_customer = None
    assert "W017" not in detail.state().text
    assert detail.state().controls == {}


def test_one_customer_follows_runs_features_and_other_customers(model: SegmentationModel) -> None:
    detail = CustomerDetail(model)
    model.focused_customer = "W001"
    model.param.update(features=["Milk", "Fresh"], k=2)
    model.run_clustering()
    assert list(detail.state().controls) == ["Milk", "Fresh", "Back to its own numbers"]
    model.load(pd.DataFrame({"a": [1.0, 2, 5], "b": [2.0, 2, 9]}))
    assert "Choose a customer in the list" in detail.state().text
    model.focused_customer = "3"
    assert "Run the clustering to see why customer 3" in detail.state().text
    model.run_clustering()
    assert list(detail.state().controls) == ["A", "B", "Back to its own numbers"]


def test_hostile_names_are_shown_as_they_are() -> None:
    frame = pd.DataFrame({"id": [HOSTILE, "b", "c", "d"], HOSTILE: [1.0, 2, 8, 9], "kind": [HOSTILE, "y", "x", None]})
    model = SegmentationModel(frame, k=2, seed=0)
    customers, detail, line = Customers(model), CustomerDetail(model), Selected(model)
    model.focused_customer = HOSTILE
    assert HOSTILE not in markup_of(detail)
    model.run_clustering()
    for shown in (markup_of(detail), markup_of(line), *table_of(customers).titles.values()):
        assert HOSTILE not in shown
    assert HOSTILE in detail.state().text
    assert HOSTILE in line.state().text


def test_customers_without_a_value_or_a_segment_are_shown_too() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 1, 8, 9, 8, 500], "b": [1.0, 1, np.nan, 8, 8, 9, 500]})
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(missing="drop", exceptional=2.0))
    customers, detail = Customers(model), CustomerDetail(model)
    model.run_clustering()
    model.run_assessment()
    assert table_of(customers).value["in_segment"].isna().tolist() == [False, False, True, False, False, False, True]
    for row, words in ((2, "it has no value in b"), (6, "set apart as exceptional")):
        model.focused_customer = str(row + 1)
        assert words in detail.state().text
        assert "nan" not in detail.state().text


def test_a_slider_has_a_round_step_over_the_whole_table(model: SegmentationModel) -> None:
    assert model.result is not None
    low, high, step = span_of(model.result, "Fresh")
    assert (low, high, step) == (3, 112_151, 1000)
