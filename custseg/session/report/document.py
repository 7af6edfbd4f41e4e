"""What a report says, as a checked JSON document: how it was made, each figure and sentence, and what was left out.

It stands in the file itself, for its scripts and for whoever wants to check it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from custseg.errors import SettingError, quote
from custseg.export.checked_document import Entry, first_error
from custseg.language import say
from custseg.narrative.playbook import Playbook
from custseg.session.project import ColumnMeaning, ColumnName, Columns, Seed, SegmentNumber, Steps, Text
from custseg.settings import K_RANGE
from custseg.wrong_entries import reason_of

VERSION = 1
MOST_COLUMNS = 2000
MOST_BLOCKS = 100_000

_K = Annotated[int, Field(ge=K_RANGE[0], le=K_RANGE[1])]
_Position = Annotated[int, Field(ge=0, le=MOST_BLOCKS)]
_Count = Annotated[int, Field(ge=0)]
_LongText = Annotated[str, Field(max_length=20_000)]
_Numbers = Annotated[tuple[float | None, ...], Field(max_length=MOST_BLOCKS)]


class ShownColumn(Entry):
    """A column whose averages are told: its name, what it is called with its unit, and its average of everybody."""

    name: ColumnName
    title: Text
    mean: float
    written: Text


class SuggestedAction(Entry):
    """What to do for a group in one area."""

    area: Text
    text: _LongText


class Group(Entry):
    """One group of a grouping: a segment, or several that count as one.

    ``means`` are the averages of the columns, ``written`` as people read them; ``place`` is where its centroid lies in
    the units in which a new customer is compared, empty where none is.
    """

    segments: Annotated[tuple[SegmentNumber, ...], Field(min_length=1)]
    name: Text
    slot: Annotated[int, Field(ge=0, lt=K_RANGE[1])]
    customers: _Count
    share: float
    spend_share: float | None = None
    means: _Numbers
    written: tuple[Text, ...]
    place: _Numbers = ()
    headline: _LongText
    facts: tuple[_LongText, ...] = ()
    conclusion: _LongText = ""
    actions: tuple[SuggestedAction, ...] = ()

    @property
    def numbers(self) -> str:
        """Which segments it is, as people write them."""
        return " and ".join(map(str, self.segments))


class LevelShare(Entry):
    """What share of each group of the result has a level, and last what share of all of them."""

    level: Text
    shares: _Numbers


class ToldCategory(Entry):
    """A category or an outcome, and its levels, of each of which enough customers of every group are."""

    name: ColumnName
    title: Text
    levels: Annotated[tuple[LevelShare, ...], Field(min_length=2)]


class Grouping(Entry):
    """The customers in so many segments: the groups that are shown, and the position of that of each block."""

    k: _K
    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=K_RANGE[1])]
    of_blocks: Annotated[tuple[_Position, ...], Field(max_length=MOST_BLOCKS)]


class Pictured(Entry):
    """What pictures are drawn of: the customers of each block, the average of each column in it, and who they are.

    ``means`` are columns x blocks. ``names`` are empty where customers are left out, or where a block has several.
    """

    counts: Annotated[tuple[_Count, ...], Field(max_length=MOST_BLOCKS)]
    means: Annotated[tuple[_Numbers, ...], Field(max_length=MOST_COLUMNS)]
    names: Annotated[tuple[Text, ...], Field(max_length=MOST_BLOCKS)] = ()


class Comparing(Entry):
    """How a new customer is compared: which columns, what each is divided by, and where it is evened out its knee."""

    columns: tuple[_Position, ...] = ()
    scales: tuple[float, ...] = ()
    knees: tuple[float | None, ...] = ()
    why_not: Text = ""


class How(Entry):
    """What makes the result again: what columns mean, which were compared, and the settings."""

    columns: Annotated[dict[ColumnName, ColumnMeaning], Field(max_length=MOST_COLUMNS)]
    features: Columns
    k: _K
    seed: Seed
    random_start: bool = False
    steps: Steps
    playbook: Playbook | Text | None = None

    @property
    def book(self) -> Playbook | None:
        """The playbook. Raises SettingError where it is called by a name that custseg doesn't have."""
        return Playbook.bundled(self.playbook) if isinstance(self.playbook, str) else self.playbook


class ReportDocument(Entry):
    """What a report says.

    ``least`` is how many customers each figure is of at least; with customers it is 1. ``fingerprint`` tells the
    features of the customers apart from all others (SHA-256). ``language`` is the one that its sentences and numbers
    are in. ``left_out`` says what is not in it, in sentences.
    """

    custseg_report: Literal[1] = VERSION
    customers: bool
    least: Annotated[int, Field(ge=1)]
    made: Annotated[datetime, Field(strict=False)]
    language: Literal["en", "de", "fr"] = "en"
    title: Text
    source: Text = ""
    fingerprint: Text
    versions: dict[Text, Text]
    how: How
    said_how: tuple[_LongText, ...]
    columns: Annotated[tuple[ShownColumn, ...], Field(min_length=1, max_length=MOST_COLUMNS)]
    x: _Position
    y: _Position
    pictured: Pictured
    groupings: Annotated[tuple[Grouping, ...], Field(min_length=1, max_length=K_RANGE[1])]
    comparing: Comparing
    categories: Annotated[tuple[ToldCategory, ...], Field(max_length=MOST_COLUMNS)] = ()
    left_out: tuple[_LongText, ...]

    @staticmethod
    def read(text: str) -> ReportDocument:
        """Read a document. Raises SettingError, with what is wrong, for any other text."""
        try:
            return ReportDocument.model_validate_json(text)
        except ValidationError as problem:
            raise SettingError(_what_is_wrong(problem)) from problem

    @property
    def shown(self) -> Grouping:
        """The grouping that the result itself is."""
        return next((each for each in self.groupings if each.k == self.how.k), self.groupings[0])

    @property
    def total(self) -> int:
        """How many customers all figures are of."""
        return sum(self.pictured.counts)


def _what_is_wrong(problem: ValidationError) -> str:
    first, where = first_error(problem)
    if where.startswith("custseg_report"):
        return say(
            "This is no report that this version of custseg can check: it reads version {own}, and the file says "
            "{version}. Save the report again, or install a newer custseg.",
            own=VERSION,
            version=quote(first["input"]),
        )
    why = reason_of(first)
    if not where:
        return say("This is no report of custseg: what it says is damaged ({why}). Save it again.", why=why)
    return say(
        "This is no report of custseg: what it says is damaged at {where} ({why}). Save it again.",
        where=quote(where),
        why=why,
    )
