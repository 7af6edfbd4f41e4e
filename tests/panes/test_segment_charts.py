"""The segments side by side: what the four pictures hold, and that they are updated in place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, Recipe, SegmentationModel
from custseg.insight.groups import Scale
from custseg.panes import SegmentCharts
from custseg.panes.base.style import APART_COLOUR, SEGMENT_COLOURS
from custseg.panes.charts.catalogue import MOST_FEATURES
from custseg.panes.charts.heatmap import DEEPEST, cell_colours, written
from custseg.panes.charts.marks import MARKERS
from custseg.panes.charts.parallel_coordinates import spread_out
from custseg.panes.charts.ticks import ticks_of
from custseg.panes.parts.chart_gallery import MOST_IN_FILE
from tests.panes.hands import figures_of, markup_of, source_of, tap_at, widget
from tests.panes.test_style import contrast
from tests.picked import select_rows


def charts_with(pictures: SegmentCharts, source: str) -> list[Any]:
    """Return the figures that draw from a source of that name."""
    return [figure for figure in figures_of(pictures) if source_of(figure, source) is not None]


def data_of(pictures: SegmentCharts) -> dict[str, dict[str, Any]]:
    """Return the columns of what the pictures draw from, by name."""
    names = ("cells", "lines", "labels", "dots", "hills", "medians", "customers", "spend")
    return {name: {**source_of(charts_with(pictures, name)[0], name).data} for name in names}


def model_of(frame: pd.DataFrame, k: int = 3, **settings: Any) -> SegmentationModel:
    model = SegmentationModel(frame, k=k, seed=0, **settings)
    model.run_clustering()
    return model


def three_groups(width: int = 3, size: int = 60) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    centres = generator.uniform(0, 60, (3, width))
    values = np.repeat(centres, size // 3, axis=0) + generator.normal(size=(size, width))
    return pd.DataFrame(values, columns=[f"feature {number}" for number in range(width)])


def test_before_the_first_run_a_sentence_says_what_to_do(table: CustomerTable) -> None:
    model = SegmentationModel(table)
    pictures = SegmentCharts(model)
    assert "Run the clustering first" in pictures.state().text
    assert pictures.state().figures == 0
    select_rows(model, np.arange(3))
    model.run_clustering()
    assert "Run the clustering first" not in pictures.state().text
    assert "Selected: 3 customers" in pictures.state().text


def test_all_four_say_what_the_result_says(model: SegmentationModel) -> None:
    data, outcome = data_of(SegmentCharts(model)), model.outcome
    assert outcome is not None
    profile, groups, features = outcome.profile, outcome.groups, outcome.segmentation.features
    scores = (profile.means - profile.overall_means) / profile.overall_deviations
    assert data["cells"]["text"] == [written(score) for score in scores.ravel().tolist()]
    assert data["cells"]["feature"] == [*map(outcome.segmentation.schema.label, features)] * 4
    ranks = np.array([group.ranks for group in groups.segments]) * 100
    np.testing.assert_allclose(data["dots"]["x"], ranks.ravel())
    np.testing.assert_allclose([line[1:-1] for line in data["lines"]["xs"]], ranks)
    np.testing.assert_allclose(data["customers"]["share"], profile.customer_share * 100)
    assert profile.spend_share is not None
    np.testing.assert_allclose(data["spend"]["share"], profile.spend_share * 100)
    position = groups.telling(1)[0]
    np.testing.assert_allclose(data["medians"]["x"], np.log1p(profile.medians[:, position]))
    for row, (group, ys) in enumerate(zip(groups.segments, data["hills"]["ys"], strict=True), start=1):
        density = groups.density(group, position)
        np.testing.assert_allclose((row - np.array(ys[1:-1])) / 0.85, density / density.max(), atol=1e-3)


def test_a_segment_has_one_colour_and_marker_everywhere_and_keeps_it(model: SegmentationModel) -> None:
    pictures = SegmentCharts(model)
    for k in (4, 5, 3):
        model.k = k
        model.run_clustering()
        outcome = model.outcome
        assert outcome is not None
        colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots]
        data = data_of(pictures)
        assert [data[name]["line"] for name in ("lines", "hills", "customers", "spend")] == [colours] * 4
        assert data["dots"]["line"][:: len(outcome.segmentation.features)] == colours
        assert data["dots"]["marker"][:: len(outcome.segmentation.features)] == [
            MARKERS[slot] for slot in outcome.slots
        ]
        assert set(data["labels"]["key"]) == {str(number) for number in range(1, k + 1)}


def models_of(pictures: SegmentCharts) -> list[Any]:
    figures = figures_of(pictures)
    return [figures, *([*figure.renderers, *figure.axis, figure.x_range] for figure in figures)]


@pytest.mark.parametrize("k", [2, 10])
def test_another_result_and_a_selection_change_no_model(model: SegmentationModel, k: int) -> None:
    pictures = SegmentCharts(model)
    before = models_of(pictures)
    model.k = k
    model.run_clustering()
    select_rows(model, np.arange(20))
    assert models_of(pictures) == before
    assert len(data_of(pictures)["hills"]["xs"]) == k + 1


def test_a_selection_is_one_more_group_in_all_four(model: SegmentationModel, frame: pd.DataFrame) -> None:
    pictures = SegmentCharts(model)
    without = data_of(pictures)
    rows = np.array([5, 7, 11, 400])
    select_rows(model, rows)
    data, features = data_of(pictures), list(model.features)
    chosen = frame[features].iloc[rows]
    expected = (chosen.mean() - frame[features].mean()) / frame[features].std(ddof=0)
    assert data["cells"]["text"][-6:] == [written(score) for score in expected]
    assert data["hills"]["title"][-1] == "Selected: 4 customers"
    assert data["lines"]["dash"][-1] == data["hills"]["dash"][-1] == data["customers"]["dash"][-1] == "dashed"
    assert set(data["dots"]["marker"][-6:]) == {"circle_dot"}
    assert data["customers"]["share"][-1] == pytest.approx(400 / 440)
    assert data["spend"]["share"][-1] == pytest.approx(100 * chosen.sum().sum() / frame[features].sum().sum())
    assert "S Selected: 4 customers" in pictures.state().text
    # It stays over a run, and goes when nobody is selected.
    model.run_clustering()
    assert data_of(pictures)["cells"] == data["cells"]
    for nobody in (None, np.array([], dtype=np.intp)):
        select_rows(model, rows)
        model.clear_selection() if nobody is None else select_rows(model, nobody)
        assert data_of(pictures) == without


@pytest.mark.parametrize(
    ("source", "place"),
    [("cells", (2.2, 3.0)), ("cells", (2.0, -1.0)), ("hills", (5.0, 2.5)), ("customers", (40.0, 2.3))],
)
def test_a_tap_on_what_stands_for_a_segment_selects_it_and_another_one_nobody(
    model: SegmentationModel, source: str, place: tuple[float, float]
) -> None:
    (figure,) = charts_with(pictures := SegmentCharts(model), source)
    tap_at(figure, *place)
    assert model.selected is not None
    assert (model.selected.how, model.focused_segment) == ("segment 3", 3)
    tap_at(figure, *place)
    # A second one takes it back.
    assert "Selected" not in pictures.state().text


def test_a_tap_on_a_line_selects_the_segment_whose_marker_is_nearest(model: SegmentationModel) -> None:
    pictures = SegmentCharts(model)
    (figure,) = charts_with(pictures, "dots")
    dots = {name: list(values) for name, values in source_of(figure, "dots").data.items()}
    for x, y, key in zip(dots["x"], dots["y"], dots["key"], strict=True):
        rivals = [place for place, row in zip(dots["x"], dots["y"], strict=True) if row == y and place != x]
        if min(abs(place - x) for place in rivals) > 1:
            model.clear_selection()
            tap_at(figure, x + 0.3, y)
            assert model.selected is not None
            assert model.selected.how == f"segment {key}"


@pytest.mark.parametrize("place", [(-2.0, 1.0), (9.0, 1.0)])
def test_a_tap_beside_the_segments_selects_nobody(model: SegmentationModel, place: tuple[float, float]) -> None:
    (figure,) = charts_with(SegmentCharts(model), "cells")
    tap_at(figure, *place)
    assert model.selected is None


def test_who_is_set_apart_or_selected_can_be_tapped_too(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3, seed=0, recipe=Recipe(exceptional=5))
    model.run_clustering()
    (figure,) = charts_with(SegmentCharts(model), "cells")
    tap_at(figure, 3.0, 0.0)
    assert model.selected is not None
    assert model.selected.how == "exceptional"
    # The column of the selected customers stands for no segment.
    select_rows(model, np.arange(5))
    tap_at(figure, 4.0, 0.0)
    assert len(model.selected) == 5


def test_another_colour_of_a_segment_is_in_all_four_at_once(model: SegmentationModel) -> None:
    pictures = SegmentCharts(model)
    model.recolour(2, 8)
    data = data_of(pictures)
    assert [data[name]["line"][1] for name in ("lines", "hills", "customers", "spend")] == [SEGMENT_COLOURS[8]] * 4
    assert MARKERS[8] in data["dots"]["marker"]


def test_the_tables_behind_the_pictures_hold_what_they_show(model: SegmentationModel) -> None:
    outcome = model.outcome
    assert outcome is not None
    shown, found = markup_of(SegmentCharts(model)), outcome.profile
    for share in found.customer_share.tolist():
        assert f"<td>{share:.0%}</td>" in shown
    scores = (found.means - found.overall_means) / found.overall_deviations
    for score in scores.ravel().tolist():
        assert f"({written(score)})</td>" in shown
    for group in outcome.groups.segments:
        assert "".join(f"<td>{rank:.0%}</td>" for rank in group.ranks[:1].tolist()) in shown


def test_whoever_was_selected_is_not_among_other_customers(model: SegmentationModel) -> None:
    pictures = SegmentCharts(model)
    select_rows(model, [439])
    model.load(three_groups())
    assert "Run the clustering first" in pictures.state().text
    model.run_clustering()
    assert "Selected" not in pictures.state().text


def test_customers_set_apart_are_one_more_row(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3, seed=0, recipe=Recipe(exceptional=5))
    model.run_clustering()
    pictures = SegmentCharts(model)
    data, profile = data_of(pictures), model.profile
    assert profile is not None
    assert profile.exceptional is not None
    assert data["hills"]["line"][-1] == APART_COLOUR
    assert data["customers"]["title"][-1] == "Exceptional accounts"
    assert data["spend"]["share"][-1] == pytest.approx(100 * (profile.exceptional.spend_share or 0))
    assert "E Exceptional accounts" in pictures.state().text


def test_without_money_only_customers_are_counted() -> None:
    pictures = SegmentCharts(model_of(pd.DataFrame({"age": [20.0, 21, 60, 61, 22]}), k=2))
    data = data_of(pictures)
    assert data["spend"]["share"] == []
    assert data["customers"]["text"] == ["60%", "40%"]
    assert "spend" not in pictures.state().text
    # One feature alone.
    assert data["cells"]["y"] == [0, 0]
    assert widget(pictures, "Feature").options == {"Age": 0}


def test_a_chosen_feature_is_shown_and_stays_for_as_long_as_it_is_compared() -> None:
    model = model_of(three_groups())
    pictures = SegmentCharts(model)
    select, (ridges,) = widget(pictures, "Feature"), charts_with(pictures, "hills")
    select.value = 2
    assert ridges.xaxis[0].axis_label == "Feature 2"
    model.features = ["feature 1", "feature 2"]
    model.run_clustering()
    assert (select.value, ridges.xaxis[0].axis_label) == (1, "Feature 2")
    model.features = ["feature 0", "feature 1"]
    model.run_clustering()
    assert ridges.xaxis[0].axis_label in ("Feature 0", "Feature 1")
    assert list(select.options) == ["Feature 0", "Feature 1"]


def test_of_many_features_those_are_shown_that_tell_most() -> None:
    pictures = SegmentCharts(model_of(three_groups(width=MOST_FEATURES + 2, size=90)))
    assert len(data_of(pictures)["cells"]["text"]) == 3 * MOST_FEATURES
    assert f"the {MOST_FEATURES} features in which segments differ most, without 2 others" in pictures.state().text
    assert len(pictures.state().controls["Feature"].options) == MOST_FEATURES + 2


def test_the_saved_file_has_a_picture_of_each_feature_that_tells_most_and_nothing_to_choose() -> None:
    pictures = SegmentCharts(model_of(three_groups(width=MOST_IN_FILE + 1, size=90)), static=True)
    assert pictures.state().controls == {}
    labels = [figure.xaxis[0].axis_label for figure in charts_with(pictures, "hills")]
    assert len(labels) == len(set(labels)) == MOST_IN_FILE


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "$$x$$", "a\nb", "x" * 300])
def test_a_name_from_the_table_is_neither_markup_nor_mathematics(name: str) -> None:
    frame = three_groups(width=2).set_axis([name, "other"], axis="columns")
    pictures = SegmentCharts(model_of(frame))
    assert "<img" not in markup_of(pictures)
    (heatmap,) = charts_with(pictures, "cells")
    labels = list(heatmap.yaxis[0].major_label_overrides.values())
    assert not any(re.search(r"\$\$|\n", text) for text in [*labels, *data_of(pictures)["dots"]["feature"]])
    assert max(len(text) for text in labels) < 25


def test_where_nobody_has_a_value_there_is_a_gap() -> None:
    frame = pd.DataFrame({"a": [0.0, 0.1, 0.2, 9.0, 9.1], "b": [1.0, 2, 3, np.nan, np.nan], "c": [1.0, 2, 1, 2, 1]})
    data = data_of(SegmentCharts(model_of(frame, k=2, features=["a", "b"])))
    assert len(data["cells"]["text"]) == 3
    assert sum(np.isnan(line).sum() for line in data["lines"]["xs"]) == 1


@pytest.mark.parametrize("score", np.linspace(-DEEPEST - 1, DEEPEST + 1, 41))
def test_what_is_written_on_a_cell_can_be_read(score: float) -> None:
    assert contrast(*cell_colours(score)) >= 4.5


def test_scores_are_written_with_their_sign() -> None:
    assert [written(score) for score in (1.44, -0.26, 0.04, -0.04, 0.0, 12.3)] == [
        "+1.4",
        "−0.3",
        "0",
        "0",
        "0",
        "+12.3",
    ]


@given(st.lists(st.floats(0, 100), max_size=12), st.floats(0, 10))
def test_labels_that_were_spread_out_are_apart_and_in_order(places: list[float], apart: float) -> None:
    moved = spread_out(places, apart)
    assert all(-1e-6 <= here <= 100 + 1e-6 for here in moved)
    ordered = sorted(moved)
    least = min(apart, 100 / max(len(places) - 1, 1))
    assert all(upper - lower >= least - 1e-6 for lower, upper in pairwise(ordered))
    for before, here in zip(places, moved, strict=True):
        assert all(here <= there + 1e-6 for other, there in zip(places, moved, strict=True) if before < other)


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (Scale(0, 112_151, logarithmic=True), ["0", "10", "100", "1k", "10k", "100k"]),
        (Scale(50, 300, logarithmic=True), ["50", "100", "200"]),
        (Scale(18, 90, logarithmic=False), ["20", "40", "60", "80"]),
        (Scale(-3, 3, logarithmic=False), ["−2", "0", "2"]),
        (Scale(0, 112_151, logarithmic=False), ["0", "50k", "100k"]),
        (Scale(0, 0.04, logarithmic=False), ["0", "0.01", "0.02", "0.03", "0.04"]),
        (Scale(1e9, 1e9 + 1, logarithmic=False), ["1,000,000,000.0", "1,000,000,000.5", "1,000,000,001.0"]),
    ],
)
def test_ticks_are_round_numbers(scale: Scale, words: list[str]) -> None:
    assert list(ticks_of(scale).values()) == words


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.booleans())
def test_any_axis_has_ticks_within_it(low: float, span: float, logarithmic: bool) -> None:  # noqa: FBT001
    scale = Scale(low, low + span, logarithmic=logarithmic and low >= 0)
    start, end = scale.ends
    ticks = ticks_of(scale)
    assert 0 < len(ticks) <= 12
    assert all(start - 1e-6 * (end - start) <= place <= end + 1e-6 * (end - start) for place in ticks)
