"""Segments over many periods: each is known again, who moved is kept, and what to look at is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.display import show
from custseg.errors import SettingError, listed, quote
from custseg.language import say
from custseg.ledger.basis import read_basis, write_basis
from custseg.ledger.file import GONE, LedgerFile, delete_period
from custseg.ledger.findings import as_text
from custseg.ledger.history import LedgerHistory, Period, read_history
from custseg.ledger.next_period import Before, How, NextPeriod, first_period, next_period
from custseg.session.annotations import check_name, check_note
from custseg.session.model import SegmentationModel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    import duckdb
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation

    Ids = tuple[int, ...]

LONGEST_PERIOD = 60


@dataclass(frozen=True)
class Ledger:
    """Segments over many periods, in one file. Each change of it is whole, or leaves it as it was."""

    file: LedgerFile

    @classmethod
    def open(cls, path: str | PathLike[str]) -> Ledger:
        """Open the ledger at a path; where there is none, the first period makes it.

        Raises
        ------
        DataError
            The file is no ledger, of another version, damaged, or in use.

        """
        ledger = cls(LedgerFile(Path(path)))
        if ledger.file.path.exists():
            ledger.history()
        return ledger

    def history(self) -> LedgerHistory:
        """Return all that the ledger holds but for single customers."""
        with self.file.reading() as connection:
            return read_history(connection)

    def compared(self) -> tuple[str, ...]:
        """Return the columns that the segments of the last period compare; none before the first period."""
        with self.file.reading() as connection:
            last = read_history(connection).last
            if last is None:
                return ()
            segments, _ = _read_segments(connection, last.number)
        return *segments.features, *segments.categories

    def view(self) -> Any:
        """Return what shows it: sizes over time, who moved, alarms, and the names."""
        return show(self, "view")

    def add(
        self,
        period: str,
        customers: object,
        *,
        segments: How = "auto",
        replace: bool = False,
        **settings: Any,
    ) -> Period:
        """Add a period: who is in which segment now, who moved, which segments are new, and what to look at.

        Parameters
        ----------
        period
            What to call it, such as “2026-11”. Periods are added one after another.
        customers
            A table, or anything that ``CustomerTable.read`` takes, with an identifier; or a Segmentation or a
            SegmentationModel, whose segments are then those of this period, with the names that people gave them.
        segments
            ``"kept"`` applies the segments of the period before to the customers now, ``"anew"`` finds as many anew,
            and ``"auto"`` does so where they no longer fit and new ones would be others.
        replace
            Whether to take the place of the last period, where that has the same name.
        settings
            ``k``, ``seed``, ``features`` and ``recipe`` as ``segment`` takes them; segments are then found anew.
            Without them, those of the period before.

        Raises
        ------
        DataError
            The table cannot be used, or the ledger cannot be read or written; nothing is then changed.
        SettingError
            The period is there already, or a setting is not allowed.

        """
        if segments not in ("auto", "kept", "anew"):
            msg = say("Segments are “auto”, “kept” or “anew”, but got {segments}.", segments=quote(segments))
            raise SettingError(msg)
        name = check_period(period)
        source, said = _given(customers)
        with self.file.writing() as connection:
            history = _make_room(connection, name, replacing=replace)
            before = _read_before(connection, history)
            made = first_period(source, settings) if before is None else next_period(before, source, segments, settings)
            _write(connection, history, name, made, before)
            _write_given_names(connection, history, made, said)
            return read_history(connection).periods[-1]

    def name(self, segment: int, name: str) -> None:
        """Call a segment (its lasting number) something from now on. Raises SettingError for what is not allowed."""
        self._write_words(segment, lambda history: (_checked(history, segment, name), history.notes.get(segment, "")))

    def note(self, segment: int, note: str) -> None:
        """Write something about a segment (its lasting number). Raises SettingError for what is not allowed."""
        self._write_words(segment, lambda history: (_given_name(history, segment), check_note(note)))

    def _write_words(self, segment: int, find: Callable[[LedgerHistory], tuple[str, str]]) -> None:
        # Where there is none, it is not made.
        self.history()
        with self.file.writing() as connection:
            history = read_history(connection)
            known = sorted({one for each in history.periods for one in each.sizes})
            if isinstance(segment, bool) or segment not in known:
                msg = say(
                    "There is no segment {segment} in this ledger. Choose from {known}.",
                    segment=quote(segment),
                    known=", ".join(map(str, known)),
                )
                raise SettingError(msg)
            _write_words(connection, history.periods[-1].number, segment, *find(history))

    def moves(self, period: str | None = None) -> pd.DataFrame:
        """Return who moved, came or left in a period (the last by default): customer, segment before and now.

        Segments are lasting numbers, 0 for none; who was not there before, or no longer is, has an empty one.
        """
        with self.file.reading() as connection:
            number = _number_of(read_history(connection), period)
            return connection.execute(_MOVES, [number, number]).df().astype({"before": "Int64", "now": "Int64"})


# Where everybody was before a period: the last that was written of each.
_STATE = (
    "SELECT customer, arg_max(segment, period) AS segment FROM placements WHERE period < ? GROUP BY customer "
    "HAVING arg_max(segment, period) <> -1"
)
_MOVES = (
    f"SELECT customer, earlier.segment AS before, nullif(placements.segment, -1) AS now FROM placements "  # noqa: S608
    f"LEFT JOIN ({_STATE}) AS earlier USING (customer) WHERE period = ? ORDER BY customer"
)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def check_period(name: object) -> str:
    """Return the name of a period, or raise SettingError for one that is empty, too long, or on several lines."""
    text = name.strip() if isinstance(name, str) else ""
    if text and len(text) <= LONGEST_PERIOD and text.isprintable():
        return text
    msg = say(
        "A period is called by a text of 1 to {longest} characters, such as “2026-11”, but got {name}.",
        longest=LONGEST_PERIOD,
        name=quote(name),
    )
    raise SettingError(msg)


def _given(customers: object) -> tuple[object, dict[int, tuple[str, str]]]:
    """Return a table or a result, and the names and notes that people gave to its segments (from 1)."""
    if not isinstance(customers, SegmentationModel):
        return customers, {}
    outcome = customers.outcome
    if outcome is None:
        msg = say("The model has no result yet. Run the clustering first, or give its table.")
        raise SettingError(msg)
    held = {number: outcome.annotations.get(slot) for number, slot in enumerate(outcome.slots, start=1)}
    return outcome.segmentation, {number: (each.name, each.note) for number, each in held.items() if each is not None}


def _make_room(connection: duckdb.DuckDBPyConnection, name: str, *, replacing: bool) -> LedgerHistory:
    """Return the periods that stay, or raise SettingError where this one is there already."""
    history = read_history(connection)
    last = history.last
    if name not in [period.name for period in history.periods]:
        return history
    if not replacing or last is None or last.name != name:
        there = say("The period {name} is in this ledger already, so nothing was changed.", name=quote(name))
        then = (
            say("To put another one in its place, replace it explicitly.")
            if last is None or last.name == name
            else say("It is not the last one, which is {last}.", last=quote(last.name))
        )
        msg = f"{there} {then}"
        raise SettingError(msg)
    delete_period(connection, last.number)
    return read_history(connection)


def _read_before(connection: duckdb.DuckDBPyConnection, history: LedgerHistory) -> Before | None:
    """Return what is known of the last period; None before the first."""
    if history.last is None:
        return None
    number = history.last.number
    segments, ids = _read_segments(connection, number)
    placed = connection.execute(_STATE, [number + 1]).df().set_index("customer")["segment"].astype(np.int64)
    largest = max((one for period in history.periods for one in period.sizes), default=0)
    return Before(segments, ids, placed, max(largest, *ids))


def _read_segments(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[Segmentation, Ids]:
    """Return the segments that a period has, as they were found, and their lasting numbers."""
    found = connection.execute("SELECT basis FROM periods WHERE period = ?", [number]).fetchall()
    return read_basis(connection, found[0][0])


def _write(
    connection: duckdb.DuckDBPyConnection, history: LedgerHistory, name: str, made: NextPeriod, before: Before | None
) -> None:
    """Write all that was found of a period."""
    last = history.last
    number = 1 if last is None else last.number + 1
    basis = number
    if made.found_anew:
        write_basis(connection, number, made.result, made.ids)
    else:
        basis = connection.execute("SELECT basis FROM periods WHERE period = ?", [number - 1]).fetchall()[0][0]
    now, title = _now(), made.result.table.title
    row = [number, name, now, title, basis, made.found_anew, made.redrawn, made.remark]
    connection.execute("INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    for segment, size, described in zip(made.ids, made.result.sizes.tolist(), made.described, strict=True):
        connection.execute("INSERT INTO segments VALUES (?, ?, ?, ?)", [number, segment, size, described])
    _write_placements(connection, number, made.placed, None if before is None else before.placed)
    for change in made.changes:
        row = [number, change.kind, list(change.before), list(change.after)]
        connection.execute("INSERT INTO transitions VALUES (?, ?, ?, ?)", row)
    known = set() if last is None else {(raised.alarm.kind, raised.alarm.subject) for raised in last.alarms}
    for alarm in made.alarms:
        row = [
            number,
            alarm.kind,
            alarm.subject,
            # Older programs wrote the sentence here.
            alarm.found if isinstance(alarm.found, str) else "",
            alarm.p_value,
            (alarm.kind, alarm.subject) not in known,
            "" if isinstance(alarm.found, str) else as_text(alarm.found),
        ]
        connection.execute("INSERT INTO alarms VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    _forget_bases(connection, number)


def _write_placements(
    connection: duckdb.DuckDBPyConnection, number: int, now: pd.Series[int], was: pd.Series[int] | None
) -> None:
    """Write who is elsewhere than before, and how many went from where to where."""
    import pandas as pd

    both = pd.DataFrame({"before": now.iloc[:0] if was is None else was, "after": now}).fillna(GONE).astype(np.int64)
    flows = both.value_counts(sort=False).reset_index(name="customers").assign(period=number)
    changed = both[both["before"] != both["after"]].rename_axis("customer").reset_index().assign(period=number)
    for table, frame in (
        ("flows", flows[["period", "before", "after", "customers"]]),
        ("placements", changed[["period", "customer", "after"]]),
    ):
        connection.register("to_write", frame)
        connection.execute(f"INSERT INTO {table} SELECT * FROM to_write")  # noqa: S608 - a table of ours
        connection.unregister("to_write")


def _forget_bases(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Delete customers that segments were found from, but those that this period rests on, and the one before."""
    needed = "SELECT basis FROM periods WHERE period >= ?"
    old = connection.execute(f"SELECT period FROM bases WHERE period NOT IN ({needed})", [number - 1]).fetchall()  # noqa: S608
    for (period,) in old:
        connection.execute("DELETE FROM bases WHERE period = ?", [period])
        connection.execute(f"DROP TABLE basis_{period:d}")


def _write_given_names(
    connection: duckdb.DuckDBPyConnection,
    history: LedgerHistory,
    made: NextPeriod,
    said: Mapping[int, tuple[str, str]],
) -> None:
    """Write the names and notes that people gave in the model, where they are others than those that are known."""
    last = read_history(connection).periods[-1]
    for position, segment in enumerate(made.ids, start=1):
        name, note = said.get(position, ("", ""))
        if (name, note) not in (("", ""), (_given_name(history, segment), history.notes.get(segment, ""))):
            _write_words(connection, last.number, segment, name, note)


def _write_words(connection: duckdb.DuckDBPyConnection, number: int, segment: int, name: str, note: str) -> None:
    row = [number, _now(), segment, name, note]
    connection.execute("INSERT INTO words VALUES (?, ?, ?, ?, ?)", row)


def _given_name(history: LedgerHistory, segment: int) -> str:
    """Return what somebody called a segment; empty where nobody did."""
    return next((each.name for each in reversed(history.words) if each.segment == segment), "")


def _checked(history: LedgerHistory, segment: int, name: str) -> str:
    last = history.last
    there = last.sizes if last is not None else {}
    return check_name(name, tuple(called for one, called in history.names.items() if one != segment and one in there))


def _number_of(history: LedgerHistory, period: str | None) -> int:
    names = [each.name for each in history.periods]
    if period is None and names:
        return history.periods[-1].number
    if period not in names:
        msg = say(
            "There is no period {period} in this ledger. Choose from {names}.",
            period=quote(period),
            names=listed(names),
        )
        raise SettingError(msg)
    return next(each.number for each in history.periods if each.name == period)
