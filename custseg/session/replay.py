"""Bring back what a project holds: what columns mean, the settings, and the runs with the words of people."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, SettingError, quote
from custseg.language import say
from custseg.session.annotations import SegmentAnnotation
from custseg.session.run_result import run_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model_parameters import ModelParameters
    from custseg.session.project import ColumnMeaning, Project, Run
    from custseg.session.report.document import How
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable


@dataclass(frozen=True)
class Replay:
    """The runs of a project on these customers, the one that was shown, and a sentence for each that can't be."""

    runs: tuple[RunResult, ...]
    shown: RunResult | None
    refused: tuple[str, ...]


def with_meaning(table: CustomerTable, project: Project | How) -> tuple[CustomerTable, tuple[str, ...]]:
    """Return a table whose columns mean what a project or a report says, and a sentence for each that can't do so."""
    held, refused = {column.name: column for column in table.columns}, []
    absent = [quote(name) for name in project.columns if name not in held]
    if absent:
        refused.append(say("This table has no {names}.", names=", ".join(absent)))
    for name, meaning in project.columns.items():
        for change in _changes(name, meaning) if name in held else ():
            try:
                table = table.change(**change)
            except SettingError as problem:
                refused.append(str(problem))
    return table, tuple(dict.fromkeys(refused))


def _changes(name: str, meaning: ColumnMeaning) -> list[dict[str, Any]]:
    """Return what to change of a column, one thing at a time, so that one that is refused leaves the rest."""
    changes: list[dict[str, Any]] = []
    if meaning.levels:
        changes.append({"levels": {name: meaning.levels}})
    if meaning.order:
        changes.append({"orders": {name: meaning.order}})
    changes.append({"roles": {name: meaning.role}})
    if meaning.role == "feature":
        changes.append({"money": {name: meaning.money}})
    if meaning.unit:
        changes.append({"units": {name: meaning.unit}})
    return [*changes, {"labels": {name: meaning.label}}]


def take_settings(model: ModelParameters, project: Project) -> tuple[str, ...]:
    """Set everything but the table as a project says, and return a sentence for each thing that can't be."""
    table, said = model.table, []
    features = [name for name in project.features if name in table.features]
    book, recipe = (partial(getattr, project, "book"), partial(getattr, project.steps, "recipe"))
    wanted: dict[str, Callable[[], Any]] = {
        "features": lambda: features or list(table.features), "recipe": recipe, "playbook": book,
    } | {name: partial(getattr, project, name) for name in ("x", "y", "picture", "k", "seed")}  # fmt: skip
    for name, value in wanted.items():
        try:
            model.param.update(**{name: value()})
        except SettingError as problem:
            said.append(str(problem))
    return tuple(said)


def replay(table: CustomerTable, project: Project) -> Replay:
    """Run again what a project holds: of the same customers all of it, of others the run that was shown."""
    same = table.fingerprint == project.fingerprint
    wanted = [run for run in project.runs if same or run.number == project.shown]
    runs: list[RunResult] = []
    refused: list[str] = []
    for run in wanted:
        try:
            runs.append(_run_again(table, run, runs[-1] if runs else None, project))
        except (DataError, SettingError) as problem:
            refused.append(
                say(
                    "Run {number} of the project cannot be made with these customers: {problem}",
                    number=run.number,
                    problem=problem,
                )
            )
    shown = next((run for run in runs if run.number == project.shown), None)
    return Replay(tuple(runs), shown, tuple(refused))


def _run_again(table: CustomerTable, run: Run, before: RunResult | None, project: Project) -> RunResult:
    outcome = run_pipeline(table, before, run.number, run.settings(project.book), drawn=run.drawn)
    slots = run.slots if sorted(set(run.slots)) == sorted(run.slots) and len(run.slots) == run.k else outcome.slots
    outcome = replace(outcome, slots=slots, finished=run.finished)
    result = outcome.segmentation
    words = {
        slots[each.segment - 1]: SegmentAnnotation("", each.note, each.described, result, each.segment)
        for each in run.words
        if each.segment <= result.k
    }
    outcome = outcome.with_annotations(words)
    for each in run.words:
        if each.name and each.segment <= result.k:
            # A name that these segments can't have is one that was changed by hand.
            with suppress(SettingError):
                outcome = _named(outcome, each.segment, each.name, each.described)
    return outcome


def _named(outcome: RunResult, segment: int, name: str, described: str) -> RunResult:
    """Name a segment as it was named when it was described so, which it need not be with other customers."""
    outcome = outcome.rename(segment, name)
    slot = outcome.slots[segment - 1]
    return outcome.with_annotations(
        {**outcome.annotations, slot: replace(outcome.annotations[slot], described=described)}
    )
