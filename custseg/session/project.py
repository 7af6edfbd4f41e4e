"""A project: what a person set, named and wrote, without the customers; it brings a session back on the same table.

It is a JSON document with a version. Whatever one holds may come from anywhere, so all of it is checked.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from custseg.clustering.recipe import Recipe
from custseg.errors import SettingError, quote
from custseg.export.checked_document import Entry, first_error
from custseg.language import say
from custseg.narrative.playbook import Playbook
from custseg.session.annotations import LONGEST_NAME, LONGEST_NOTE
from custseg.session.run_history import MOST_RUNS
from custseg.session.run_settings import RunSettings
from custseg.settings import K_RANGE, LARGEST_SEED, PICTURES
from custseg.tables.column_roles import Role
from custseg.wrong_entries import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.session.model_parameters import ModelParameters
    from custseg.session.run_result import RunResult

VERSION = 1
LARGEST = 5_000_000
_MOST_COLUMNS = 2000

Text = Annotated[str, StringConstraints(max_length=1000)]
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Columns = Annotated[tuple[ColumnName, ...], Field(max_length=_MOST_COLUMNS)]
SegmentNumber = Annotated[int, Field(ge=1, le=K_RANGE[1])]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]


class ColumnMeaning(Entry):
    """What a column is for, what it and its codes are called, and which of its values (``gaps``) stand for none."""

    role: Role
    money: bool = False
    label: Text = ""
    unit: Text = ""
    order: tuple[Text, ...] = ()
    levels: dict[Text, Text] = Field(default_factory=dict)
    gaps: tuple[float | Text, ...] = ()


class Steps(Entry):
    """How customers are made comparable, as in ``Recipe``, which checks it."""

    missing: Text = "median"
    log: Text | Columns = ()
    winsorise: tuple[float, float] | None = None
    exceptional: float | None = None
    scaling: Text = "standard"
    weights: dict[ColumnName, float] = Field(default_factory=dict)
    categories: bool | Columns = False
    trim: float = 0.0
    method: Text = "k-means"

    @staticmethod
    def of(recipe: Recipe) -> Steps:
        """Return the steps of a recipe."""
        held = {step.name: getattr(recipe, step.name) for step in fields(recipe)}
        return Steps(**{**held, "weights": dict(recipe.weights)})

    @property
    def recipe(self) -> Recipe:
        """The recipe. Raises SettingError for a step that is not allowed."""
        # A recipe takes what it is given, and says in words what it does not take.
        return Recipe(**dict(self))


class SegmentWords(Entry):
    """What a person calls a segment and wrote about it, and what it was called by itself then."""

    segment: SegmentNumber
    described: Text
    name: Annotated[str, StringConstraints(max_length=LONGEST_NAME)] = ""
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = ""


class Run(Entry):
    """A run: what made it, which colours its segments have, and what people call them. The same seed gives it again.

    Of a random start it is the seed that was drawn.
    """

    number: Annotated[int, Field(ge=1, le=1_000_000)]
    features: Columns
    k: Annotated[int, Field(ge=K_RANGE[0], le=K_RANGE[1])]
    seed: Seed
    random_start: bool = False
    steps: Steps
    slots: tuple[Annotated[int, Field(ge=0, lt=K_RANGE[1])], ...]
    finished: Annotated[datetime, Field(strict=False)]
    words: tuple[SegmentWords, ...] = ()

    @staticmethod
    def of(outcome: RunResult) -> Run:
        """Return what makes a run again."""
        result, settings = outcome.segmentation, outcome.settings
        return Run(
            number=outcome.number,
            features=settings.features,
            k=settings.k,
            seed=result.seed,
            random_start=not result.seeded,
            steps=Steps.of(settings.recipe),
            slots=outcome.slots,
            finished=outcome.finished,
            words=tuple(
                SegmentWords(segment=segment, described=words.described, name=words.name, note=words.note)
                for segment, slot in enumerate(outcome.slots, start=1)
                if (words := outcome.annotations.get(slot)) is not None
            ),
        )

    def settings(self, playbook: Playbook | None) -> RunSettings:
        """Return what makes it again. Raises SettingError for what is not allowed."""
        seed = None if self.random_start else self.seed
        return RunSettings(self.features, self.k, seed, self.steps.recipe, playbook)

    @property
    def drawn(self) -> int | None:
        """The seed that a random start drew; None where it was chosen."""
        return self.seed if self.random_start else None


class Project(Entry):
    """What a session held beside its customers."""

    custseg_project: Literal[1] = VERSION
    title: Text
    customers: Annotated[int, Field(ge=0)]
    fingerprint: Text
    columns: Annotated[dict[ColumnName, ColumnMeaning], Field(max_length=_MOST_COLUMNS)]
    features: Columns
    x: ColumnName
    y: ColumnName
    picture: Literal[PICTURES]  # type: ignore[valid-type]
    k: Annotated[int, Field(ge=K_RANGE[0], le=K_RANGE[1])]
    seed: Seed | None
    steps: Steps
    playbook: Playbook | Text | None = None
    runs: Annotated[tuple[Run, ...], Field(max_length=MOST_RUNS)] = ()
    shown: int | None = None

    @staticmethod
    def of(model: ModelParameters, runs: Iterable[RunResult]) -> Project:
        """Return the project of a model as it is now, with the runs that are kept."""
        book, outcome, table = model.playbook, model.outcome, model.table
        return Project(
            title=table.title,
            customers=len(table),
            fingerprint=table.fingerprint,
            columns={
                column.name: ColumnMeaning(
                    role=column.role, money=column.money, label=column.label, unit=column.unit, order=column.order,
                    levels=dict(column.level_labels), gaps=column.format.gaps,
                )
                for column in table.columns
            },
            features=tuple(model.features),
            x=model.x, y=model.y, picture=model.picture, k=model.k, seed=model.seed, steps=Steps.of(model.recipe),
            playbook=book.name if book is not None and book.is_bundled else book,
            runs=tuple(map(Run.of, runs)),
            shown=None if outcome is None else outcome.number,
        )  # fmt: skip

    @staticmethod
    def read(document: bytes | str) -> Project:
        """Read a document that ``write`` made. Raises SettingError, with what is wrong, for any other."""
        if len(document) > LARGEST:
            msg = say(
                "A project file has at most {largest} MB, and this one is larger. Choose another file.",
                largest=LARGEST // 1000000,
            )
            raise SettingError(msg)
        try:
            return Project.model_validate_json(document)
        except ValidationError as problem:
            raise SettingError(_what_is_wrong(problem)) from problem

    def write(self) -> bytes:
        """Return the document."""
        return self.model_dump_json(indent=2, exclude_defaults=False).encode()

    @property
    def book(self) -> Playbook | None:
        """The playbook. Raises SettingError where it is called by a name that custseg doesn't have."""
        return Playbook.bundled(self.playbook) if isinstance(self.playbook, str) else self.playbook


def _what_is_wrong(problem: ValidationError) -> str:
    first, where = first_error(problem)
    if where.startswith("custseg_project"):
        return say(
            "This is no project that this version of custseg can open: it reads version {own}, and the file says "
            "{version}. Save the project again, or install a newer custseg.",
            own=VERSION,
            version=quote(first["input"]),
        )
    why = reason_of(first)
    if not where:
        return say("This is no project of custseg: something is wrong ({why}). Choose another file.", why=why)
    return say(
        "This is no project of custseg: something is wrong at {where} ({why}). Choose another file.",
        where=quote(where),
        why=why,
    )
