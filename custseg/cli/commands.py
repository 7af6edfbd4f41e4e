"""The subcommands, in the order of the help, and the command that has them all."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.exceptions import UsageError

from custseg import __version__
from custseg.cli import advise, ledger, report, score, segment, serve, verify
from custseg.cli.usage import SpokenCommand, SpokenGroup, language_typed, refuse, say_helps, speaking
from custseg.errors import quote
from custseg.language import current, mark, say
from custseg.tables.sources.engines import is_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from custseg.cli.command import Command

COMMANDS = [segment.COMMAND, advise.COMMAND, report.COMMAND, score.COMMAND, verify.COMMAND, serve.COMMAND]

GROUPS = [ledger.GROUP]

_CODES = mark("Exit codes: 0 done; 1 the table cannot be read or segmented, or a file not be written; 2 wrong use.")
_ABOUT = (
    mark("Find segments of similar customers, and put them to work."),
    mark("Without a command, `custseg customers.csv` is `custseg segment customers.csv`."),
)
_USUAL = segment.COMMAND.name


class _Group(SpokenGroup):
    """Takes what begins with no subcommand for ``segment``, so that ``custseg customers.csv`` is enough."""

    def main(self, args: Sequence[str] | None = None, *further: Any, **named: Any) -> Any:
        """Do what was typed, with a command that is made in the language that it asks for."""
        with speaking(language_typed(sys.argv[1:] if args is None else args) or current()):
            made: Any = say_helps(typer.main.get_command(make_app()))
            try:
                code = SpokenGroup.main(made, args, *further, **named | {"standalone_mode": False})
            except UsageError as problem:
                refuse(problem)
                code = problem.exit_code
        sys.exit(code)

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
            ctx.fail(
                say(
                    "There is no command and no file called {name}. Did you mean {meant}?",
                    name=quote(first),
                    meant=quote(meant[0]),
                )
            )


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        typer.echo(f"custseg {__version__}")
        raise typer.Exit


def _about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help=mark("Say which version this is."))
    ] = False,
) -> None:
    pass


def make_app() -> typer.Typer:
    """Return the command, with a subcommand for each of ``COMMANDS`` and an option for each format."""
    made = typer.Typer(cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
    made.callback(help="\n\n".join(map(say, _ABOUT)), epilog=say(_CODES))(_about)
    _add(made, COMMANDS)
    for group in GROUPS:
        behind = typer.Typer(cls=SpokenGroup, rich_markup_mode=None, no_args_is_help=True, help=say(group.about))
        _add(behind, group.commands)
        made.add_typer(behind, name=group.name)
    return made


def _add(made: typer.Typer, commands: Iterable[Command]) -> None:
    for each in commands:
        made.command(each.name, cls=SpokenCommand, help=say(each.about), epilog=f"{each.epilog}\n\n{say(_CODES)}")(
            each.flat()
        )


app = make_app()
