"""``custseg ledger``: add a period to a ledger of segments, show what it holds, and name its segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custseg import Ledger, Recipe
from custseg.cli.answers import STANDARD_INPUT, Answers, Customers, given
from custseg.cli.command import Command, CommandGroup
from custseg.cli.progress import progress
from custseg.cli.run_options import EvenOut, Feature
from custseg.cli.telling import Json, sentences, tell, tell_json
from custseg.clustering.recipe import AUTO
from custseg.errors import SettingError
from custseg.language import mark, say
from custseg.settings import DEFAULT_K, DEFAULT_SEED, MOST_IN_MEMORY
from custseg.tables.table import open_source

if TYPE_CHECKING:
    from custseg import CustomerTable
    from custseg.ledger.history import LedgerHistory, Period
    from custseg.tables.sources import SourceTable

# What a period ends with in which something is to be looked at that was not in the period before.
ALARM = 3

_Path = Annotated[Path, typer.Argument(metavar="LEDGER", help=mark("The file of the ledger."))]
_Segments = Annotated[
    str,
    typer.Option(
        help=mark(
            "kept: those of the period before; anew: found among the customers now; auto: anew where the former no "
            "longer fit."
        )
    ),
]
_Segment = Annotated[int, typer.Argument(metavar="SEGMENT", help=mark("The lasting number of the segment."))]


def _add(
    ledger: _Path,
    customers: Customers,
    *,
    period: Annotated[
        str | None,
        typer.Option(help=mark("What to call the period. Default: the name of the file without its ending.")),
    ] = None,
    segments: _Segments = "auto",
    replace: Annotated[
        bool, typer.Option("--replace", help=mark("Take the place of the last period, where that is called the same."))
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help=mark("Print nothing unless there is a new alarm."))] = False,
    k: Annotated[
        int | None, typer.Option("-k", help=mark("Number of segments. Default: 4 at first, then as before."))
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help=mark("The seed of segments. Default: 42 at first, then as before."))
    ] = None,
    feature: Feature = None,
    even_out: EvenOut = False,
    most_in_memory: Annotated[
        int, typer.Option(help=mark("Up to how many customers come into memory. A ledger needs all of them there."))
    ] = MOST_IN_MEMORY,
    answers: Answers,
    as_json: Json = False,
) -> None:
    with sentences(), given(customers) as source:
        opened = Ledger.open(ledger)
        name = _name_of(customers) if period is None else period
        first = not ledger.exists() or not opened.history().periods
        recipe = Recipe(log=AUTO) if even_out else None
        settings = _given(first=first, k=k, seed=seed, features=feature, recipe=recipe)
        table = _read(source, answers, most_in_memory, None if first else opened, feature)
        with progress(say("Adding the period")):
            added = opened.add(name, table, segments=segments, replace=replace, **settings)  # type: ignore[arg-type]
        history = opened.history()
        if not quiet or added.new_alarms:
            _tell(history, as_json=as_json)
    if added.new_alarms:
        raise typer.Exit(ALARM)


def _read(
    source: str, answers: Answers, most_in_memory: int, before: Ledger | None, features: list[str] | None
) -> CustomerTable | SourceTable:
    """Read customers; where there were some before, as those were, unless somebody says otherwise."""
    if before is None:
        return answers.read(source, most_in_memory)
    if answers == Answers():
        return open_source(source, None, most_in_memory)
    return answers.read(source, most_in_memory, (*before.compared(), *(features or ())))


def _given(*, first: bool, **settings: Any) -> dict[str, Any]:
    """Return the settings that were given; the first period has no earlier one to take the others from."""
    given_ones = {name: value for name, value in settings.items() if value is not None}
    return {"k": DEFAULT_K, "seed": DEFAULT_SEED, **given_ones} if first else given_ones


def _show(ledger: _Path, *, as_json: Json = False) -> None:
    with sentences():
        _tell(Ledger.open(ledger).history(), as_json=as_json)


def _rename(
    ledger: _Path,
    segment: _Segment,
    name: Annotated[str, typer.Argument(metavar="NAME", help=mark("Its name from now on."))],
) -> None:
    with sentences():
        Ledger.open(ledger).name(segment, name)


def _note(
    ledger: _Path, segment: _Segment, note: Annotated[str, typer.Argument(metavar="NOTE", help=mark("What to write."))]
) -> None:
    with sentences():
        Ledger.open(ledger).note(segment, note)


def _name_of(customers: str) -> str:
    if customers == STANDARD_INPUT:
        msg = say("Customers from standard input have no name, so say what to call the period: --period 2026-11.")
        raise SettingError(msg)
    return Path(customers).stem


def _tell(history: LedgerHistory, *, as_json: bool) -> None:
    if as_json:
        tell_json({"periods": [_values(history, period) for period in history.periods]})
        return
    table = [] if history.last is None else ["", history.sizes.rename_axis(None).T.to_string(na_rep="")]
    tell([*history.sentences, *table])


def _values(history: LedgerHistory, period: Period) -> dict[str, Any]:
    return {
        "period": period.name,
        "added": period.added.isoformat(),
        "customers": period.customers,
        "came": period.came,
        "left": period.left,
        "moved": period.moved,
        "redrawn": period.redrawn,
        "found_anew": period.found_anew,
        "segments": [
            {"segment": segment, "name": history.names.get(segment, ""), "customers": customers}
            for segment, customers in period.sizes.items()
        ],
        "changes": [
            {"kind": change.kind, "before": list(change.before), "after": list(change.after)}
            for change in period.changes
        ],
        "alarms": [
            {
                "kind": raised.alarm.kind,
                "subject": raised.alarm.subject,
                "sentence": history.alarm(raised.alarm),
                "test": raised.alarm.test,
                "p_value": raised.alarm.p_value,
                "new": raised.new,
            }
            for raised in period.alarms
        ],
    }


_ABOUT = mark(
    "Follow segments over many periods. An alarm that was not there in the period before ends “add” with exit code 3."
)
GROUP = CommandGroup(
    "ledger",
    _ABOUT,
    (
        Command(
            "add",
            mark("Add a period: who is in which segment now, who moved, and what to look at."),
            _add,
            (
                "custseg ledger add ledger.duckdb 2026-11.parquet",
                "custseg ledger add ledger.duckdb customers.csv --period 2026-11 --quiet",
            ),
            closing=lambda: say("Exit code 3: the period was added, and there is a new alarm."),
        ),
        Command(
            "show",
            mark("Show the sizes of segments over time, and what there is to say of the last period."),
            _show,
            ("custseg ledger show ledger.duckdb", "custseg ledger show ledger.duckdb --json"),
        ),
        Command(
            "name",
            mark("Call a segment something, from now on."),
            _rename,
            ("custseg ledger name ledger.duckdb 3 'Weekly shoppers'",),
        ),
        Command(
            "note",
            mark("Write a note about a segment."),
            _note,
            ("custseg ledger note ledger.duckdb 3 'Ask them about delivery.'",),
        ),
    ),
)
