"""One question to an engine at a time, where its connection answers no more than one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.tables.engine.engine_frame import EngineFrame

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Asking(Protocol):
    """Whatever asks an engine."""

    @property
    def engine(self) -> EngineFrame:
        """Where the rows are."""


_Asks = TypeVar("_Asks", bound=Asking)


def alone(ask: Callable[Concatenate[_Asks, _Given], _Answer]) -> Callable[Concatenate[_Asks, _Given], _Answer]:
    """Have a method put its question together, and wait for the answer, while no other is asked on that connection."""

    @wraps(ask)
    def asked(asks: _Asks, /, *arguments: _Given.args, **named: _Given.kwargs) -> _Answer:
        with asks.engine.alone():
            return ask(asks, *arguments, **named)

    return asked
