"""What a ledger holds, without the customers: periods, the segments in each, who moved, and what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from custseg.language import mark, say
from custseg.ledger.alarms import LEVEL, OF_A_SEGMENT, TESTS, Alarm
from custseg.ledger.file import GONE, has_figures, is_empty
from custseg.ledger.findings import Finding, read_finding
from custseg.ledger.lineage import Kind
from custseg.wording import as_written, count, escape_markdown, join_words, paragraphs_as_html, percent, untypeset

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import duckdb
    import pandas as pd

    Row = tuple[Any, ...]

IN_NONE, NOT_THERE = mark("in no segment"), mark("not there")
# Nothing that custseg writes is longer, or more.
_LONGEST, _MOST = 2000, 100_000
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of segments from one period to the next, by their lasting numbers; see ``lineage.Transition``."""

    kind: Kind
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm of a period, and whether it is new: it was not raised in the period before."""

    alarm: Alarm
    new: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody called a segment and wrote about it, from which period on, and when that was."""

    segment: int
    name: str
    note: str
    period: str
    written: datetime


@dataclass(frozen=True)
class Period:
    """One period of a ledger.

    Attributes
    ----------
    number, name, added, source
        Which it is, from 1; what it is called; when it was added, and the title of its table.
    found_anew
        Whether its segments were found anew, or are those of the period before, applied to the customers now.
    basis
        The number of the period in which its segments were found.
    sizes
        Customers of each segment, by its lasting number.
    described
        What each segment was called by what it was like.
    flows
        How many customers came from where, by the segments before and now: 0 stands for none, GONE for not there.
    redrawn
        How many are in another segment only since borders were redrawn: by the earlier ones they would have stayed.
    changes, alarms
        What became of segments, and what to look at.
    remark
        What could not be found out; empty where all could.

    """

    number: int
    name: str
    added: datetime
    source: str
    found_anew: bool
    basis: int
    redrawn: int
    remark: str
    sizes: Mapping[int, int] = field(repr=False)
    described: Mapping[int, str] = field(repr=False)
    flows: Mapping[tuple[int, int], int] = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    alarms: tuple[Raised, ...] = field(repr=False)

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return sum(customers for (_, now), customers in self.flows.items() if now != GONE)

    @property
    def came(self) -> int:
        """How many were not there in the period before."""
        return sum(customers for (before, _), customers in self.flows.items() if before == GONE)

    @property
    def left(self) -> int:
        """How many are no longer there."""
        return sum(customers for (_, now), customers in self.flows.items() if now == GONE)

    @property
    def moved(self) -> int:
        """How many were there, and are in another segment now."""
        return sum(
            customers for (before, now), customers in self.flows.items() if GONE not in (before, now) and before != now
        )

    @property
    def new_alarms(self) -> tuple[Alarm, ...]:
        """The alarms that were not raised in the period before."""
        return tuple(raised.alarm for raised in self.alarms if raised.new)

    @property
    def sentence(self) -> str:
        """Who is there, and who moved."""
        if self.number == 1:
            return say(
                "{period}: {customers} in {segments}, found anew.",
                period=self.name,
                customers=count(self.customers, "customer"),
                segments=count(len(self.sizes), "segment"),
            )
        who = (
            mark(
                "{period}: {customers}, {moved:,} of them in another segment than before ({redrawn:,} only since "
                "borders "
                "were redrawn); {came:,} came, {left:,} left."
            )
            if self.redrawn
            else mark(
                "{period}: {customers}, {moved:,} of them in another segment than before; {came:,} came, {left:,} left."
            )
        )
        told = say(
            who,
            period=self.name,
            customers=count(self.customers, "customer"),
            moved=self.moved,
            redrawn=self.redrawn,
            came=self.came,
            left=self.left,
        )
        how = say("The segments are found anew.") if self.found_anew else say("The segments are as before.")
        return f"{told} {how}"


_BECAME = {
    "birth": mark("{after} is new."),
    "split": mark("{before} has split into {after}."),
    "merge": mark("{before} have merged into {after}."),
    "replaced": mark("{before} has changed so much that it is another segment now: {after}."),
    "end": mark("{before} is gone."),
}
# Where most customers of a segment came from, and where they went to.
_MOST_MOVED = (
    mark("Of its {customers}, {most:,} came from {segment}."),
    mark("Of its {customers}, {most:,} went to {segment}."),
)
_MOST_ABSENT = (
    mark("Of its {customers}, {most:,} were not there before."),
    mark("Of its {customers}, {most:,} are no longer there."),
)


@dataclass(frozen=True)
class LedgerHistory:
    """All periods of a ledger, the first one first, and the words that people gave to segments, the oldest first."""

    periods: tuple[Period, ...]
    words: tuple[Words, ...]

    @property
    def last(self) -> Period | None:
        """The last period; None where there is none."""
        return self.periods[-1] if self.periods else None

    @cached_property
    def names(self) -> dict[int, str]:
        """What each segment is called: by people, else by what it was like when it was last there."""
        names = {segment: name for period in self.periods for segment, name in period.described.items()}
        return names | {each.segment: each.name for each in self.words if each.name}

    @cached_property
    def notes(self) -> dict[int, str]:
        """What people wrote about segments."""
        return {each.segment: each.note for each in self.words}

    def called(self, segment: int) -> str:
        """Return the lasting number of a segment and its name."""
        if segment in (0, GONE):
            return say(IN_NONE if segment == 0 else NOT_THERE)
        return f"{segment} {self.names.get(segment, '')}".strip()

    def say(self, period: Period, change: Change) -> str:
        """Say what became of segments in a period, as plain text."""
        before, after = (join_words([self.called(one) for one in side]) for side in (change.before, change.after))
        told = say(_BECAME[change.kind], before=before, after=after)
        most = {
            "birth": lambda: self._most(period, change.after, 0),
            "end": lambda: self._most(period, change.before, 1),
        }.get(change.kind, str)()
        return " ".join(filter(None, (told, most)))

    def _most(self, period: Period, segments: tuple[int, ...], other: int) -> str:
        """Say where most of the customers of a segment came from (0), or went to (1); empty of no segment or nobody."""
        moves = {ends[other]: size for ends, size in period.flows.items() if ends[1 - other] in segments[:1] and size}
        if not moves:
            return ""
        where = max(moves, key=lambda one: moves[one])
        return say(
            (_MOST_ABSENT if where == GONE else _MOST_MOVED)[other],
            customers=count(sum(moves.values()), "customer"),
            most=moves[where],
            segment=self.called(where),
        )

    def alarm(self, alarm: Alarm) -> str:
        """Return the sentence of an alarm, with the name of the segment that it is about."""
        sentence = _short(alarm.sentence)
        if alarm.kind not in OF_A_SEGMENT:
            return sentence
        return sentence.replace("{segment}", self.called(int(alarm.subject)))

    @property
    def sizes(self) -> pd.DataFrame:
        """Customers of each segment (columns) in each period (rows); empty where it was not there."""
        import pandas as pd

        rows = [pd.Series(dict(period.sizes), dtype="Int64") for period in self.periods]
        segments = sorted({segment for period in self.periods for segment in period.sizes})
        frame = pd.DataFrame([row.reindex(segments) for row in rows], columns=segments)
        frame.columns = pd.Index([self.called(segment) for segment in segments], name="segment")
        frame.index = pd.Index([period.name for period in self.periods], name="period")
        return frame

    @property
    def sentences(self) -> tuple[str, ...]:
        """What there is to say of the last period, as plain text."""
        if self.last is None:
            return (say("There is no period in this ledger yet."),)
        new, known = mark("New: {alarm}"), mark("Still so: {alarm}")
        alarms = (say(new if raised.new else known, alarm=self.alarm(raised.alarm)) for raised in self.last.alarms)
        changes = (self.say(self.last, change) for change in self.last.changes)
        return tuple(text for text in (self.last.sentence, *changes, *alarms, self.note(self.last)) if text)

    def note(self, period: Period) -> str:
        """Say what the alarms of a period rest on, and that there are none, as plain text."""
        if period.number == 1 or period.remark:
            return period.remark
        basis = next((one.basis for one in self.periods if one.number == period.number - 1), 0)
        since = next((one.name for one in self.periods if one.number == basis), say("the period"))
        compared = say(
            "Compared with {period}, in which the segments were found; each kind of alarm is a test at a level of "
            "{level}.",
            period=since,
            level=percent(LEVEL),
        )
        return compared if period.alarms else f"{say('No alarm.')} {compared}"

    def _repr_html_(self) -> str:
        return as_written(paragraphs_as_html(self.sentences) + self.sizes.to_html(na_rep=""))

    def _repr_markdown_(self) -> str:
        return untypeset("\n\n".join(map(escape_markdown, self.sentences)))


def read_history(connection: duckdb.DuckDBPyConnection) -> LedgerHistory:
    """Read all periods of a ledger that was checked; nothing where nothing was written yet."""
    if is_empty(connection):
        return LedgerHistory((), ())
    older = {} if has_figures(connection) else {"alarms": _PARTS["alarms"].replace("figures", "''")}
    parts = {part: _by_period(connection, query) for part, query in (_PARTS | older).items()}
    query = (
        "SELECT period, name, added, source, found_anew, basis, redrawn, remark FROM periods ORDER BY period LIMIT ?"
    )
    periods = tuple(
        _period(row, {part: rows.get(row[0], []) for part, rows in parts.items()}) for row in _rows(connection, query)
    )
    called = {period.number: period.name for period in periods}
    query = "SELECT segment, name, note, period, written FROM words ORDER BY written LIMIT ?"
    words = tuple(
        Words(segment, _short(name), _short(note), called.get(period, ""), written.replace(tzinfo=UTC))
        for segment, name, note, period, written in _rows(connection, query)
    )
    return LedgerHistory(periods, words)


_PARTS = {
    "segments": "SELECT period, segment, customers, described FROM segments ORDER BY segment LIMIT ?",
    "flows": "SELECT period, before, after, customers FROM flows ORDER BY ALL LIMIT ?",
    "changes": "SELECT period, kind, before, after FROM transitions LIMIT ?",
    "alarms": "SELECT period, kind, subject, sentence, p_value, new, figures FROM alarms LIMIT ?",
}


def _period(row: Row, parts: dict[str, list[Row]]) -> Period:
    number, name, added, source, found_anew, basis, redrawn, remark = row
    return Period(
        number=number,
        name=_short(name),
        added=added.replace(tzinfo=UTC),
        source=_short(source),
        found_anew=found_anew,
        basis=basis,
        redrawn=redrawn,
        remark=_short(remark),
        sizes={segment: customers for segment, customers, _ in parts["segments"]},
        described={segment: _short(described) for segment, _, described in parts["segments"]},
        flows={(before, after): customers for before, after, customers in parts["flows"]},
        changes=tuple(
            Change(kind, tuple(before), tuple(after))
            for kind, before, after in parts["changes"]
            if kind in get_args(Kind)
        ),
        alarms=tuple(raised for alarm in parts["alarms"] if (raised := _raised(*alarm)) is not None),
    )


def _raised(kind: str, subject: str, sentence: str, p_value: float, new: bool, figures: str) -> Raised | None:  # noqa: FBT001 - a row
    """Return an alarm as it was written; None for one that custseg doesn't write."""
    if kind not in TESTS or (kind in OF_A_SEGMENT and not _NUMBER.fullmatch(subject)):
        return None
    found: Finding | str = _short(sentence)
    if figures:
        try:
            found = read_finding(figures)
        except ValidationError:
            return None
        if found.kind != kind:
            return None
    return Raised(Alarm(kind, _short(subject), found, p_value), new)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    return connection.execute(query, [_MOST]).fetchall()


def _by_period(connection: duckdb.DuckDBPyConnection, query: str) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for period, *rest in _rows(connection, query):
        grouped.setdefault(period, []).append(tuple(rest))
    return grouped


def _short(text: str) -> str:
    return text[:_LONGEST]
