"""Which columns can be made an outcome, and what is said of those that can't."""

from __future__ import annotations

import pytest

from custseg import CustomerTable, SettingError

ROWS = 120


def table(**columns: list[object]) -> CustomerTable:
    import pandas as pd

    return CustomerTable.read(pd.DataFrame({"spend": [row * 1.5 for row in range(ROWS)], **columns}))


def repeated(*cells: object) -> list[object]:
    return [cells[row % len(cells)] for row in range(ROWS)]


@pytest.mark.parametrize(
    "cells",
    [
        repeated("Yes", "No"),
        repeated("yes", "YES ", "No", "n/a"),
        repeated(True, False),
        repeated(1, 0),
        repeated(1.0, 0.0, None),
        repeated("gold", "silver", "bronze"),
        repeated(*range(1, 13)),
        repeated(1, "1", "0"),
    ],
)
def test_a_column_of_few_levels_may_be_an_outcome(cells: list[object]) -> None:
    changed = table(c=cells).change(roles={"c": "outcome"})
    assert changed.outcomes == ("c",)
    assert changed.column("c").reason == "chosen by you"
    assert "c" not in (*changed.features, *changed.categories)
    assert any(note.startswith("Outcome: “c”") for note in changed.notes)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (list(range(ROWS)), "it has more than 12 different values"),
        ([f"c{row}" for row in range(ROWS)], "it has more than 12 different values"),
        (repeated(*range(13)), "it has more than 12 different values"),
        ([row / 7 for row in range(ROWS)], "it has more than 12 different values"),
        (repeated("2024-01-01", "2024-01-02"), "it holds dates"),
        (repeated([1], [2]), "it holds neither numbers nor texts"),
        (repeated("Yes", "yes", None), "its values do not differ"),
        (repeated("Yes", "n/a"), "its values do not differ"),
        (repeated(None), "no row has a value"),
    ],
)
def test_what_cannot_be_an_outcome_is_refused_with_what_to_do(cells: list[object], why: str) -> None:
    with pytest.raises(SettingError) as refused:
        table(c=cells).change(roles={"c": "outcome"})
    assert str(refused.value) == (
        f"“c” cannot be an outcome, since {why}. An outcome is one of 2 to 12 levels, such as yes and no: add a column "
        "of these to the table, or leave this one as it is."
    )


def test_the_last_feature_cannot_become_an_outcome() -> None:
    customers = table(few=repeated(1.5, 2.5)).change(roles={"spend": "ignored", "few": "feature"})
    with pytest.raises(SettingError, match="at least one feature"):
        customers.change(roles={"few": "outcome"})


def test_an_outcome_is_no_money() -> None:
    customers = table(amount=repeated(150.5, 250.5)).change(money={"amount": True}, roles={"amount": "feature"})
    changed = customers.change(roles={"amount": "outcome"})
    assert "amount" not in changed.money(["amount", "spend"])
