"""Which suggestion a segment has: conditions on outcomes, several at once, and on what people call a column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from custseg import Claim, Playbook, PlaybookChoice
from custseg.narrative.actions import plan_actions
from custseg.narrative.conditions import Condition
from custseg.narrative.playbook import Suggestion
from custseg.tables.column_roles import Column
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from custseg.narrative.claims import Statistic

SCHEMA = Schema(
    (
        Column("MonthlyCharges", "feature", "", money=True, label="monthly charges"),
        Column("Churn", "outcome", ""),
        Column("Customer Status", "outcome", ""),
        Column("Response", "outcome", ""),
        Column("V7", "feature", "", label="Support calls"),
    )
)


def claim(statistic: Statistic, value: float, baseline: float, **more: Any) -> Claim:
    return Claim(**{"segment": 1, "feature": None, "customers": 80, "everyone": 400} | more, statistic=statistic,
                 value=value, baseline=baseline)  # fmt: skip


def segments(*differences: list[Claim]) -> list[list[Claim]]:
    return [
        [claim("share of customers", 0.2, 1.0, segment=number), *claims]
        for number, claims in enumerate(differences, start=1)
    ]


def texts(book: Playbook, claims: list[list[Claim]], area: str) -> list[str]:
    plan = plan_actions(PlaybookChoice(book, ""), claims, SCHEMA, ("MonthlyCharges", "V7"), str)
    return [action.text for action in plan.actions if action.area == area]


LEFT = claim("share of outcome", 0.48, 0.265, feature="Churn", category="Yes", said="left", telling=True)
FEW_LEFT = claim("share of outcome", 0.10, 0.265, feature="Churn", category="Yes", said="left", telling=True)


@pytest.mark.parametrize("name", ["retail", "online_shop", "subscription", "bank"])
def test_who_spends_much_and_leaves_often_is_kept_and_not_reached_at_low_cost(name: str) -> None:
    rich, poor = claim("mean spend", 150.0, 100.0), claim("mean spend", 50.0, 100.0)
    book = Playbook.bundled(name)
    claims = segments([rich, LEFT], [poor, FEW_LEFT])
    first = [text for area in book.areas for text in texts(book, claims, area.name)[:1]]
    kept = [text for text in first if text.startswith("Keep the")]
    assert len(kept) == 1
    assert "48% of them left, 1.8 times the average" in kept[0]
    assert "1.5 times as much as the average customer" in kept[0]
    assert not [text for text in first if "low cost" in text or "cost little" in text or "Spend little" in text]


def test_an_action_rests_on_a_claim_for_each_of_its_conditions() -> None:
    spend = claim("mean spend", 150.0, 100.0)
    plan = plan_actions(
        PlaybookChoice(Playbook.bundled("subscription"), "why"), segments([spend, LEFT], []), SCHEMA, (), str
    )
    action = plan.actions[0]
    assert (action.area, action.claims, action.claim) == ("retention", (LEFT, spend), LEFT)
    assert plan.reason == "why"


@pytest.mark.parametrize(
    ("bounds", "fits"),
    [
        ({"at_least": 0.4}, True),
        ({"at_least": 0.5}, False),
        ({"at_most": 0.4}, False),
        ({"lift_at_least": 1.8}, True),
        ({"lift_at_least": 1.9}, False),
        ({"lift_at_most": 1.0}, False),
        ({"category": "Yes"}, True),
        ({"category": "No"}, False),
        ({"about": ("Response",)}, False),
        ({"about": ("left",)}, True),
        ({"about": ("churn",)}, True),
        ({"about": ("responded",)}, False),
    ],
)
def test_a_condition_bounds_an_outcome_s_share_or_its_lift(bounds: dict[str, Any], *, fits: bool) -> None:
    assert Condition(says="share of outcome", **bounds).met_by(LEFT, SCHEMA, {}) == fits


def test_what_chance_explains_or_one_customer_brings_about_is_no_reason() -> None:
    unsure = replace(LEFT, telling=False)
    assert not Condition(says="share of outcome", lift_at_least=1.2).met_by(unsure, SCHEMA, {})
    # One amount of 1,000,000 in another segment: by their order, these customers spend as much as others.
    ordinary = claim("mean spend", 40.0, 1000.0, effect=-0.05, rank=0.5)
    poor = claim("mean spend", 40.0, 100.0, effect=-0.6, rank=0.2)
    little = Condition(says="mean spend", at_most=0.67)
    assert [little.met_by(each, SCHEMA, {}) for each in (ordinary, poor)] == [False, True]


def test_a_condition_may_name_a_column_by_what_people_call_it() -> None:
    calls = claim("mean", 6.0, 2.0, feature="V7")
    assert Condition(says="mean", about=("support calls",)).met_by(calls, SCHEMA, {})
    assert Condition(says="mean", about="support").met_by(calls, SCHEMA, {"support": ("tickets", "support calls")})
    suggestion = Suggestion(area="stock", when=(Condition(says="mean", about="other"),), suggest="{feature}: {times}")
    assert texts(Playbook(suggestions=(suggestion,)), segments([calls], []), "stock") == ["Support calls: 3.0 times"]


def test_what_was_paid_in_all_is_no_monthly_fee() -> None:
    fee = Condition(says="mean", about=("monthly charges",))
    claims = [claim("mean", 90.0, 60.0, feature=name) for name in ("MonthlyCharges", "TotalCharges")]
    assert [fee.met_by(each, SCHEMA, {}) for each in claims] == [True, False]


def test_all_conditions_must_hold_and_shares_are_written_as_such() -> None:
    both = (Condition(says="share of outcome"), Condition(says="mean spend", at_least=1.2))
    suggestion = Suggestion(area="stock", when=both, suggest="{value} against {average}, {value_2} and {category}")
    book = Playbook(suggestions=(suggestion,))
    claims = segments([LEFT], [LEFT, claim("mean spend", 130.0, 100.0)])
    assert texts(book, claims, "stock") == ["48% against 26%, 130 and Yes"]


@pytest.mark.parametrize(("cell", "said"), [("Champions", "Thank them"), ("At risk", "Win them back now")])
def test_the_cells_of_rfm_have_advice(cell: str, said: str) -> None:
    cells = claim("share of category", 0.8, 0.2, feature="rfm_segment", category=cell)
    schema = Schema((*SCHEMA.columns, Column("rfm_segment", "category", "")))
    choice = PlaybookChoice(Playbook.bundled("online_shop"), "")
    plan = plan_actions(choice, segments([cells], []), schema, (), str)
    assert next(action.text for action in plan.actions if action.area == "retention").startswith(said)
