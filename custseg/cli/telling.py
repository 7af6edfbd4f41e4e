"""How a command ends: with what it found on standard output, or with one sentence on standard error and a code."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custseg.errors import DataError, SettingError, reason_of_system
from custseg.export.files import WriteError
from custseg.export.result_json import plain
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Exit codes; 0 is done.
UNUSABLE, MISUSED = 1, 2

Json = Annotated[
    bool,
    typer.Option("--json", help=mark("Print the result as JSON for programs, and nothing else on standard output.")),
]


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what is refused into one sentence and an exit code."""
    try:
        yield
    except SettingError as problem:
        fail(problem, MISUSED)
    except (DataError, WriteError) as problem:
        fail(problem, UNUSABLE)


def harmless(text: str) -> str:
    """Return a text without what a terminal would obey, such as the sign that begins an order."""
    return _CONTROL.sub(" ", text)


def fail(problem: Exception, code: int, sentence: str = "") -> None:
    """End with a sentence, by default that of the problem."""
    typer.echo(harmless(f"custseg: {sentence or problem}"), err=True)
    raise typer.Exit(code) from problem


def tell(lines: Iterable[str]) -> None:
    """Print lines."""
    try:
        for line in lines:
            typer.echo(harmless(line))
    except BrokenPipeError:
        # Whoever was reading has seen enough, which Typer knows.
        raise
    except OSError as problem:
        fail(problem, UNUSABLE, say("The words cannot be printed: {why}.", why=reason_of_system(problem)))


def tell_json(values: Mapping[str, Any]) -> None:
    """Print values as JSON."""
    text = json.dumps(plain(values), ensure_ascii=False, indent=2, allow_nan=False)
    # JSON itself writes only those below the space in another way.
    tell([_CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)])
