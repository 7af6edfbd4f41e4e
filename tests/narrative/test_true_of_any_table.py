"""Whatever a table holds: only money is called spend, and no key and nothing that is ignored comes into words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg import CustomerTable, interpret, profile, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from custseg import Interpretation, Phrase
    from custseg.insight.profile import Profile

    Values = npt.NDArray[Any]

ROWS = 90
MONEY: dict[str, Callable[[np.random.Generator, Values], Values]] = {
    "SpendQuux": lambda random, group: random.lognormal(4 + group, 0.6),
    "AmtWibble": lambda random, _: random.lognormal(3, 0.5) * np.ones(ROWS) + random.lognormal(2, 1, ROWS),
    "quince_revenue": lambda random, group: np.where(random.random(ROWS) < 0.2, np.nan, random.lognormal(5 - group, 1)),
}
OTHERS: dict[str, Callable[[np.random.Generator, Values], Values]] = {
    "NumPlonk": lambda random, group: random.poisson(5 + 6 * group),
    "balance_frob": lambda random, group: random.normal(1000, 400, ROWS) - 900 * group,
    "IncomeZorp": lambda random, _: random.lognormal(9, 0.4, ROWS),
    "AverageFnord": lambda random, _: random.lognormal(3, 0.4, ROWS),
    "Year_Birth": lambda random, _: 1950 + random.integers(0, 50, ROWS),
    "colour": lambda random, _: random.choice(["red", "green", "blue"], ROWS),
    "kind": lambda random, group: np.array(["barada", "klaatu"])[(random.random(ROWS) < group / 2).astype(int)],
}
IGNORED: dict[str, Callable[[np.random.Generator, Values], Values]] = {
    "customer_id_xyzzy": lambda random, _: random.permutation(90_000)[:ROWS],
    "zipgrault": lambda random, _: 0 * random.integers(1, 9, ROWS),
    "postcode": lambda random, _: random.integers(10_000, 99_999, ROWS),
    "PhoneWaldo": lambda random, _: random.integers(10**8, 10**9, ROWS),
    "DatePlugh": lambda random, _: (
        np.datetime64("2024-01-01") + random.integers(0, 500, ROWS).astype("timedelta64[D]")
    ).astype("datetime64[ns]"),
    "Unnamed: 0": lambda random, _: np.sort(random.permutation(ROWS)),
}
POOL = MONEY | OTHERS | IGNORED


def draw(seed: int, names: list[str]) -> CustomerTable:
    random = np.random.default_rng(seed)
    group = np.sort(random.integers(0, 3, ROWS))
    columns = {name: np.broadcast_to(POOL[name](random, group), (ROWS,)) for name in names}
    return CustomerTable.read(pd.DataFrame({**columns, "basis": random.normal(50 + 20 * group, 8)}))


def phrases_of(words: Interpretation) -> Iterator[Phrase]:
    yield from (phrase for line in (*words.headline_phrases, *words.conclusion_phrases) for phrase in line)
    yield from (phrase for lines in words.fact_phrases for line in lines for phrase in line)
    yield from (phrase for paragraph in words.paragraphs for phrase in paragraph)


def all_that_is_said(words: Interpretation) -> str:
    actions = [action.text for action in words.actions]
    evidence = [claim.evidence for claim in words.claims]
    return "\n".join([str(words), *words.names, *actions, *words.categories, *evidence]).replace("\\", "")


tables = st.builds(
    draw, st.integers(0, 10_000), st.lists(st.sampled_from(sorted(POOL)), min_size=1, max_size=9, unique=True)
)


@given(tables)
@settings(max_examples=40, deadline=None)
def test_words_are_true_of_any_table(table: CustomerTable) -> None:
    shape = profile(segment(table, k=3, seed=0))
    words = interpret(shape)
    check_silence(table, all_that_is_said(words))
    check_money(table, shape, words)
    check_means(shape, words)


def check_silence(table: CustomerTable, said: str) -> None:
    """No key and nothing that is ignored is spoken of."""
    silent = [column for column in table.columns if column.role in ("identifier", "ignored")]
    assert {column.name for column in silent} >= IGNORED.keys() & {column.name for column in table.columns}
    assert [column.name for column in silent if column.name in said or (column.label and column.label in said)] == []


def check_money(table: CustomerTable, shape: Profile, words: Interpretation) -> None:
    """Only money is called spend."""
    assert set(shape.money) == MONEY.keys() & {column.name for column in table.columns}
    wrong = [
        phrase.text
        for phrase in phrases_of(words)
        if phrase.claim is not None and phrase.claim.statistic == "mean" and phrase.claim.feature not in shape.money
        if re.search(r"\bspen[dt]", phrase.text, re.IGNORECASE)
    ]
    assert wrong == []
    if not shape.money:
        assert not re.search(r"\bspen[dt]|\bbudget|\bhigh-spending", all_that_is_said(words), re.IGNORECASE)


def check_means(shape: Profile, words: Interpretation) -> None:
    """An average that is told is the one in the table of segments."""
    for phrase in phrases_of(words):
        claim = phrase.claim
        if claim is not None and claim.statistic == "mean" and claim.feature is not None:
            found = shape.frame[claim.feature].to_numpy(dtype=float)[claim.segment - 1]
            assert claim.value == pytest.approx(found, rel=1e-12)
