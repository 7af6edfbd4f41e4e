"""``custseg verify``: whether a saved report says what its customers give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from custseg import verify
from custseg.cli.answers import Answers, Customers, given
from custseg.cli.command import Command
from custseg.cli.progress import progress
from custseg.cli.telling import UNUSABLE, Json, sentences, tell, tell_json
from custseg.language import mark, say

if TYPE_CHECKING:
    from custseg import Verification


def _verify(
    report: Annotated[str, typer.Argument(metavar="REPORT", help=mark("The HTML file that custseg wrote."))],
    customers: Customers,
    *,
    answers: Answers,
    as_json: Json = False,
) -> None:
    with sentences(), given(customers) as source:
        table = answers.read(source)
        with progress(say("Making the report anew")):
            found = verify(report, table)
        if as_json:
            tell_json(_values(found))
        else:
            tell(found.sentences)
    if not found.holds:
        raise typer.Exit(UNUSABLE)


def _values(found: Verification) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "same_customers": found.same_customers,
        "made": found.made.isoformat(),
        "checks": [
            {"what": check.what, "said": check.said, "found": check.found, "holds": check.holds}
            for check in found.checks
        ],
        "versions": {name: {"then": then, "now": now} for name, then, now in found.versions},
    }


COMMAND = Command(
    "verify",
    mark("Make each figure and sentence of a saved report anew, and say which of them hold."),
    _verify,
    ("custseg verify report.html customers.csv", "custseg verify report.html customers.csv --json"),
)
