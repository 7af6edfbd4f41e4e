"""What a subcommand is: a function with options, some of which several subcommands share."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from custseg.language import current, mark, say, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _nothing() -> Sequence[inspect.Parameter]:
    return ()


Language = Annotated[
    Literal["en", "de", "fr"] | None,
    typer.Option(
        show_default=False, help=mark("The language of what it says. Default: CUSTSEG_LANGUAGE, else English.")
    ),
]
_LANGUAGE = inspect.Parameter("language", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Language)


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand.

    Attributes
    ----------
    name, about
        What is typed for it, and what its help says it does.
    function
        What it does. A parameter whose type is a dataclass stands for an option of each of
        its fields.
    examples
        Lines that can be typed, for its help.
    further
        Returns more options, for ``**`` of the function.
    closing
        Returns what else its help says, below the examples.
    speaks
        Whether ``--language`` says in which language it answers; the page asks each browser instead.

    """

    name: str
    about: str
    function: Callable[..., None]
    examples: tuple[str, ...]
    further: Callable[[], Sequence[inspect.Parameter]] = _nothing
    closing: Callable[[], str] = str
    speaks: bool = True

    def flat(self) -> Callable[..., None]:
        """Return the function with an option for each field of a dataclass, as Typer takes it."""
        signature = inspect.signature(self.function, eval_str=True)
        taken = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
        groups: dict[str, Any] = {each.name: each.annotation for each in taken if is_dataclass(each.annotation)}

        def called(*, language: str | None = None, **values: Any) -> None:
            made = {
                name: kind(**{field.name: values.pop(field.name) for field in fields(kind)})
                for name, kind in groups.items()
            }
            with spoken(language or current()):
                self.function(**made, **values)

        options = [option for each in taken for option in (_options_of(groups.get(each.name)) or [each])]
        # Typer takes the options from the signature.
        spoken_in = [_LANGUAGE] if self.speaks else []
        parameters = [*options, *self.further(), *spoken_in]
        called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return called

    @property
    def epilog(self) -> str:
        """What stands below the options in the help: examples, as they are typed."""
        # The sign keeps lines as they are.
        examples = "\n".join(["\b", say("Examples:"), *(f"  {line}" for line in self.examples)])
        return "\n\n".join(filter(None, [examples, self.closing()]))


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Subcommands that stand behind one word, such as “ledger add”.

    Attributes
    ----------
    name, about
        The word, and what its help says.
    commands
        What may follow it.

    """

    name: str
    about: str
    commands: tuple[Command, ...]


def _options_of(kind: type | None) -> list[inspect.Parameter]:
    if kind is None:
        return []
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(kind)
    ]
