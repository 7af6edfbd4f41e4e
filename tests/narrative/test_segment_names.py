"""Names and words of odd tables: never false, never twice the same, never silly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, interpret, profile, segment
from custseg.panes.parts.interpretation import evidence_html, words_markdown


def test_who_spends_more_of_everything_is_not_called_selective() -> None:
    customers = pd.DataFrame({"milk": [8, 8.5, 9, 14.5, 15, 15], "fish": [8, 8.5, 9, 14.5, 15, 15]})
    words = interpret(profile(segment(CustomerTable.read(customers, money=["milk", "fish"]), k=2, seed=0)))
    assert sorted(words.names) == ["Moderate: little milk and fish", "Moderate: milk and fish buyers"]


def test_hundreds_are_not_met_one_by_one() -> None:
    customers = pd.DataFrame({"milk": [*np.linspace(1, 2, 20_000), *np.linspace(90, 91, 100)]})
    words = interpret(profile(segment(CustomerTable.read(customers, money=["milk"]), k=2, seed=0)))
    assert "one by one" not in words.sentences[1]
    assert not [action for action in words.actions if "in person" in action.text or "each of them" in action.text]


def test_who_spends_nothing_is_not_said_to_spend_more_than_others() -> None:
    customers = pd.DataFrame({"milk": [0.0] * 60 + [5.0, 6, 7, 8] * 10})
    words = interpret(profile(segment(CustomerTable.read(customers, money=["milk"]), k=2, seed=0)))
    assert "hardly anyone spends less than the median customer" in words.sentences[0]
    assert words.actions_for(1)[-1].text == "Offer something small as a first purchase. They have bought nothing yet."


@pytest.mark.parametrize(
    "column",
    [
        "refund_amount",
        "discount_amount",
        "shipping_cost",
        "total_spend",
        "Umsatz",
        "Room revenue",
        "Sales YTD",
        "sales_q3",
        "APR 2023",
    ],
)
def test_money_that_buys_nothing_is_nothing_to_stock(column: str) -> None:
    customers = pd.DataFrame({column: [1.0, 1, 2, 90, 91, 92]})
    words = interpret(profile(segment(CustomerTable.read(customers, money=[column]), k=2, seed=0)))
    assert sorted(words.names) == ["Budget-conscious", "High-spending"]
    assert not [action.text for action in words.actions if column in action.text]


def test_a_missing_category_is_called_missing() -> None:
    customers = pd.DataFrame({"a": [1.0] * 30 + [9.0] * 30})
    customers["region"] = [None] * 30 + ["North", "South", "West"] * 10
    words = interpret(profile(segment(customers, k=2, seed=0)))
    assert "Region is missing: 100% (average 50%)." in " ".join(words.sentences)


def test_a_hostile_category_shows_as_itself_in_the_words() -> None:
    customers = pd.DataFrame({"a": [1.0] * 30 + [9.0] * 30})
    customers["<b>plan"] = ["<img src=x onerror=alert(1)>"] * 30 + ["two"] * 30
    words = interpret(profile(segment(customers, k=2, seed=0)))
    assert "<img src=x onerror=alert(1)>" in words.sentences[0] + words.sentences[1]
    for written in (words_markdown(words), evidence_html(words)):
        assert "<img" not in written
        assert "<b>" not in written


def test_years_differ_in_what_is_said_of_them() -> None:
    customers = pd.DataFrame({"since": [2018.0, 2018, 2018, 2019, 2019, 2019]})
    words = interpret(profile(segment(customers, k=2, seed=0)))
    assert "since (2019 against an average of 2018.5)" in " ".join(words.sentences)


def test_columns_that_add_up_to_one_name_do_not_name_two_segments() -> None:
    customers = pd.DataFrame({"x": [9.0, 9, 9, 1, 1, 1, 1, 1, 1], "y": [9.0, 9, 9, 1, 1, 1, 1, 1, 1]})
    customers["x and y"] = [1.0, 1, 1, 9, 9, 9, 1, 1, 1]
    words = interpret(profile(segment(CustomerTable.read(customers, money=["x", "y", "x and y"]), k=3, seed=0)))
    assert len({name.casefold() for name in words.names}) == 3


def test_a_name_beside_what_they_buy_says_one_thing_of_who_they_are() -> None:
    generator = np.random.default_rng(0)
    high = np.repeat([0.0, 1.0], 60)
    columns = {"wine": 10 + 90 * high, "meat": 10 + 80 * high, "age": 30 + 40 * high, "visits": 2 + 20 * high}
    customers = pd.DataFrame({name: values + generator.normal(0, 1, 120) for name, values in columns.items()})
    words = interpret(profile(segment(CustomerTable.read(customers, money=["wine", "meat"]), k=2, seed=0)))
    assert all(name.count(",") == 1 for name in words.names), words.names
