"""The typing tool: recomputed with scikit-learn on those held out, planted, and nothing of them known before."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import StandardScaler

from custseg import DataError, Recipe, Segmentation, SettingError, find_typing_tool, segment
from custseg.insight.typing_tool import MOST_QUESTIONS
from tests.strategies import segmentations


def planted(seed: int = 0, customers: int = 600) -> pd.DataFrame:
    """Four groups that two columns tell apart together, beside columns that tell nothing, and a category."""
    generator = np.random.default_rng(seed)
    group = generator.integers(4, size=customers)
    return pd.DataFrame(
        {
            "noise": generator.normal(size=customers),
            "visits": 100 + 40 * (group % 2) + generator.normal(size=customers),
            "hum": generator.normal(size=customers),
            "basket": 50 + 20 * (group // 2) + generator.normal(size=customers),
            "shop": np.where(generator.random(customers) < 0.5, "North", "South"),
        }
    )


@pytest.fixture(scope="module")
def groups() -> Segmentation:
    return segment(
        planted(), features=["noise", "visits", "hum", "basket"], k=4, seed=0, recipe=Recipe(categories=True)
    )


def test_how_often_it_is_right_is_what_scikit_learn_finds(result: Segmentation) -> None:
    tool = find_typing_tool(result)
    held = np.isin(result.table.identifiers, tool.held_out)
    values = StandardScaler().fit_transform(result.table.matrix(result.features))
    for form in tool.forms:
        columns = [result.features.index(name) for name in form.columns]
        nearest = NearestCentroid().fit(values[:, columns], result.labels)
        # The centroids of all that was compared, along these columns.
        nearest.centroids_ = result.prepared_centroids[:, columns]
        guessed = nearest.predict(values[held][:, columns])
        assert form.placed.part == pytest.approx(accuracy_score(result.labels[held], guessed))
        confusion = confusion_matrix(result.labels[held], guessed, labels=range(1, 5))
        np.testing.assert_array_equal(form.matrix.sum(axis=0), confusion)
    assert tool.forms[-1].placed.part == 1
    assert tool.base.part == pytest.approx((result.labels[held] == 1).mean())
    assert len(tool.held_out) + tool.chosen_by == 440


def test_a_segment_of_hardly_any_held_out_customers_is_not_called_the_weakest(result: Segmentation) -> None:
    form = find_typing_tool(result).form
    held = form.matrix.sum(axis=(0, 2))
    assert held.min() < 10 <= held.max()
    assert all(f"segment {position + 1}:" not in form.weakest for position in range(len(held)) if held[position] < 10)


def test_columns_that_tell_the_groups_apart_are_found_and_are_enough(groups: Segmentation) -> None:
    tool = find_typing_tool(groups)
    assert set(tool.form.columns) == {"visits", "basket"}
    assert tool.suggested == 2
    assert tool.form.placed.part == 1
    assert tool.forms[0].placed.part < 0.8
    assert "2 questions place 100% of customers as the whole model does" in tool.sentence
    assert find_typing_tool(groups, target=0.3).suggested == 1
    low, high = tool.forms[0].placed.interval
    assert low < tool.forms[0].placed.part < high


def test_nothing_of_those_held_out_decides_what_is_asked() -> None:
    frame = planted().assign(customer=[f"C{number}" for number in range(600)]).drop(columns="shop")
    result = segment(frame, k=4, seed=0)
    tool = find_typing_tool(result)
    # Those held out have other numbers, and lie elsewhere: what is asked, and the ranges, stay as they were.
    held = frame["customer"].isin(tool.held_out)
    other = frame.copy()
    names = ["noise", "visits", "hum", "basket"]
    other.loc[held, names] = other.loc[held, names].to_numpy()[:, ::-1]
    again = find_typing_tool(_with_values(result, other))
    np.testing.assert_array_equal(again.held_out, tool.held_out)
    assert [form.columns for form in again.forms] == [form.columns for form in tool.forms]
    assert again.suggested == tool.suggested
    for one, two in zip(tool.form.survey.questions, again.form.survey.questions, strict=True):
        assert one.answers == two.answers
        np.testing.assert_array_equal(one.points, two.points)
    assert again.form.placed.part < tool.form.placed.part


def _with_values(result: Segmentation, frame: pd.DataFrame) -> Segmentation:
    """Return the same segments, and who is in which, of customers with other values."""
    from dataclasses import replace

    from custseg import CustomerTable

    changed = replace(result, source=CustomerTable.read(frame).customers)
    changed.hold(result.labels.astype(np.uint8))
    return changed


def test_an_answer_says_where_and_how_sure(groups: Segmentation) -> None:
    tool = find_typing_tool(groups)
    placed = tool.form.answer({"visits": 140, "basket": 70})
    whole = groups.assign(pd.DataFrame({"noise": [0.0], "visits": 140, "hum": 0.0, "basket": 70, "shop": "North"}))
    assert placed.segment == whole[0]
    assert not placed.close
    assert placed.right.part == 1
    assert "100% belong there" in placed.sureness
    border = tool.form.answer({"visits": 120, "basket": 70})
    assert border.close
    assert {border.segment, border.next_segment} == {
        placed.segment,
        tool.form.answer({"visits": 100, "basket": 70}).segment,
    }
    assert "Too few customers" in border.sureness


@pytest.mark.parametrize("bad", ["many", float("nan"), float("inf"), [1]])
def test_what_a_column_cannot_have_is_refused(groups: Segmentation, bad: Any) -> None:
    form = find_typing_tool(groups).form
    with pytest.raises(DataError, match="“visits” is a number"):
        form.answer({"visits": bad})
    with pytest.raises(SettingError, match="“hum” is not asked"):
        form.answer({"hum": 1})


def test_levels_are_chosen_from_and_a_gap_is_filled_or_refused(groups: Segmentation) -> None:
    longest = find_typing_tool(groups).forms[-1]
    assert set(longest.columns) == {"visits", "basket", "noise", "hum", "shop"}
    assert longest.answer({"shop": "North"}).segment in range(1, 5)
    with pytest.raises(DataError, match=r"“shop” is one of .* but got “West”"):
        longest.answer({"shop": "West"})
    dropping = segment(planted().drop(columns="shop"), k=4, seed=0, recipe=Recipe(missing="drop"))
    with pytest.raises(DataError, match="A value is needed"):
        find_typing_tool(dropping).form.answer({})


def test_a_survey_has_ranges_that_do_not_overlap_and_points_that_were_tested(groups: Segmentation) -> None:
    tool = find_typing_tool(groups)
    survey = tool.form.survey
    held = np.isin(groups.table.identifiers, tool.held_out)
    values = groups.table.matrix(tool.form.columns)[held]
    points = np.zeros((held.sum(), 4))
    for place, question in enumerate(survey.questions):
        ends = [-np.inf, *question.ends, np.inf]
        fits = np.array([(values[:, place] > low) & (values[:, place] <= high) for low, high in pairwise(ends)])
        assert (fits.sum(axis=0) == 1).all()
        points += question.points[fits.argmax(axis=0)]
    assert survey.right == (points.argmax(axis=1) + 1 == groups.labels[held]).sum() > 0.95 * survey.of
    assert survey.of == held.sum()
    page = survey.worded({"visits": "How often do you visit in a year?"}).text(["Ann", "Bob", "Cat", "Dan"])
    assert "How often do you visit in a year?" in page
    assert f"Right for {survey.right:,} of {survey.of:,} customers who were held out" in page
    frame = survey.frame(["Ann", "Bob", "Cat", "Dan"])
    assert list(frame.columns)[2:] == [
        f"points for segment {n} {name}" for n, name in enumerate(["Ann", "Bob", "Cat", "Dan"], 1)
    ]
    with pytest.raises(SettingError, match="“hum” is not asked"):
        survey.worded({"hum": "?"})


def test_a_unit_is_named_only_where_it_is_known(result: Segmentation) -> None:
    texts = [question.text for question in find_typing_tool(result).forms[-1].survey.questions]
    assert any("(in monetary units a year)" in text for text in texts)
    plain = segment(planted().drop(columns="shop"), k=3, seed=0)
    assert all("(in" not in question.text for question in find_typing_tool(plain).forms[-1].survey.questions)


def in_a_browser(scoring: dict[str, Any], given: dict[str, Any]) -> int:
    """Place a customer by the plain values alone, as a page without Python does."""
    sums = [0.0] * scoring["k"]
    for column in scoring["columns"]:
        value = given.get(column["name"])
        if "levels" in column:
            along = column["distances"][column["levels"].index(value) if value is not None else -1]
        else:
            number = column["fill"] if value is None else value
            number = max(number, column["low"]) if column["low"] is not None else number
            number = min(number, column["high"]) if column["high"] is not None else number
            number = math.asinh(number / column["knee"]) if column["knee"] is not None else number
            number = (number - column["centre"]) / column["scale"]
            along = [(number - centroid) ** 2 for centroid in column["centroids"]]
        sums = [one + other for one, other in zip(sums, along, strict=True)]
    return sums.index(min(sums)) + 1


def test_plain_values_place_customers_in_a_page_without_python(frame: pd.DataFrame) -> None:
    recipe = Recipe(log="auto", winsorise=(0.02, 0.98), categories=True)
    result = segment(frame, k=5, seed=1, recipe=recipe)
    form = find_typing_tool(result).forms[-1]
    scoring = json.loads(json.dumps(form.form.scoring(), allow_nan=False))
    some = result.table.to_pandas().head(60)
    for row, (_, customer) in enumerate(some.iterrows()):
        given = {name: customer[name] for name in result.features}
        given |= {name: levels_of(form, name, customer[name]) for name in result.categories}
        assert in_a_browser(scoring, given) == result.labels[row] == form.answer(given).segment


def levels_of(form: Any, name: str, cell: Any) -> str:
    levels = form.form.levels(form.columns.index(name))
    found: str = next(level for level in levels if level == str(cell))
    return found


@given(segmentations(), st.integers(0, 5))
def test_of_any_table_more_questions_end_at_the_whole_model(result: Segmentation, seed: int) -> None:
    tool = find_typing_tool(result, seed=seed)
    assert 1 <= tool.suggested <= len(tool.forms) == min(len(result.compared), MOST_QUESTIONS)
    assert tool.forms[-1].placed.right == tool.forms[-1].placed.of == len(tool.held_out)
    for form in tool.forms:
        assert 0 <= form.placed.interval[0] <= form.placed.part <= form.placed.interval[1] <= 1
        assert form.matrix.sum() == len(tool.held_out)
    assert tool._repr_html_()


@pytest.mark.parametrize(("name", "value"), [("most", 0), ("most", True), ("most", "3"), ("target", 2), ("seed", -1)])
def test_settings_that_cannot_be_used_are_refused(groups: Segmentation, name: str, value: Any) -> None:
    with pytest.raises(SettingError):
        find_typing_tool(groups, **{name: value})
