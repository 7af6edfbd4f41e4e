"""What tables mean: look-alikes of real exports are understood as a careful analyst would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
import pytest

from custseg import DataError, from_transactions, understand
from tests.look_alikes import CUSTOMERS, LOOK_ALIKES, PURCHASES, CustomersLookAlike, LookAlike, PurchasesLookAlike
from tests.look_alikes.look_alike import Role

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.tables.understanding import Understanding

IS_A_DATE = "(?i)date|day"
DEFENDED = "one that can be defended"


def named(look_alike: LookAlike) -> str:
    return look_alike.file


@pytest.mark.parametrize("expected", CUSTOMERS, ids=named)
def test_customers_are_understood(expected: CustomersLookAlike, tmp_path: Path) -> None:
    understood = understand(expected.write(tmp_path))
    seen = {name: getattr(understood, name) for name in ("rows", "identifier", "customer", "order", "date", "amount")}
    assert seen == {
        "rows": "customers",
        "identifier": expected.identifier,
        "customer": expected.identifier,
        "order": None,
        "date": None,
        "amount": None,
    }
    assert roles_found(understood, expected) == right_roles(expected)
    assert set(understood.money) in [set(answer) for answer in right_money(expected)]
    assert_reasons(understood, expected)
    assert_asked(understood, expected)
    assert_preview(understood, expected)


@pytest.mark.parametrize("expected", PURCHASES, ids=named)
def test_purchases_are_understood(expected: PurchasesLookAlike, tmp_path: Path) -> None:
    understood = understand(expected.write(tmp_path))
    seen = {name: getattr(understood, name) for name in ("rows", "identifier", "customer", "order", "date", "amount")}
    right = {name: getattr(expected, name) for name in seen}
    right |= {name: answer for name, answer in expected.also.items() if seen[name] == answer}
    if expected.rows == "orders" and expected.order == expected.identifier and understood.order is None:
        # Each row is an order of its own: its number says no more.
        right["order"] = None
    assert seen == right
    assert understood.features[: len(expected.features)] == expected.features
    assert understood.money == (("monetary_value",) if expected.amount else ())
    assert understood.outcomes == ()
    if expected.returns is not None:
        assert re.search(expected.returns, understood.returns)
        assert bool(understood.returns) == bool(expected.returns)
    assert_asked(understood, expected)
    if expected.paid is not None or expected.amount is None:
        preview = understood.preview
        assert (preview.customers, preview.total, preview.mean) == pytest.approx(bought(expected), abs=1e-6)


@pytest.mark.parametrize("expected", [each for each in PURCHASES if each.refused], ids=named)
def test_purchases_that_cannot_be_summed_up_are_refused(expected: PurchasesLookAlike, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=expected.refused):
        from_transactions(expected.write(tmp_path))


@pytest.mark.parametrize("expected", CUSTOMERS, ids=named)
def test_a_right_answer_gives_each_column_one_role(expected: CustomersLookAlike) -> None:
    identifier = [expected.identifier] if expected.identifier else []
    placed = [*identifier, *[name for role in get_args(Role) for name in right_of(expected, role)], *expected.either]
    assert sorted(placed) == sorted(expected.frame().columns)
    assert all(set(answer) <= {*expected.features, *expected.either} for answer in right_money(expected))


@pytest.mark.parametrize("expected", PURCHASES, ids=named)
def test_a_right_answer_names_columns_of_purchases(expected: PurchasesLookAlike) -> None:
    frame = expected.frame()
    named_columns = (expected.customer, expected.order, expected.date, expected.identifier)
    assert {name for name in named_columns if name} <= set(frame.columns)
    assert frame[expected.customer].dropna().duplicated().any()
    assert expected.identifier is None or frame[expected.identifier].is_unique
    if expected.order:
        repeats = bool(frame[expected.order].duplicated().any())
        assert repeats == (expected.rows == "order lines")


def test_each_look_alike_has_a_file_of_its_own() -> None:
    assert len({each.file for each in LOOK_ALIKES}) == len(LOOK_ALIKES) >= 48


def right_of(expected: CustomersLookAlike, role: Role) -> tuple[str, ...]:
    return {
        "feature": expected.features,
        "category": expected.categories,
        "outcome": expected.outcomes,
        "ignored": (*expected.ignored, *expected.dates),
    }[role]


def right_money(expected: CustomersLookAlike) -> list[tuple[str, ...]]:
    return [expected.money, *([expected.money_or] if expected.money_or else [])]


def names_of(understood: Understanding, role: Role) -> tuple[str, ...]:
    return {
        "feature": understood.features,
        "category": understood.categories,
        "outcome": understood.outcomes,
        "ignored": tuple(understood.ignored),
    }[role]


def roles_found(understood: Understanding, expected: CustomersLookAlike) -> list[tuple[str, str]]:
    """Return the role of each column but the identifier; one that can be defended stands for all that can."""
    return sorted(
        (name, DEFENDED if role in expected.either.get(name, ()) else role)
        for role in get_args(Role)
        for name in names_of(understood, role)
    )


def right_roles(expected: CustomersLookAlike) -> list[tuple[str, str]]:
    decided = [(name, role) for role in get_args(Role) for name in right_of(expected, role)]
    return sorted([*decided, *((name, DEFENDED) for name in expected.either)])


def assert_reasons(understood: Understanding, expected: CustomersLookAlike) -> None:
    patterns = {**expected.ignored, **dict.fromkeys(expected.dates, IS_A_DATE), **expected.said}
    given = {name: understood.ignored.get(name) or understood.reasons.get(name, "") for name in patterns}
    assert {name: reason for name, reason in given.items() if not re.search(patterns[name], reason)} == {}


def assert_asked(understood: Understanding, expected: LookAlike) -> None:
    asked = [doubt.sentence for doubt in understood.doubts]
    assert [each for each in expected.asks if not any(re.search(each, sentence) for sentence in asked)] == []
    if expected.settled:
        assert [doubt.sentence for doubt in understood.doubts if doubt.matters] == []


def assert_preview(understood: Understanding, expected: CustomersLookAlike) -> None:
    """Compare with a sum by pandas; who has no known amount is in no mean."""
    preview, frame = understood.preview, expected.frame()
    assert preview.customers == len(frame)
    if not understood.money:
        assert (preview.total, preview.mean) == (None, None)
        return
    if expected.spent is None:
        spent = frame[list(understood.money)].apply(pd.to_numeric, errors="coerce").sum(axis=1, min_count=1)
    else:
        spent = expected.spent(frame)
    assert (preview.total, preview.mean) == pytest.approx((spent.sum(), spent.mean()), rel=1e-9)


def bought(expected: PurchasesLookAlike) -> tuple[int, float | None, float | None]:
    """Recompute how many customers bought anything, and what they paid less what they got back."""
    frame = expected.frame()
    customers = frame[expected.customer]
    if expected.paid is None:
        return int(customers.nunique()), None, None
    paid = expected.paid(frame).fillna(0).groupby(customers).agg(["sum", "max"])
    spent = paid.loc[paid["max"] > 0, "sum"]
    return len(spent), float(np.round(spent.sum(), 9)), float(spent.mean())
