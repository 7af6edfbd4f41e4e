"""``custseg report``: one HTML file that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.answers import Answers, Customers, given
from custseg.cli.command import Command
from custseg.cli.destinations import Overwrite, check_all
from custseg.cli.progress import progress
from custseg.cli.run_options import RunOptions
from custseg.cli.telling import Json, sentences, tell, tell_json
from custseg.language import mark, say
from custseg.settings import LEAST_GROUP


def _report(
    customers: Customers,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=mark("The HTML file to write."))
    ] = Path("report.html"),
    with_customers: Annotated[
        bool, typer.Option("--with-customers", help=mark("Put the single customers into the file too."))
    ] = False,
    least: Annotated[
        int,
        typer.Option(
            metavar="CUSTOMERS", help=mark("How many customers each figure is of at least, without customers.")
        ),
    ] = LEAST_GROUP,
    run: RunOptions,
    answers: Answers,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    with sentences(), given(customers) as source:
        check_all([output], overwrite=overwrite)
        model = run.run(answers.read(source))
        with progress(say("Writing the report")):
            model.save_html(output, customers=with_customers, least=least)
        if as_json:
            tell_json({"report": str(output), "customers": with_customers, "bytes": output.stat().st_size})
        else:
            tell([say("The report is in {output}.", output=output)])


COMMAND = Command(
    "report",
    mark("Write a report to share, without any single customer by default."),
    _report,
    (
        "custseg report customers.csv -k 4 -o segments.html",
        "custseg report customers.csv --with-customers --overwrite",
    ),
)
