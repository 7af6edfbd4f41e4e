"""The subcommands, in the order of the help, and the command that has them all."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from custseg import __version__
from custseg.cli import advise, ledger, report, score, segment, serve, verify
from custseg.errors import quote
from custseg.tables.sources.engines import is_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.cli.command import Command

COMMANDS = [segment.COMMAND, advise.COMMAND, report.COMMAND, score.COMMAND, verify.COMMAND, serve.COMMAND]

GROUPS = [ledger.GROUP]

_CODES = "Exit codes: 0 done; 1 the table cannot be read or segmented, or a file not be written; 2 wrong use."
_USUAL = segment.COMMAND.name


class _Group(TyperGroup):
    """Takes what begins with no subcommand for ``segment``, so that ``custseg customers.csv`` is enough."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for option in self.get_params(ctx) for name in option.opts}
        if args and args[0] not in own and args[0] not in self.commands:
            self._check_meant(ctx, args[0])
            args = [_USUAL, *args]
        return super().parse_args(ctx, args)

    def _check_meant(self, ctx: Any, first: str) -> None:
        """Refuse a word that is no file and looks like a subcommand."""
        meant = get_close_matches(first, self.commands, n=1)
        if meant and not is_address(first) and not Path(first).exists():
            ctx.fail(f"There is no command and no file called {quote(first)}. Did you mean {quote(meant[0])}?")


class _Command(TyperCommand):
    """Writes its usage without the braces that Typer puts round what must be given."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        typer.echo(f"custseg {__version__}")
        raise typer.Exit


def _about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Find segments of similar customers, and put them to work.

    Without a command, `custseg customers.csv` is `custseg segment customers.csv`.
    """


def make_app() -> typer.Typer:
    """Return the command, with a subcommand for each of ``COMMANDS`` and an option for each format."""
    made = typer.Typer(cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
    made.callback(epilog=_CODES)(_about)
    _add(made, COMMANDS)
    for group in GROUPS:
        behind = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help=group.about)
        _add(behind, group.commands)
        made.add_typer(behind, name=group.name)
    return made


def _add(made: typer.Typer, commands: Iterable[Command]) -> None:
    for each in commands:
        made.command(each.name, cls=_Command, epilog=f"{each.epilog}\n\n{_CODES}")(each.flat())


app = make_app()
