"""How a command is used, and what is said of wrong use, in the language that is spoken."""

from __future__ import annotations

import gettext
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import typer

# Typer hands out its exceptions and what it was built on nowhere else.
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperCommand, TyperGroup

from custseg.errors import listed, quote
from custseg.language import DOMAIN, FOLDER, LANGUAGES, mark, say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What Typer itself says in a help; it looks these up with gettext, and the others by no means.
LOOKED_UP = (
    mark("Arguments"), mark("Options"), mark("Commands"), mark("required"), mark("default: {default}"),
    mark("Missing command."),
)  # fmt: skip
FIXED = (
    mark("Install completion for the current shell."),
    mark("Show completion for the current shell, to copy it or customize the installation."),
    mark("Show this message and exit."),
)
_KINDS = {
    "int": mark("a whole number"),
    "float": mark("a number"),
}


class SpokenCommand(TyperCommand):
    """A command whose usage begins in the language, without the braces round what must be given."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return what stands behind the name in the usage."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage."""
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which Typer makes when it is asked for."""
        return _in_words(super().get_help_option(ctx))


class SpokenGroup(TyperGroup):
    """A group of commands whose usage begins in the language."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage."""
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help``, which Typer makes when it is asked for."""
        return _in_words(super().get_help_option(ctx))


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), f"{say('Usage:')} ")


def say_helps(command: Any) -> Any:
    """Return a command, and those behind it, with what its options are for in the language that is spoken."""
    for each in command.params:
        _in_words(each)
    for each in getattr(command, "commands", {}).values():
        say_helps(each)
    return command


def _in_words(option: Any) -> Any:
    if option is not None and option.help:
        option.help = say(option.help)
    return option


def language_typed(arguments: Sequence[str]) -> str | None:
    """Return the language that ``--language`` asks for; None where it asks for none that there is."""
    for place, typed in enumerate(arguments):
        name, sign, value = typed.partition("=")
        if name == "--language":
            code = value if sign else next(iter(arguments[place + 1 : place + 2]), "")
            return code if code in LANGUAGES else None
    return None


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language, and have Typer speak it too."""
    domain, wanted = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = code
    try:
        with spoken(code):
            yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if wanted is not None:
            os.environ["LANGUAGE"] = wanted


def refuse(problem: UsageError) -> None:
    """Say what is wrong with what was typed, and how it is used."""
    if isinstance(problem, NoArgsIsHelpError):
        problem.show()
        return
    if problem.ctx is not None:
        typer.echo(problem.ctx.get_usage(), err=True)
        typer.echo(say("Try “{command} --help”.", command=problem.ctx.command_path), err=True)
        typer.echo(err=True)
    typer.echo(say("Error: {reason}", reason=_reason(problem)), err=True)


def _reason(problem: UsageError) -> str:
    if isinstance(problem, NoSuchOption):
        told = say("There is no option {name}.", name=quote(problem.option_name))
        meant = sorted(problem.possibilities or ())
        return f"{told} {say('Did you mean {names}?', names=listed(meant))}" if meant else told
    if isinstance(problem, BadOptionUsage):
        return say("{option} needs a value behind it.", option=problem.option_name)
    if isinstance(problem, MissingParameter):
        return say("{name} is missing.", name=_named(problem))
    if isinstance(problem, BadParameter):
        return _wrong_value(problem)
    too_much = problem.message.partition("extra argument(s) (")[2].removesuffix(")")
    return (
        say("{arguments} is more than the command takes.", arguments=quote(too_much)) if too_much else problem.message
    )


def _wrong_value(problem: BadParameter) -> str:
    """Say what was expected of a value, and what came."""
    first: dict[str, Any] = next(iter(getattr(problem.__cause__, "errors", list)()), {})
    kind = ""
    choices: tuple[str, ...] = ()
    if problem.param is not None:
        kind, choices = problem.param.bare_type(), _choices(problem.param.type_descriptor.annotation)
    if kind in _KINDS:
        return say("{name} is {kind}, but got {given}.", name=_named(problem), kind=say(_KINDS[kind]),
                   given=quote(first.get("input", "")))  # fmt: skip
    if choices:
        return say("{name} is one of {choices}, but got {given}.", name=_named(problem), choices=listed(choices),
                   given=quote(first.get("input", "")))  # fmt: skip
    return say("{name} cannot be used: {reason}.", name=_named(problem), reason=problem.message)


def _choices(annotation: object) -> tuple[str, ...]:
    """Return the texts that an option may be given; nothing where it may be any."""
    kinds = (annotation, *get_args(annotation))
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def _named(problem: BadParameter) -> str:
    """Return what an option or an argument is called where it is typed."""
    if problem.param is None:
        return ""
    return (
        max(problem.param.opts, key=len)
        if problem.param.param_type_name == "option"
        else str(problem.param.metavar or problem.param.name)
    )
