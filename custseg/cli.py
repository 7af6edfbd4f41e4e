"""The command ``custseg``: segment a table and save the result, without a browser or a notebook."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from custseg import CustomerTable, DataError, Playbook, Recipe, SegmentationModel, SettingError, from_transactions
from custseg.clustering.recipe import SKEWED
from custseg.export.files import WriteError
from custseg.export.formats import FORMATS
from custseg.export.summary_columns import SUMMARY_COLUMNS
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.settings import DEFAULT_K, DEFAULT_SEED
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    from custseg.export.formats import Format
    from custseg.narrative.interpretation import Interpretation


def main(
    customers: Annotated[
        Path,
        typer.Argument(metavar="CUSTOMERS", help="A CSV, Parquet, Excel or JSON Lines file with one row per customer."),
    ],
    *,
    k: Annotated[int, typer.Option("-k", help="Number of segments, 2 to 10.")] = DEFAULT_K,
    seed: Annotated[int, typer.Option(help="The seed that reproduces the result.")] = DEFAULT_SEED,
    feature: Annotated[
        list[str] | None, typer.Option(help="A column to compare; repeat for more. Default: all.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel file. Default: the first.")] = None,
    log: Annotated[bool, typer.Option("--log", help="Take the logarithm of skewed features.")] = False,
    categories: Annotated[
        bool, typer.Option("--categories", help="Compare the categories too; each counts as one number at most.")
    ] = False,
    purchases: Annotated[
        bool, typer.Option("--purchases", help="The file has one row per purchase; turn it into customers first.")
    ] = False,
    playbook: Annotated[
        Path | None,
        typer.Option(
            help=f"Names and suggestions: one of {', '.join(Playbook.names())}, or a YAML file of your own. "
            "Default: what suits the table."
        ),
    ] = None,
    **files: Path | None,
) -> None:
    """Find segments of similar customers, and describe each one in plain words."""
    chosen = {"features": feature} if feature else {}
    try:
        table = from_transactions(customers, sheet=sheet) if purchases else CustomerTable.read(customers, sheet=sheet)
        book = Playbook.find(playbook) if playbook is not None else None
        recipe = Recipe(log=SKEWED if log else (), categories=categories)
        model = SegmentationModel(table, k=k, seed=seed, recipe=recipe, playbook=book, **chosen)
        model.run_clustering()
    except (DataError, SettingError) as problem:
        _fail(str(problem), problem)
    for form in FORMATS:
        path = files.get(_option(form))
        if path is not None:
            _save(model, path, form)
    if model.words is not None:
        _tell(model.words)
    if model.result is not None and model.result.categories:
        typer.echo(f"\n{model.result.influence.say(model.result.schema)}")


def _save(model: SegmentationModel, path: Path, form: Format) -> None:
    try:
        model.save(path, form.name)
    except WriteError as problem:
        _fail(str(problem), problem)


def _fail(sentence: str, problem: Exception) -> None:
    typer.echo(f"custseg: {sentence}", err=True)
    raise typer.Exit(1) from problem


def _tell(words: Interpretation) -> None:
    try:
        _print_words(words)
    except BrokenPipeError:
        # Whoever was reading has seen enough, which Typer knows.
        raise
    except OSError as problem:
        _fail(f"The words cannot be printed: {problem.strerror}.", problem)


def _print_words(words: Interpretation) -> None:
    short = zip(words.headlines, words.facts, words.conclusions, strict=True)
    for segment, (headline, facts, conclusion) in enumerate(short, start=1):
        typer.echo(f"Segment {segment}: {headline}")
        for line in (*facts, conclusion):
            typer.echo(f"  {line}")
        for action in words.actions_for(segment):
            typer.echo(f"  {capitalised(action.area)}: {action.text}")
        typer.echo()
    for area, why in words.plan.silences.items():
        typer.echo(f"{capitalised(area)}: {why}\n")
    if words.exceptional:
        typer.echo(f"{EXCEPTIONAL}. {words.exceptional}\n")
    typer.echo(words.guidance)


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
