"""How a result or a model is shown: whoever draws says so here, and is loaded when something is to be shown first.

The core asks for a display by name, and knows nothing of what draws it, nor of where that is shown. What it changes
together it changes within ``batch_updates()``, so that whoever draws can send it in one go.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from contextlib import AbstractContextManager


@dataclass(frozen=True)
class _Display:
    """How a thing is shown, and where that is now; without a place it is made anew each time."""

    make: Callable[[Any], Any]
    place: Callable[[Any], Hashable] | None


_displays: dict[tuple[type, str], _Display] = {}
_modules: list[str] = []
_batches: list[Callable[[], AbstractContextManager[object]]] = []


def drawn_by(*modules: str) -> None:
    """Say which modules draw: importing one registers its displays, and happens when one is first asked for.

    They are asked in this order, so what loads fast comes first.
    """
    _modules.extend(module for module in modules if module not in _modules)


def register(
    kind: type, name: str, make: Callable[[Any], Any], *, place: Callable[[Any], Hashable] | None = None
) -> None:
    """Let ``show(thing, name)`` of a thing of this kind give what ``make(thing)`` returns.

    With ``place``, which says where a thing is to be shown now (such as in which session), that is made once for each
    place, and kept until ``forget(thing, place)``.
    """
    _displays[kind, name] = _Display(make, place)


def show(thing: object, name: str) -> Any:
    """Return the display of that name of a thing, such as ``show(model, "scatter")``.

    Raises
    ------
    LookupError
        Nobody draws it.

    """
    display = _display_of(thing, name)
    if display.place is None:
        return display.make(thing)
    kept, key = _kept(thing), (name, display.place(thing))
    if key not in kept:
        kept[key] = display.make(thing)
    return kept[key]


def places_of(thing: object) -> set[Hashable]:
    """Return where a thing is shown."""
    return {place for _, place in _kept(thing)}


def forget(thing: object, place: Hashable) -> None:
    """Let go of what shows a thing in a place that is gone."""
    kept = _kept(thing)
    for key in [key for key in kept if key[1] == place]:
        del kept[key]


def batch_with(context: Callable[[], AbstractContextManager[object]]) -> None:
    """Let all changes within ``batch_updates()`` happen within such a context too."""
    if context not in _batches:
        _batches.append(context)


@contextmanager
def batch_updates() -> Iterator[None]:
    """Change what belongs together within this."""
    with ExitStack() as stack:
        for context in _batches:
            stack.enter_context(context())
        yield


def _display_of(thing: object, name: str) -> _Display:
    display = _registered(thing, name)
    for module in _modules:
        if display is None:
            import_module(module)
            display = _registered(thing, name)
    if display is None:
        msg = f"Nothing shows {name!r} of a {type(thing).__name__}."
        raise LookupError(msg)
    return display


def _registered(thing: object, name: str) -> _Display | None:
    kinds = (kind for kind in type(thing).__mro__ if (kind, name) in _displays)
    return next((_displays[kind, name] for kind in kinds), None)


def _kept(thing: object) -> dict[tuple[str, Hashable], Any]:
    # By the thing itself, since displays refer to what they show: a table of all things here, even one with weak keys,
    # would keep every thing that was ever shown. So the two go together.
    kept: dict[tuple[str, Hashable], Any] = vars(thing).setdefault("_displays", {})
    return kept
