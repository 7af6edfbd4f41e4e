"""``custseg score``: new customers get the segments of a model that was saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg import load
from custseg.cli.answers import Customers, given
from custseg.cli.command import Command
from custseg.cli.destinations import Overwrite, check_all
from custseg.cli.progress import progress
from custseg.cli.telling import Json, sentences, tell, tell_json
from custseg.export.scored_files import score_file
from custseg.language import mark, say


def _score(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help=mark("A model that was saved (JSON)."))],
    customers: Customers,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=mark("The file to write, .parquet or .csv."))
    ] = Path("scored.csv"),
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    with sentences(), given(customers) as source:
        document = load(model)
        check_all([output], overwrite=overwrite)
        with progress(say("Scoring the customers")) as step:
            found = score_file(
                document, source, output, overwrite=overwrite, on_progress=lambda rows: step(rows + 1, rows)
            )
        if as_json:
            counts = {"rows": found.rows, "sizes": list(found.sizes), "in_none": found.in_none}
            tell_json({"file": str(output), **counts, "missing": found.missing, "unknown": found.unknown})
            return
        parts = [f"{name}: {size:,}" for name, size in zip(document.names, found.sizes, strict=True)]
        none = [say("In no segment: {customers:,}", customers=found.in_none)] if found.in_none else []
        tell(
            [
                say("{rows:,} customers are in {output}.", rows=found.rows, output=output),
                *parts,
                *none,
                *found.remarks(),
            ]
        )


COMMAND = Command(
    "score",
    mark("Write every customer of a file with its segment; the file may be larger than memory."),
    _score,
    (
        "custseg score model.json new.parquet -o scored.parquet",
        "cat new.csv | custseg score model.json - -o scored.csv",
    ),
)
