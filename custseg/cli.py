"""The command ``custseg``: segment a table and write the result, without a browser or a notebook."""

from pathlib import Path
from typing import Annotated

import typer

from custseg import (
    CustomerTable,
    DataError,
    Playbook,
    Recipe,
    SegmentationModel,
    SettingError,
    from_transactions,
    interpret,
    profile,
)
from custseg.clustering.recipe import SKEWED
from custseg.export.csv import customers_csv, summary_csv
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.settings import DEFAULT_K, DEFAULT_SEED
from custseg.wording import capitalised

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    customers: Annotated[
        Path, typer.Argument(help="A CSV, Parquet, Excel or JSON lines file with one row a customer.")
    ],
    *,
    k: Annotated[int, typer.Option("-k", help="How many segments, 2 to 10.")] = DEFAULT_K,
    seed: Annotated[int, typer.Option(help="The same seed gives the same segments.")] = DEFAULT_SEED,
    feature: Annotated[list[str] | None, typer.Option(help="A column to compare; repeat it. Default: all.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of an Excel file. Default: the first.")] = None,
    log: Annotated[bool, typer.Option("--log", help="Take the logarithm of skewed features.")] = False,
    purchases: Annotated[
        bool, typer.Option("--purchases", help="The file has one row a purchase: make customers of them first.")
    ] = False,
    playbook: Annotated[
        Path | None, typer.Option(help="A YAML file with names and suggestions of your own, in place of custseg's.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the picture, table and words to this HTML file.")] = None,
    segments: Annotated[Path | None, typer.Option(help="Write one row a segment to this CSV file.")] = None,
    members: Annotated[Path | None, typer.Option(help="Write every customer with a segment to this CSV file.")] = None,
) -> None:
    """Find segments of customers who are alike, and say in words what each is."""
    chosen = {"features": feature} if feature else {}
    try:
        table = from_transactions(customers, sheet=sheet) if purchases else CustomerTable.read(customers, sheet=sheet)
        book = Playbook.read(playbook) if playbook is not None else None
        recipe = Recipe(log=SKEWED if log else ())
        model = SegmentationModel(table, k=k, seed=seed, recipe=recipe, playbook=book, **chosen)
        result = model.run_clustering()
        segment_profile = profile(result)
        words = interpret(segment_profile, book)
        if segments is not None:
            segments.write_text(summary_csv(segment_profile, words), encoding="utf-8-sig", newline="")
        if members is not None:
            members.write_text(customers_csv(result, words), encoding="utf-8-sig", newline="")
        if report is not None:
            model.save_html(report)
    except (DataError, SettingError) as problem:
        typer.echo(f"custseg: {problem}", err=True)
        raise typer.Exit(1) from problem
    except OSError as problem:
        typer.echo(f"custseg: {problem.filename} cannot be written: {problem.strerror}.", err=True)
        raise typer.Exit(1) from problem
    for number, (name, sentence) in enumerate(zip(words.names, words.sentences, strict=True), start=1):
        typer.echo(f"Segment {number}: {name}. {sentence}")
        for action in words.actions_for(number):
            typer.echo(f"  {capitalised(action.area)}: {action.text}")
        typer.echo()
    if words.exceptional:
        typer.echo(f"{EXCEPTIONAL}. {words.exceptional}\n")
    typer.echo(words.guidance)
