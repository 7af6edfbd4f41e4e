"""What a manager would say in a meeting: names, facts, conclusions and suggestions in everyday words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Playbook, interpret, profile, segment
from custseg.narrative.claims import Claim
from custseg.narrative.conditions import Condition
from custseg.narrative.playbook import Suggestion
from custseg.tables.outcome_words import event_word, kind_of_event, say_with

if TYPE_CHECKING:
    from pathlib import Path

    from custseg import Interpretation

ANYTHING = (Condition(says="mean"),)


def interpretation_of(customers: pd.DataFrame, features: list[str], **reading: Any) -> Interpretation:
    table = CustomerTable.read(customers, **reading)
    return interpret(profile(segment(table, features=features, k=2, seed=0)))


def around(low: float, high: float, noise: float = 1.0) -> np.ndarray[Any, Any]:
    """Return 160 customers about a lower and 100 about a higher number."""
    return np.repeat([low, high], [160, 100]) + np.random.default_rng(round(low * 7)).normal(0, noise, 260)


def suggested(text: str, value: float, label: str = "Orders", **more: Any) -> str:
    claim = Claim(1, "mean", "x", value, 100.0, 10, 90, **more)
    return Suggestion(area="stock", when=ANYTHING, suggest=text).about([claim], [""], [label])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (20.0, "It is a fifth of the average. A fifth as much."),
        (50.0, "It is half the average. Half as much."),
        (47.0, "It is 47% of the average. 47% as much."),
        (102.0, "It is about the average. About as much."),
        (230.0, "It is 2.3 times the average. 2.3 times as much."),
    ],
)
def test_a_multiple_fits_the_words_around_it_and_a_sentence_begins_with_a_capital(value: float, said: str) -> None:
    assert suggested("It is {times} the average. {times} as much.", value) == said


def test_an_average_is_said_to_be_one_once_and_a_filled_in_text_begins_a_sentence() -> None:
    text = "Ask. {feature} matters. Their average for {feature} is {value}, against {average} overall."
    told = suggested(text, 20.0, "average basket", shown=("20.0 EUR", "100"))
    assert told == "Ask. Average basket matters. Their average for basket is 20.0 EUR, against 100 overall."


@pytest.mark.parametrize(
    ("column", "here", "elsewhere"),
    [
        ("Churn", "Find out first why more of them left than elsewhere.", "Learn what keeps them: fewer of them left"),
        (
            "Default",
            "Find out first why more of them defaulted",
            "Fewer of them defaulted than elsewhere, so they",
        ),
        ("Response", "Turn to them first: more of them responded", "Turn to others first: fewer of them responded"),
        ("Renewed", "Learn what keeps them: more of them renewed", "Find out first why fewer of them renewed"),
        (
            "Complain",
            "Plan with this in mind: Complain is “yes” more often",
            "Plan with this in mind: Complain is “yes” less",
        ),
    ],
)
def test_what_to_do_about_an_outcome_depends_on_what_it_is(column: str, here: str, elsewhere: str) -> None:
    happened = np.random.default_rng(1).random(260) < np.repeat([0.1, 0.6], [160, 100])
    customers = pd.DataFrame({"place": around(0, 90), column: np.where(happened, "yes", "no")})
    words = interpretation_of(customers, ["place"], roles={column: "outcome"})
    rarer, oftener = words.conclusions
    assert oftener.startswith(here)
    assert rarer.startswith(elsewhere)


def test_customers_who_are_new_are_not_judged_by_what_they_have_spent_so_far() -> None:
    generator = np.random.default_rng(5)
    months = np.repeat([60.0, 6.0], [100, 160]) + generator.integers(0, 6, 260)
    customers = pd.DataFrame({"tenure": months, "total charges": months * generator.normal(50, 3, 260).round(2)})
    new, old = interpretation_of(customers, ["tenure", "total charges"], money=["total charges"]).conclusions
    assert new.startswith("They came later than most: too early to judge them by what they have spent, ")
    assert new.endswith("% of the average.")
    assert "effort" not in old


def test_an_event_is_known_by_its_word_and_named_once() -> None:
    assert say_with("accepted", "accepted campaign 5") == "accepted campaign 5"
    assert say_with("accepted", "Accepted campaign 5") == "accepted campaign 5"
    assert say_with("left", "churn 2024") == "left (churn 2024)"
    assert [event_word(said) for said in ("accepted campaign 5", "left (churn 2024)", "were lost")] == [
        "accepted",
        "left",
        "were lost",
    ]
    assert [kind_of_event(said) for said in ("accepted campaign 5", "joined", "")] == ["responding", "", ""]


def test_averages_of_small_counts_have_two_decimals_and_name_nobody() -> None:
    generator = np.random.default_rng(2)
    children = np.repeat([0, 1], [160, 100]) * (generator.random(260) < 0.96)
    customers = pd.DataFrame({"kids": children, "age": around(30, 62, 2), "toys": generator.lognormal(3, 0.3, 260)})
    table = CustomerTable.read(customers, money=["toys"], roles={"kids": "feature"})
    result = segment(table, features=["kids", "age"], k=2, seed=0)
    words = interpret(profile(result))
    own, everyone = children[result.labels == 2].mean(), children.mean()
    assert f"Kids: {own:.2f} (average {everyone:.2f})" in words.facts[1]
    assert not [name for name in words.names if "kids" in name]


def test_a_name_has_at_most_two_traits_however_much_is_different() -> None:
    columns = {name: around(10 + place, 90, 9) for place, name in enumerate(("pH", "torque", "speed", "heat", "mass"))}
    for name in interpretation_of(pd.DataFrame(columns), list(columns)).names:
        assert sum(column in name for column in columns) == 2


def test_the_total_is_no_fact_beside_its_parts() -> None:
    milk, fish = around(20, 60, 4), around(30, 90, 6)
    customers = pd.DataFrame({"milk": milk, "fish": fish, "all of it": milk + fish})
    words = interpretation_of(customers, ["milk", "fish", "all of it"], money=["milk", "fish"])
    assert words.facts[1][:2]
    assert not [text for text in (*words.names, *words.conclusions, *words.facts[1]) if "all of it" in text]


def test_counts_are_more_or_fewer_and_days_longer_or_shorter() -> None:
    generator = np.random.default_rng(3)
    customers = pd.DataFrame({
        "orders": generator.poisson(np.repeat([3, 14], [160, 100])),
        "last_order": around(90, 90.5, 1),
        "days_since_last_visit": generator.poisson(np.repeat([300, 20], [160, 100])),
    })  # fmt: skip
    told = interpretation_of(customers, ["orders", "days_since_last_visit"]).conclusions
    assert "fewer orders" in told[0]
    assert "a longer time since last visit" in told[0]
    assert "more orders" in told[1]
    assert "a shorter time since last visit" in told[1]


def test_a_number_has_its_unit_in_facts_and_evidence() -> None:
    customers = pd.DataFrame({"basket": around(20, 80, 2), "tenure": around(6.5, 40.5)})
    words = interpretation_of(customers, ["basket", "tenure"], units={"basket": "EUR", "tenure": "months"})
    own, everyone = customers["tenure"][160:].mean(), customers["tenure"].mean()
    assert f"Tenure: {own:.1f} months (average {everyone:.1f})" in words.facts[1]
    assert any(
        f"Average tenure: {own:.1f} months here, {everyone:.1f} overall." in one.evidence for one in words.claims
    )


def test_areas_rest_on_different_numbers_where_there_are_others(table_path: Path) -> None:
    words = interpret(profile(segment(table_path, k=4, seed=42)), Playbook.bundled("retail"))
    for position in (1, 2, 3):
        rested = [action.claims for action in words.actions_for(position) if action.claim.feature]
        assert len(set(rested)) == len(rested)
    goods = [action.claim.feature for action in words.actions_for(2)]
    assert goods == ["Grocery", "Detergents_Paper", "Fresh"]


def test_no_two_segments_are_told_the_same_where_there_is_more_to_say() -> None:
    customers = pd.DataFrame({"age": around(30, 60), "visits": np.tile([3.0, 30.0], 130) + around(0, 0)})
    customers["Churn"] = np.where(np.arange(260) % 3 == 0, "yes", "no")
    result = segment(CustomerTable.read(customers, roles={"Churn": "outcome"}), features=["age", "visits"], k=4, seed=0)
    told = interpret(profile(result)).conclusions
    assert len(set(told)) == len(told)
