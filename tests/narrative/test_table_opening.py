"""What is said of a table before a run: every number recomputed, and nothing where it would mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from custseg import CustomerTable
from custseg.narrative.table_opening import MOST_FACTS, describe_table

if TYPE_CHECKING:
    from pathlib import Path


def test_of_the_bundled_table_it_says_who_spends_what_is_uneven_and_what_is_missing(table_path: Path) -> None:
    opening = describe_table(CustomerTable.read(table_path))
    frame = pd.read_csv(table_path)
    amounts = frame[["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"]]
    spend = amounts.sum(axis=1).sort_values()
    share = spend.tail(44).sum() / spend.sum()
    assert "440 customers, who can be compared by 6 features: Fresh, Milk, " in opening.holds[0]
    assert opening.holds[1] == (
        f"They spend {spend.sum():,} monetary units a year in all, and {spend.mean():,.0f} each on average."
    )
    assert "Channel and Region are categories" in opening.holds[2]
    middle = frame["Delicassen"].median()
    spenders, uneven, missing = opening.facts
    assert spenders == f"The tenth who spend most, 44 customers, bring {share:.0%} of the spend."
    assert uneven == (
        f"Delicatessen is the most uneven: {frame['Delicassen'].mean():,.0f} on average, while half of the customers "
        f"have {middle:,.0f} or less."
    )
    assert missing == "No value is missing in what they are compared by."


def test_without_money_nothing_is_said_of_spend() -> None:
    table = pd.DataFrame({"age": np.arange(20.0, 80), "visits": np.arange(60.0) % 7, "plan": ["a", "a", "b"] * 20})
    opening = describe_table(CustomerTable.read(table))
    assert "spend" not in " ".join([*opening.holds, *opening.facts])
    assert "Plan is most often a, with 67%." in opening.facts


def test_what_is_missing_is_counted() -> None:
    table = pd.DataFrame({"age": np.arange(20.0, 80), "visits": np.arange(60.0) % 7})
    table.loc[:4, "age"] = np.nan
    table.loc[:1, "visits"] = np.nan
    opening = describe_table(CustomerTable.read(table))
    assert "Age is missing for 5 of 60 customers, and other values in 1 more column." in opening.facts


def test_of_amounts_below_nothing_no_tenth_is_told() -> None:
    generator = np.random.default_rng(0)
    table = CustomerTable.read(
        pd.DataFrame({"revenue": generator.normal(0, 100, 80), "orders": np.arange(80.0) % 9}), money=["revenue"]
    )
    assert not [fact for fact in describe_table(table).facts if "tenth" in fact]


def test_of_many_customers_a_sample_is_said_to_be_about() -> None:
    generator = np.random.default_rng(0)
    table = pd.DataFrame({"revenue": generator.lognormal(3, 1.2, 30_000), "orders": np.arange(30_000.0) % 9})
    facts = describe_table(CustomerTable.read(table)).facts
    assert facts[0].startswith("The tenth who spend most bring about ")
    ranked = np.sort(table["revenue"])
    told = int(facts[0].split("about ")[1].split("%")[0]) / 100
    assert abs(told - ranked[-3000:].sum() / ranked.sum()) < 0.03
    assert len(facts) == MOST_FACTS
