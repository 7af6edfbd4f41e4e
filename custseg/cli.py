"""The command ``custseg``: segment a table and save the result, without a browser or a notebook."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from typer.core import TyperCommand

from custseg import (
    CustomerTable,
    DataError,
    Playbook,
    Recipe,
    SegmentationModel,
    SettingError,
    TransactionColumns,
    from_transactions,
    multiverse,
    understand,
    worth,
)
from custseg.clustering.recipe import AUTO, Missing
from custseg.errors import listed, quote
from custseg.export.files import WriteError
from custseg.export.formats import FORMATS
from custseg.export.summary_columns import SUMMARY_COLUMNS
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.settings import DEFAULT_K, DEFAULT_SEED
from custseg.tables.understanding.in_words import consequence, facts_of
from custseg.wording import capitalised, join_words, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from custseg import Multiverse, Segmentation, Understanding
    from custseg.export.formats import Format
    from custseg.narrative.interpretation import Interpretation


# What somebody says of a file.
_Rows = Annotated[
    str | None, typer.Option(help="What a row is, where the file looks otherwise: customers or purchases.")
]
_Purchase = Annotated[
    list[str] | None,
    typer.Option(help="Which column of purchases is which, such as “amount=Quantity * Price”; repeat for more."),
]
_Money = Annotated[list[str] | None, typer.Option(help="A column that is spend; repeat for more.")]
_Outcome = Annotated[
    list[str] | None, typer.Option(help="A column that says what became of customers; repeat for more.")
]
_Missing = Annotated[
    list[str] | None, typer.Option(help="A value that stands for none, such as “pdays=-1”; repeat for more.")
]
_Understand = Annotated[
    bool, typer.Option("--understand", help="Say what the file means, and what to confirm; segment nothing.")
]


# What is compared, and how.
_Feature = Annotated[list[str] | None, typer.Option(help="A column to compare; repeat for more. Default: all.")]
_EvenOut = Annotated[bool, typer.Option("--even-out", help="Even out skewed amounts and counts.")]
_Categories = Annotated[
    bool, typer.Option("--categories", help="Compare the categories too; each counts as one number at most.")
]
_Gaps = Annotated[
    str,
    typer.Option(
        help="What becomes of missing values: median fills in that of the column, nearest those of similar customers, "
        "and drop leaves the customer out."
    ),
]
_Trim = Annotated[
    float, typer.Option(help="The share of customers, 0 to 0.25, to set apart as farthest from all segments.")
]
_Method = Annotated[
    str, typer.Option(help="How segments are found: k-means, or mixture for segments of any shape and size.")
]
_Playbook = Annotated[
    Path | None,
    typer.Option(
        help=f"Names and suggestions: one of {', '.join(Playbook.names())}, or a YAML file of your own. "
        "Default: what suits the table."
    ),
]

# What else is looked into.
_Multiverse = Annotated[
    bool,
    typer.Option("--multiverse", help="Say which segments, and what is said of them, hold under other good settings."),
]
_Worth = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Say what acting by segment would gain, by a column of what became of customers or what they spent later, "
        "which is then not compared.",
    ),
]


def main(
    customers: Annotated[
        Path,
        typer.Argument(metavar="CUSTOMERS", help="A CSV, Parquet, Excel or JSON Lines file with one row per customer."),
    ],
    *,
    k: Annotated[int, typer.Option("-k", help="Number of segments, 2 to 10.")] = DEFAULT_K,
    seed: Annotated[int, typer.Option(help="The seed that reproduces the result.")] = DEFAULT_SEED,
    feature: _Feature = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel file. Default: the first.")] = None,
    even_out: _EvenOut = False,
    categories: _Categories = False,
    gaps: _Gaps = "median",
    trim: _Trim = 0.0,
    method: _Method = "k-means",
    purchases: Annotated[
        bool, typer.Option("--purchases", help="The file has one row per purchase; turn it into customers first.")
    ] = False,
    rows: _Rows = None,
    purchase: _Purchase = None,
    money: _Money = None,
    outcome: _Outcome = None,
    missing: _Missing = None,
    understand: _Understand = False,
    playbook: _Playbook = None,
    multiverse: _Multiverse = False,
    worth: _Worth = None,
    **files: Path | None,
) -> None:
    """Find segments of similar customers, and describe each one in plain words."""
    answers = Answers(rows or ("purchases" if purchases else None), purchase, money, outcome, missing)
    try:
        if understand:
            _tell_meaning(answers.understand(customers, sheet))
            return
        table = answers.read(customers, sheet)
        given: dict[str, Any] = {"missing": gaps, "method": method}
        recipe = Recipe(log=AUTO if even_out else (), categories=categories, trim=trim, **given)
        model = _segmented(table, _features(table, feature, worth), playbook, k=k, seed=seed, recipe=recipe)
        further = _further(model.result, outcome=worth, settings=multiverse)
    except (DataError, SettingError) as problem:
        _fail(str(problem), problem)
    _save_all(model, files)
    _tell([*_words(model), *further])


def _segmented(
    table: CustomerTable, chosen: dict[str, list[str]], playbook: Path | None, **settings: Any
) -> SegmentationModel:
    """Segment customers as was asked for."""
    book = Playbook.find(playbook) if playbook is not None else None
    model = SegmentationModel(table, playbook=book, **chosen, **settings)
    model.run_clustering()
    return model


def _features(table: CustomerTable, chosen: list[str] | None, outcome: str | None) -> dict[str, list[str]]:
    """Return the features to compare, as the model takes them: nothing where they are all."""
    if chosen or outcome not in table.features:
        return {"features": chosen} if chosen else {}
    return {"features": [name for name in table.features if name != outcome]}


@dataclass(frozen=True)
class Answers:
    """What somebody says of a file on the command line, as it was typed."""

    rows: str | None = None
    purchase: Sequence[str] | None = None
    money: Sequence[str] | None = None
    outcome: Sequence[str] | None = None
    missing: Sequence[str] | None = None

    def read(self, path: Path, sheet: str | None) -> CustomerTable:
        """Read a file of customers, or make customers of its purchases."""
        if self.rows == "purchases" or self.purchase:
            return from_transactions(path, self._columns(path, sheet), sheet=sheet)
        self._check_rows()
        return CustomerTable.read(path, sheet=sheet, rows="customers" if self.rows else None, **self._of_customers())

    def understand(self, path: Path, sheet: str | None) -> Understanding:
        """Say what a file means."""
        if self.rows == "purchases" or self.purchase:
            return understand(path, sheet=sheet, rows="orders", columns=self._columns(path, sheet))
        self._check_rows()
        return understand(path, sheet=sheet, rows="customers" if self.rows else None, **self._of_customers())

    def _check_rows(self) -> None:
        if self.rows not in (None, "customers"):
            msg = f"--rows is “customers” or “purchases”, but got {quote(self.rows)}."
            raise SettingError(msg)

    def _of_customers(self) -> dict[str, Any]:
        missing: dict[str, list[float | str]] = {}
        fill = next((text for text in self.missing or () if text in get_args(Missing)), None)
        if fill is not None:
            msg = f"--missing says which value stands for none. What becomes of missing values is --gaps {fill}."
            raise SettingError(msg)
        for name, value in _pairs("--missing", self.missing):
            missing.setdefault(name, []).append(_as_value(value))
        return {"money": self.money or None, "roles": dict.fromkeys(self.outcome or (), "outcome"), "missing": missing}

    def _columns(self, path: Path, sheet: str | None) -> TransactionColumns | None:
        """Return which column is which: as it seems, but for what was typed."""
        typed: dict[str, Any] = dict(_pairs("--purchase", self.purchase))
        unknown = sorted(typed.keys() - {field.name for field in fields(TransactionColumns)})
        if unknown:
            names = [field.name for field in fields(TransactionColumns)]
            msg = f"--purchase says which column is one of {listed(names)}, but got {listed(unknown)}."
            raise SettingError(msg)
        if not typed:
            return None
        seems = understand(path, sheet=sheet, rows="orders").purchases
        needed: dict[str, Any] = {"customer": "", "date": None, "amount": None}
        return replace(seems, **typed) if seems else TransactionColumns(**needed | typed)


def _pairs(option: str, typed: Sequence[str] | None) -> list[tuple[str, str]]:
    """Split “name=value” at the first sign of equality after a name."""
    pairs = [text.partition("=") for text in typed or ()]
    for name, sign, _ in pairs:
        if not sign or not name.strip():
            msg = f"{option} takes a name and a value, such as “name=value”, but got {quote(name)}."
            raise SettingError(msg)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _as_value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _tell_meaning(understood: Understanding) -> None:
    for term, text in facts_of(understood):
        typer.echo(f"{term}: {text}.")
    typer.echo(consequence(understood.preview))
    for doubt in understood.doubts:
        answers = "".join(f"\n  {doubt.argument}={value}: {follows}" for value, follows in doubt.choices)
        typer.echo(f"\n{'Please answer' if doubt.matters else 'Please check'}: {doubt.sentence}{answers}")


def _save_all(model: SegmentationModel, files: Mapping[str, Path | None]) -> None:
    for form in FORMATS:
        path = files.get(_option(form))
        if path is not None:
            _save(model, path, form)


def _save(model: SegmentationModel, path: Path, form: Format) -> None:
    try:
        model.save(path, form.name)
    except WriteError as problem:
        _fail(str(problem), problem)


def _fail(sentence: str, problem: Exception) -> None:
    typer.echo(f"custseg: {sentence}", err=True)
    raise typer.Exit(1) from problem


def _tell(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            typer.echo(line)
    except BrokenPipeError:
        # Whoever was reading has seen enough, which Typer knows.
        raise
    except OSError as problem:
        _fail(f"The words cannot be printed: {problem.strerror}.", problem)


def _words(model: SegmentationModel) -> Iterator[str]:
    if model.words is not None:
        yield from _described(model.words)
    if model.result is not None and model.result.categories:
        yield f"\n{model.result.influence.say(model.result.schema)}"


def _described(words: Interpretation) -> Iterator[str]:
    short = zip(words.headlines, words.facts, words.conclusions, strict=True)
    for segment, (headline, facts, conclusion) in enumerate(short, start=1):
        yield f"Segment {segment}: {headline}"
        for line in (*facts, conclusion):
            yield f"  {line}"
        for action in words.actions_for(segment):
            yield f"  {capitalised(action.area)}: {action.text}"
        yield ""
    for area, why in words.plan.silences.items():
        yield f"{capitalised(area)}: {why}\n"
    if words.exceptional:
        yield f"{EXCEPTIONAL}. {words.exceptional}\n"
    yield words.guidance


def _further(result: Segmentation | None, *, outcome: str | None, settings: bool) -> list[str]:
    """Return what was asked for beside the segments, in lines."""
    lines: list[str] = []
    if result is not None and settings:
        lines += _under_other_settings(multiverse(result))
    if result is not None and outcome is not None:
        found = worth(result, outcome)
        held_out = "each held out when the segments were found and put in order"
        lines += ["\nIs it worth acting on?", f"  {found.sentence}", f"  Of {found.customers:,} customers, {held_out}."]
    return lines


def _under_other_settings(found: Multiverse) -> Iterator[str]:
    yield "\nDoes it hold under other settings? Before each statement stands in how many of them it is made again."
    for segment, sentence in enumerate(found.sentences, start=1):
        yield f"Segment {segment}: {sentence}"
        for held in found.claims_of(segment):
            yield f"  {percent(held.share)}: {held.words}"
    for setting, reason in found.refused:
        yield f"Could not be used: {setting.words}. {reason}"


def _option(form: Format) -> str:
    return form.option or form.name


class _Command(TyperCommand):
    """Writes its usage without the braces that Typer puts round what must be given."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


def make_app() -> typer.Typer:
    """Return the command, with an option for each format."""
    signature = inspect.signature(main, eval_str=True)
    named = [parameter for parameter in signature.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
    paths = [
        inspect.Parameter(
            _option(form),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[Path | None, typer.Option(help=f"{form.description}.")],
        )
        for form in FORMATS
    ]

    def command(**values: Any) -> None:
        main(**values)

    command.__doc__ = main.__doc__
    # Typer takes the options from the signature.
    command.__signature__ = signature.replace(parameters=[*named, *paths])  # type: ignore[attr-defined]
    made = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    statistics = join_words([column.name for column in SUMMARY_COLUMNS if not column.after_run])
    epilog = f"Each segment's row holds its {statistics}, and the average of each feature."
    made.command(cls=_Command, epilog=epilog)(command)
    return made


app = make_app()
