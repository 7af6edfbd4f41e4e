"""How sure a result is, on the page: the first words, the rest, and whiskers at the shares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from custseg.export.bundle import ResultBundle
from custseg.export.summary_columns import summary_frame
from custseg.insight.certainty import FIRST_RESAMPLES, RESAMPLES, certainty
from custseg.panes.charts.marks import marks_of
from custseg.panes.charts.shares import bar_columns, whisker_columns
from custseg.panes.parts.certainty import trust_html
from custseg.session.assessment import assess_further

if TYPE_CHECKING:
    from custseg import SegmentationModel
    from custseg.session.run_result import RunResult


@pytest.fixture
def outcome(model: SegmentationModel) -> RunResult:
    model.run_clustering()
    assert model.outcome is not None
    first = assess_further(model.outcome.segmentation, None, lambda _: None)
    return model.outcome.with_assessment(first)


def test_the_first_words_say_that_they_are_the_first(outcome: RunResult) -> None:
    assert outcome.assessment is not None
    going_on = trust_html(outcome.assessment, outcome, going_on=True)
    ended = trust_html(outcome.assessment, outcome)
    assert f"After {FIRST_RESAMPLES} of {RESAMPLES} samples" in going_on
    assert f"Ended after {FIRST_RESAMPLES} of {RESAMPLES} samples" in ended
    all_of_it = replace(
        outcome.assessment,
        certainty=replace(
            outcome.assessment.certainty,
            resamples=replace(
                outcome.assessment.certainty.resamples,
                jaccard=outcome.assessment.certainty.resamples.jaccard.repeat(RESAMPLES // FIRST_RESAMPLES, axis=0),
            ),
        ),
    )
    assert 'role="status"' not in trust_html(all_of_it, outcome)


def test_what_comes_back_is_not_said_to_be_a_group(outcome: RunResult) -> None:
    assert outcome.assessment is not None
    shown = trust_html(outcome.assessment, outcome)
    assert "does not make it a group of its own" in shown
    assert "without a clear gap" in shown
    for word in outcome.assessment.certainty.stability:
        assert f'<span class="word {word}">{word}</span>' in shown


def test_each_bar_of_a_segment_has_a_whisker_from_end_to_end(outcome: RunResult) -> None:
    assert outcome.certainty is not None
    marks = marks_of(outcome)
    intervals, lines = outcome.certainty.intervals, whisker_columns(marks)
    assert intervals.spend_share is not None
    # Three lines a whisker: from end to end, and one across at each.
    ends = list(zip(lines["x0"][::3], lines["x1"][::3], strict=True))
    expected = [
        pytest.approx(tuple(100 * both[position])) for position in range(4)
        for both in (intervals.customer_share, intervals.spend_share)
    ]  # fmt: skip
    assert ends == expected
    customers, _ = bar_columns(marks)
    low, high = intervals.customer_share[0]
    assert customers["interval"][0] == f"{low:.0%} to {high:.0%}"


def test_before_it_is_known_there_are_bars_alone(model: SegmentationModel) -> None:
    model.run_clustering()
    assert model.outcome is not None
    lines = whisker_columns(marks_of(model.outcome))
    assert lines == {"x0": [], "y0": [], "x1": [], "y1": []}


def test_files_tell_the_intervals_and_whether_a_segment_is_set_apart(outcome: RunResult) -> None:
    assert outcome.assessment is not None
    found = certainty(outcome.segmentation, resamples=FIRST_RESAMPLES)
    frame = summary_frame(ResultBundle(outcome.profile, outcome.words, found, separation=outcome.assessment.separation))
    assert frame["share of customers, low"].tolist() == found.intervals.customer_share[:, 0].tolist()
    assert (frame["customers, low"] <= frame["customers, high"]).all()
    assert frame["set apart"].tolist()[0] == "no, runs into segment 2"
