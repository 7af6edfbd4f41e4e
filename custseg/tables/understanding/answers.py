"""What a person said of a table: which questions are left, and sentences that go with it into every export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import listed, quote
from custseg.language import say, written
from custseg.wording import join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custseg.tables.understanding import Doubt
    from custseg.tables.understanding.rows import RowMeaning


@dataclass(frozen=True, slots=True)
class Answers:
    """What each row is, which values stand for none, and which columns are spend; None where nobody said."""

    rows: str | None
    missing: Mapping[str, Sequence[float | str]]
    money: tuple[str, ...] | None

    def left_open(self, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
        """Return the questions that are not answered by this."""
        answered = {"rows"} if self.money is None else {"rows", "money"}
        return tuple(doubt for doubt in doubts if doubt.argument not in answered)

    def money_among(self, features: Iterable[str]) -> dict[str, bool]:
        """Return of each feature whether it is spend; of none where nobody said."""
        named = self.money
        return {} if named is None else {name: name in named for name in (*named, *features)}

    def sentences(self, found: RowMeaning) -> tuple[str, ...]:
        """Say what was answered, and what there is to say of the rows where that was not asked."""
        told = () if self.rows else tuple(doubt.sentence for doubt in found.doubts if not doubt.matters)
        return (
            *rows_as_said(self.rows, found),
            *told,
            *missing_as_said(self.missing),
            *money_as_said(self.money),
        )


def rows_as_said(rows: str | None, found: RowMeaning) -> tuple[str, ...]:
    """Say that each row counts as a customer where a person had to say so."""
    if rows is None or (found.rows == "customers" and not found.doubts):
        return ()
    return (say("Each row counts as a customer, as you said, though {why}.", why=found.reasons["rows"]),)


def missing_as_said(missing: Mapping[str, Sequence[float | str]]) -> tuple[str, ...]:
    """Say which values count as none, and which are values like any other."""
    none = (
        say(
            "In {column} {values} counts as no value, as you said.",
            column=quote(name),
            values=join_words([_written(value) for value in values]),
        )
        for name, values in missing.items()
        if values
    )
    kept = [name for name, values in missing.items() if not values]
    return (*none, *([say("All values of {columns} count, as you said.", columns=listed(kept))] if kept else []))


def money_as_said(money: Iterable[str] | None) -> tuple[str, ...]:
    """Say which columns a person named as spend."""
    if money is None:
        return ()
    names = list(money)
    return (
        say("Spend is {columns}, as you said.", columns=listed(names))
        if names
        else say("Nothing is spend, as you said."),
    )


def _written(value: float | str) -> str:
    return written(float(value), "g") if isinstance(value, float | int) else value
