"""What is told before anything is unfolded: short, the largest differences first, and nothing that is not so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Interpretation, interpret, profile, segment
from custseg.panes.parts.interpretation import evidence_html, words_markdown
from custseg.wording import markdown_as_html, percent

if TYPE_CHECKING:
    from pathlib import Path

MOST_WORDS = 250
ON_TOP = ("OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies")
YES_NO = ("SeniorCitizen", "Partner", "Dependents", "PaperlessBilling")


def subscribers() -> pd.DataFrame:
    """Customers of a telephone company with 16 categories, most of which go with how long they stay and what they pay.

    The six services on top of the internet are “No internet service” for the same customers, without exception.
    """
    generator, customers = np.random.default_rng(7), 1200
    tenure = generator.integers(1, 73, customers)
    internet = generator.choice(["No", "DSL", "Fiber optic"], customers, p=[0.22, 0.34, 0.44])
    monthly = 20 + 30 * (internet == "DSL") + 55 * (internet == "Fiber optic") + generator.normal(0, 5, customers)
    loyal, frame = tenure > 36, pd.DataFrame({"tenure": tenure, "MonthlyCharges": monthly})
    frame["TotalCharges"] = tenure * monthly
    for name in YES_NO:
        frame[name] = np.where(generator.random(customers) < np.where(loyal, 0.6, 0.4), "Yes", "No")
    phone = np.where(generator.random(customers) < 0.9, "Yes", "No")
    lines = np.where(generator.random(customers) < np.where(loyal, 0.7, 0.3), "Yes", "No")
    frame["PhoneService"], frame["MultipleLines"] = phone, np.where(phone == "No", "No phone service", lines)
    frame["InternetService"] = internet
    for name in ON_TOP:
        bought = np.where(generator.random(customers) < np.where(loyal, 0.7, 0.3), "Yes", "No")
        frame[name] = np.where(internet == "No", "No internet service", bought)
    frame["Contract"] = np.where(loyal, generator.choice(["One year", "Two year"], customers), "Month-to-month")
    payments = ["Mailed check", "Electronic check", "Credit card (automatic)"]
    frame["PaymentMethod"] = np.where(loyal, payments[2], generator.choice(payments, customers))
    frame["gender"] = generator.choice(["Female", "Male"], customers)
    return frame


def interpretation_of(customers: object, k: int = 2, **reading: object) -> Interpretation:
    return interpret(profile(segment(CustomerTable.read(customers, **reading), k=k, seed=0)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def telephone() -> Interpretation:
    return interpretation_of(subscribers(), 4, money=["TotalCharges"])


def seen_words(words: Interpretation) -> int:
    """How many words the page shows before anything is unfolded."""
    page = markdown_as_html(words_markdown(words)) + evidence_html(words)
    folded = re.compile(r"(<details><summary[^>]*>.*?</summary>).*?</details>", re.DOTALL)
    return len(re.sub(r"<[^>]*>", " ", folded.sub(r"\1", page)).split())


@pytest.mark.parametrize("name", ["wholesale_customers.csv", "online_shop_customers.csv", "loyalty_cards.parquet"])
def test_four_segments_take_few_words_before_anything_is_unfolded(table_path: Path, name: str) -> None:
    words = interpret(profile(segment(table_path.with_name(name), k=4, seed=42)))
    assert seen_words(words) <= MOST_WORDS
    short = str(words).split("**In detail.**", maxsplit=1)[0]
    assert len(short.split()) <= MOST_WORDS


def test_sixteen_categories_take_no_more_words_than_two(telephone: Interpretation) -> None:
    assert len(subscribers().select_dtypes(exclude="number").columns) == 16
    assert seen_words(telephone) <= MOST_WORDS
    assert len(" ".join(telephone.sentences).split()) <= 400


def test_of_many_categories_three_are_told_of_a_segment(telephone: Interpretation) -> None:
    for position in range(1, 5):
        told = [one for one in telephone.claims if (one.segment, one.statistic) == (position, "share of category")]
        assert 0 < len(told) <= 3
        assert all(claim.value >= 1.25 * claim.baseline for claim in told)


def test_what_several_columns_say_of_the_same_customers_is_said_once(telephone: Interpretation) -> None:
    merged = "No internet service (online security and 5 more): "
    assert any(merged in sentence for sentence in telephone.sentences)
    for sentence in telephone.sentences:
        assert len(re.findall("No internet service|nternet service is No", sentence)) <= 1


def test_the_facts_are_the_largest_differences_each_with_its_number(telephone: Interpretation) -> None:
    customers = subscribers()
    result = segment(CustomerTable.read(customers, money=["TotalCharges"]), k=4, seed=0)
    numbers = pd.get_dummies(customers, columns=["InternetService", "Contract"], dtype=float)
    numbers = numbers.select_dtypes("number")
    for position, facts in enumerate(telephone.fact_phrases, start=1):
        own = numbers[result.labels == position]
        distances = (own.mean() - numbers.mean()) / numbers.std(ddof=0)
        told = [claim for (phrase,) in facts if (claim := phrase.claim) is not None]
        assert len(told) == 3
        keys = [f"{one.feature}_{one.category}" if one.category else one.feature for one in told]
        measured = [abs(distances[key]) for key in keys if key in distances]
        assert measured == sorted(measured, reverse=True)
        in_numbers = re.compile(r"\d|half|a third|a quarter|a fifth|a tenth")
        assert all(in_numbers.search(fact) for fact in telephone.facts[position - 1])


def test_what_became_of_customers_is_told_first_and_asked_about() -> None:
    customers = subscribers()
    leaves = np.random.default_rng(3).random(len(customers)) < np.where(customers["tenure"] > 36, 0.05, 0.5)
    customers["Churn"] = np.where(leaves, "Yes", "No")
    table = CustomerTable.read(customers, money=["TotalCharges"], roles={"Churn": "outcome"})
    result = segment(table, k=4, seed=0)
    words, shares = interpret(profile(result)), pd.Series(leaves).groupby(result.labels).mean()
    for position, share in enumerate(shares):
        first, *others = words.facts[position]
        assert first.startswith(f"{share:.0%} left, " if share > 0.1 else f"{100 * share:.1f}% left, ")
        assert len(others) == 2
        assert first in words.sentences[position]
        asked = f"{'more' if share > leaves.mean() else 'fewer'} of them left"
        told = words.fact_phrases[position][0][0].claim
        assert told is not None
        assert asked not in words.conclusions[position] or told.telling
    assert any(one == "Find out first why more of them left than elsewhere." for one in words.conclusions)
    assert seen_words(words) <= MOST_WORDS


def test_no_difference_is_told_that_does_not_show_in_its_digits() -> None:
    rare = np.zeros(40_000, dtype=bool)
    rare[:240], rare[20_000:20_120] = True, True
    customers = pd.DataFrame({"a": np.repeat([1.0, 9.0], 20_000), "gift": np.where(rare, "yes", "no")})
    words = interpretation_of(customers)
    assert percent(0.012) == percent(0.009)
    assert "gift" not in " ".join(words.sentences)


def test_one_typed_million_makes_nobody_else_budget_conscious() -> None:
    spend = np.random.default_rng(0).lognormal(5, 0.4, 300)
    spend[17] = 1_000_000
    words = interpretation_of(pd.DataFrame({"spend": spend}), money=["spend"])
    assert words.names == ("Spending like most", "High-spending")
    assert words.facts[0] == ()
    assert words.conclusions[0] == "Like most customers in everything; nothing here calls for separate treatment."
    assert ", which the largest amounts decide; the median customer spends more than 50 in 100" in words.sentences[0]


def test_one_typed_million_within_a_segment_makes_it_no_high_spending_one() -> None:
    generator = np.random.default_rng(1)
    visits = np.repeat([2.0, 30.0], 150) + generator.normal(0, 1, 300)
    customers = pd.DataFrame({"visits": visits, "spend": generator.lognormal(5, 0.4, 300)})
    customers.loc[3, "spend"] = 1_000_000
    table = CustomerTable.read(customers, money=["spend"])
    words = interpret(profile(segment(table, features=["visits"], k=2, seed=0)))
    assert not [name for name in words.names if name.startswith(("High", "Budget"))]


def test_amounts_that_are_mostly_below_zero_are_no_spend() -> None:
    generator = np.random.default_rng(2)
    customers = pd.DataFrame({"Repayment": np.append(generator.normal(-500, 50, 60), generator.normal(900, 50, 50))})
    words = interpretation_of(customers, money=["Repayment"])
    told = " ".join((*words.headlines, *words.sentences, *words.conclusions))
    assert "spen" not in told
    assert "times" not in told


def test_a_segment_like_all_others_is_said_to_need_nothing() -> None:
    customers = pd.DataFrame({"score": [0.0, 0, 0, 50, 50, 50, 50, 50, 50, 100, 100, 100]})
    words = interpretation_of(customers, 3)
    assert words.conclusions[0] == "Close to the average in everything; nothing here calls for separate treatment."
    assert words.facts[0] == ()


def test_who_differs_in_nothing_but_spend_is_not_said_to_differ_in_nothing() -> None:
    generator = np.random.default_rng(5)
    place = np.concatenate([generator.normal(0, 1, 100), generator.normal(50, 1, 100), generator.normal(100, 1, 100)])
    customers = pd.DataFrame({"place": place, "spend": np.repeat([70.0, 130, 70], 100) + generator.normal(0, 5, 300)})
    table = CustomerTable.read(customers, money=["spend"])
    words = interpret(profile(segment(table, features=["place"], k=3, seed=0)))
    middle = next(text for text, facts in zip(words.conclusions, words.facts, strict=True) if not facts)
    assert middle == "But for what they spend, nothing sets them apart."


def test_a_column_is_called_what_people_call_it() -> None:
    ends = np.linspace(1, 2, 60), np.linspace(90, 92, 60)
    customers = pd.DataFrame({"MntWines": np.concatenate(ends), "trb": np.concatenate(ends) ** 0.5})
    customers["ct"] = ["x"] * 60 + ["y"] * 60
    table = CustomerTable.read(customers, money=["MntWines"])
    labels = {"MntWines": "wines", "trb": "trips abroad", "ct": "kind of contract"}
    columns = [replace(column, label=labels[column.name]) for column in table.columns]
    words = interpret(profile(segment(replace(table, columns=tuple(columns)), k=2, seed=0)))
    told = (*words.names, *words.headlines, *words.conclusions, *words.sentences, *words.categories)
    told = (*told, *(fact for facts in words.facts for fact in facts), *(claim.evidence for claim in words.claims))
    assert not re.search(r"MntWines|trb|\bct\b", " ".join(told))
    assert "Wines: 2.0 times the average" in words.facts[1]
    assert "Kind of contract is y: 100% (average 50%)" in words.facts[1]


def test_a_person_s_name_is_in_the_headline() -> None:
    words = interpretation_of(pd.DataFrame({"a": [1.0, 1, 2, 90, 91, 92]}))
    renamed = replace(words, names=("Quiet", "Loud"))
    assert renamed.headlines == ("Quiet. 3 customers (50%).", "Loud. 3 customers (50%).")


def test_a_notebook_folds_the_detail(telephone: Interpretation) -> None:
    shown = telephone._repr_html_()
    assert shown.count('<details><summary aria-label="Segment ') == 4
    outside = re.sub("<details>.*?</details>", "", shown, flags=re.DOTALL)
    # The one sentence of what follows of a segment is no detail.
    follows = "They came later than most: too early to judge them by what they have spent"
    assert "They " not in outside.partition("What to do with this")[0].replace(follows, "")
    assert "Contract is Month-to-month" in outside
