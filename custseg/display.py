"""How a result or a model is shown: whoever draws says so here, and is loaded when something is to be shown first.

The core asks for a display by name, and knows nothing of what draws it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_displays: dict[tuple[type, str], Callable[[Any], Any]] = {}
_modules: list[str] = []


def drawn_by(*modules: str) -> None:
    """Say which modules draw: importing one registers its displays, and happens when one is first asked for.

    They are asked in this order, so what loads fast comes first.
    """
    _modules.extend(module for module in modules if module not in _modules)


def register(kind: type, name: str, make: Callable[[Any], Any]) -> None:
    """Let ``show(thing, name)`` of a thing of this kind give what ``make(thing)`` returns."""
    _displays[kind, name] = make


def show(thing: object, name: str) -> Any:
    """Return the display of that name of a thing, such as ``show(model, "scatter")``.

    Raises
    ------
    LookupError
        Nobody draws it.

    """
    make = _registered(thing, name)
    for module in _modules:
        if make is None:
            import_module(module)
            make = _registered(thing, name)
    if make is None:
        msg = f"Nothing shows {name!r} of a {type(thing).__name__}."
        raise LookupError(msg)
    return make(thing)


def _registered(thing: object, name: str) -> Callable[[Any], Any] | None:
    kinds = (kind for kind in type(thing).__mro__ if (kind, name) in _displays)
    return next((_displays[kind, name] for kind in kinds), None)
