"""What became of a segment's customers, in words that say no more than the numbers do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from custseg import CustomerTable, Profile, profile, segment
from custseg.narrative.conditions import Condition
from custseg.narrative.outcome_phrases import outcome_phrases
from custseg.tables.schema import Schema


def profile_of(sizes: tuple[int, int], **columns: list[object]) -> Profile:
    """Return two segments that lie far apart, with these outcomes."""
    place = np.repeat([0.0, 100.0], sizes) + np.linspace(0, 1, sum(sizes))
    table = CustomerTable.read(pd.DataFrame({"place": place, **columns}), roles=dict.fromkeys(columns, "outcome"))
    return profile(segment(table, features=["place"], k=2, seed=0))


def so_many(sizes: tuple[int, int], events: tuple[int, int]) -> list[object]:
    return [cell for size, some in zip(sizes, events, strict=True) for cell in [1] * some + [0] * (size - some)]


def said(sizes: tuple[int, int], events: tuple[int, int], position: int = 0, name: str = "Churn") -> str:
    (phrase,) = outcome_phrases(profile_of(sizes, **{name: so_many(sizes, events)}), position)
    return str(phrase)


def test_a_share_is_said_with_its_multiple_and_its_interval() -> None:
    assert said((2000, 1500), (960, 30)) == "48% left, 1.7 times the average (95% interval 46 to 50%)"
    assert said((2000, 1500), (960, 30), 1) == "2.0% left, less than the average of 28% (95% interval 1.4 to 2.8%)"


@pytest.mark.parametrize(
    ("sizes", "events", "words"),
    [
        ((500, 400), (100, 84), "20% left, about the average (95% interval 17 to 24%)"),
        ((500, 400), (100, 96), "20% left, not clearly different from the average of 22% (95% interval 17 to 24%)"),
        (
            (90_000, 80_000),
            (23_850, 20_000),
            "26% left, slightly more than the average of 25.8% (95% interval 26 to 27%)",
        ),
        ((500, 400), (0, 80), "0% left, less than the average of 8.9% (95% interval 0.0 to 0.8%)"),
        ((500, 400), (500, 200), "100% left, 1.3 times the average (95% interval 99.2 to 100.0%)"),
        ((500, 400), (475, 340), "95.0% left, more than the average of 90.6% (95% interval 92.7 to 96.6%)"),
        ((90_000, 80_000), (9, 400), "0.01% left, less than the average of 0.2% (95% interval 0.01 to 0.02%)"),
    ],
)
def test_no_more_is_said_than_the_numbers_hold(sizes: tuple[int, int], events: tuple[int, int], words: str) -> None:
    assert said(sizes, events) == words


def test_without_a_word_for_it_the_column_is_named() -> None:
    assert said((500, 400), (200, 10), name="Complain") == (
        "Complain: yes for 40%, 1.7 times the average (95% interval 36 to 44%)"
    )


def test_what_is_missing_is_said() -> None:
    cells = so_many((500, 400), (200, 10))
    cells[0], cells[-400:] = None, [None] * 400
    some = profile_of((500, 400), Churn=cells)
    ((here,), (there,)) = (outcome_phrases(some, position) for position in (0, 1))
    assert str(here) == "40% left, about the average (95% interval 36 to 44%; not known for 1 customer)"
    assert (str(there), there.claim) == ("Churn is not known for any customer here", None)


def test_the_claim_holds_the_numbers() -> None:
    segments = profile_of((2000, 1500), Churn=so_many((2000, 1500), (960, 30)))
    (phrase,) = outcome_phrases(segments, 0)
    claim = phrase.claim
    # On a card the interval is left to the numbers behind it.
    assert phrase.brief == str(phrase).partition(" (95% interval")[0] != str(phrase)
    assert claim is not None
    assert "95% interval" in claim.evidence
    assert (claim.segment, claim.statistic, claim.feature, claim.category) == (1, "share of outcome", "Churn", "1")
    assert (claim.value, claim.customers, claim.everyone) == (0.48, 2000, 3500)
    assert (claim.said, claim.telling) == ("left", True)
    assert claim.ratio == pytest.approx(0.48 / (990 / 3500))
    assert claim.evidence == (
        "Churn 1: 960 / 2,000 = 48.0% here (95% interval 45.8% to 50.2%), 28.3% overall. Based on 2,000 customers in "
        "segment 1 and 3,500 in all of whom this is known."
    )


def test_of_several_columns_each_is_named_once_and_meant_by_the_bare_word() -> None:
    cells = so_many((500, 400), (200, 10))
    phrases = outcome_phrases(profile_of((500, 400), AcceptedCmp1=cells, AcceptedCmp2=cells), 0)
    assert [str(phrase).partition(",")[0] for phrase in phrases] == [
        "40% accepted campaign 1",
        "40% accepted campaign 2",
    ]
    assert [phrase.claim.said for phrase in phrases if phrase.claim] == ["accepted campaign 1", "accepted campaign 2"]
    accepted = Condition(says="share of outcome", about=("accepted",))
    assert all(accepted.met_by(phrase.claim, Schema(()), {}) for phrase in phrases if phrase.claim)


def test_of_many_levels_the_event_is_told_or_what_sets_the_segment_apart() -> None:
    status = ["Churned"] * 50 + ["Stayed"] * 350 + ["Joined"] * 100 + ["Churned"] * 200 + ["Stayed"] * 200
    (phrase,) = outcome_phrases(profile_of((500, 400), Status=list(status)), 0)
    assert str(phrase).startswith("10% left, less than the average of 28% ")
    plans = ["A"] * 300 + ["B"] * 100 + ["C"] * 100 + ["A"] * 200 + ["B"] * 198 + ["C"] * 2
    segments = profile_of((500, 400), plan=list(plans))
    assert [str(outcome_phrases(segments, position)[0]).partition(" for ")[0] for position in (0, 1)] == [
        "plan: C",
        "plan: B",
    ]


@given(st.integers(5, 400), st.integers(5, 400), st.data())
def test_of_any_counts_the_words_hold_true(one: int, other: int, data: st.DataObject) -> None:
    assume(one >= other)
    events = data.draw(st.integers(0, one)), data.draw(st.integers(0, other))
    assume(0 < sum(events) < one + other)
    segments = profile_of((one, other), Churn=so_many((one, other), events))
    (outcome,) = segments.outcomes
    for position in (0, 1):
        (phrase,) = outcome_phrases(segments, position)
        text, share = str(phrase), events[position] / (one, other)[position]
        assert (" more than " in text or " times " in text) <= (share > outcome.overall)
        assert (" less than " in text) <= (share < outcome.overall)
        assert ("about" in text or "not clearly" in text) == (not outcome.differs[position])
        here, average = text.partition("% ")[0], text.partition("average of ")[2].partition("%")[0]
        assert here != average
