"""Which columns say what became of customers, which level is the event, and how that is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.tables.outcome_words import are_yes_and_no, find_event, looks_like_outcome, say_event

YES_NO, ONE_ZERO, TRUE_FALSE = ("Yes", "No"), ("0", "1"), ("True", "False")


@pytest.mark.parametrize(
    ("name", "levels", "event", "said"),
    [
        ("Churn", YES_NO, "Yes", "left"),
        ("churned", ("y", "n"), "y", "left"),
        ("ChurnLabel", YES_NO, "Yes", "left"),
        ("Exited", ONE_ZERO, "1", "left"),
        ("Attrition_Flag", ("Existing Customer", "Attrited Customer"), "Attrited Customer", "left"),
        ("Customer Status", ("Stayed", "Churned", "Joined"), "Churned", "left"),
        ("churn_in_30_days", YES_NO, "Yes", "left (churn_in_30_days)"),
        ("default.payment.next.month", ONE_ZERO, "1", "defaulted"),
        ("loan_default", TRUE_FALSE, "True", "defaulted"),
        ("Response", ONE_ZERO, "1", "responded"),
        ("AcceptedCmp3", ONE_ZERO, "1", "accepted (AcceptedCmp3)"),
        ("Converted", YES_NO, "Yes", "converted"),
        ("conversion", ONE_ZERO, "1", "converted"),
        ("Revenue", TRUE_FALSE, "True", "bought"),
        ("Purchased Bike", YES_NO, "Yes", "bought (Purchased Bike)"),
        ("is_canceled", ONE_ZERO, "1", "cancelled"),
        ("Subscribed", YES_NO, "Yes", "subscribed"),
        ("renewal", TRUE_FALSE, "True", "renewed"),
        ("y", ("no", "yes"), "yes", ""),
        ("TARGET", ONE_ZERO, "1", ""),
        ("Subscription status", ("active", "cancelled", "n/a"), "cancelled", "cancelled"),
        ("deal result", ("Won", "Lost"), "Won", "were won"),
        ("Risk", ("good", "bad"), "bad", ""),
    ],
)
def test_outcomes_of_real_exports_are_known_by_name_and_levels(
    name: str, levels: tuple[str, ...], event: str, said: str
) -> None:
    reason = looks_like_outcome(name, levels)
    assert reason is not None
    assert reason.startswith("what became of customers, judging by its ")
    known = [level for level in levels if level != "n/a"]
    assert find_event(dict.fromkeys(known, 10)) == event
    assert say_event(name, name, event, yes_or_no=are_yes_and_no(known)) == said


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("Gender", ("F", "M")),
        ("PhoneService", YES_NO),
        ("IsActiveMember", ONE_ZERO),
        ("Complain", ONE_ZERO),
        ("hand", ("left", "right")),
        ("left_handed", YES_NO),
        ("theme", ("default", "dark")),
        ("default_language", ("de", "en")),
        ("default_address", YES_NO),
        ("accepted_terms", YES_NO),
        ("subscribed_to_newsletter", YES_NO),
        ("responsible", YES_NO),
        ("Revenue", ("12.5", "99", "0")),
        ("Churn Score", ONE_ZERO),
        ("predicted_churn", YES_NO),
        ("previous_default", YES_NO),
        ("Churn Reason", ("Price", "Competitor", "Moved")),
        ("Order Status", ("cancelled", "shipped")),
        ("label", ("A", "B")),
        ("Condition", ("good", "bad")),
        ("Risk", ("low", "high")),
        ("Churn", ("Yes",)),
        ("Churn", ()),
        ("Churn", (None, "", "n/a")),
        ("Churn", tuple(str(number) for number in range(40))),
    ],
)
def test_what_is_about_something_else_is_no_outcome(name: str, levels: tuple[str | None, ...]) -> None:
    assert looks_like_outcome(name, levels) is None


@pytest.mark.parametrize(
    ("name", "level", "levels"),
    [
        # A negation turns a word around.
        ("not_renewed", "Yes", "yes and no"),
        ("Status", "Not churned", "others"),
        ("Status", "non-converted", "others"),
        # Said of the level that is no event.
        ("Churn", "No", "yes and no"),
        # A hand and a theme, which somebody made outcomes all the same.
        ("hand", "left", "others"),
        ("theme", "default", "others"),
        ("left_handed", "Yes", "yes and no"),
        ("default_address", "Yes", "yes and no"),
        ("Churn Score", "1", "yes and no"),
        ("Order Status", "cancelled", "others"),
    ],
)
def test_where_the_vocabulary_would_be_wrong_it_is_silent(name: str, level: str, levels: str) -> None:
    assert say_event(name, name, level, yes_or_no=levels == "yes and no") == ""


def test_without_a_word_the_rarer_of_two_is_the_event_and_of_more_none() -> None:
    assert find_event({"blue": 90, "red": 10}) == "red"
    assert find_event({"blue": 90, "red": 10, "green": 5}) is None
    assert find_event({"Churned": 90, "Not churned": 10}) == "Churned"
    assert find_event({"1": 99, "0": 1}) == "1"


@given(st.text(), st.lists(st.text() | st.none(), max_size=15))
def test_any_name_and_levels_are_judged(name: str, levels: list[str | None]) -> None:
    texts = [level for level in levels if level is not None]
    assert looks_like_outcome(name, levels) == looks_like_outcome(name, levels[::-1])
    event = find_event(dict.fromkeys(texts, 1)) if texts else None
    assert event is None or event in texts
