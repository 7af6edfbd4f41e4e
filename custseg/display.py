"""A registry of displays: modules that draw register here, and are imported when a display is first asked for.

The core asks for a display by name, and knows neither what draws it nor where it is shown. It makes related changes
within ``batch_updates()``, so that what draws can send them in one go.
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
    """How a thing is shown, and where it is shown now; without ``place``, it is made anew each time."""

    make: Callable[[Any], Any]
    place: Callable[[Any], Hashable] | None


_displays: dict[tuple[type, str], _Display] = {}
_modules: list[str] = []
_batches: list[Callable[[], AbstractContextManager[object]]] = []


def drawn_by(*modules: str) -> None:
    """Name the modules that draw. Importing one registers its displays, which happens when one is first needed.

    They are imported in this order, so put those that load fast first.
    """
    _modules.extend(module for module in modules if module not in _modules)


def register(
    kind: type, name: str, make: Callable[[Any], Any], *, place: Callable[[Any], Hashable] | None = None
) -> None:
    """Let ``show(thing, name)`` return ``make(thing)`` for things of this kind.

    With ``place``, which says where a thing is shown now (in which session, say), the display is made once for each
    place, and kept until ``forget(thing, place)``.
    """
    _displays[kind, name] = _Display(make, place)


def show(thing: object, name: str) -> Any:
    """Return the display of that name of a thing, such as ``show(model, "scatter")``.

    Raises
    ------
    LookupError
        No module draws it.

    """
    display = _display_of(thing, name)
    if display.place is None:
        return display.make(thing)
    kept, key = _kept(thing), (name, display.place(thing))
    if key not in kept:
        kept[key] = display.make(thing)
    return kept[key]


def places_of(thing: object) -> set[Hashable]:
    """Return the places where a thing is shown."""
    return {place for _, place in _kept(thing)}


def forget(thing: object, place: Hashable) -> None:
    """Drop the displays of a thing in a place that is gone."""
    kept = _kept(thing)
    for key in [key for key in kept if key[1] == place]:
        del kept[key]


def batch_with(context: Callable[[], AbstractContextManager[object]]) -> None:
    """Let ``batch_updates()`` enter this context too."""
    if context not in _batches:
        _batches.append(context)


@contextmanager
def batch_updates() -> Iterator[None]:
    """Make related changes within this context, so that they are sent together."""
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
    # Kept by the thing itself, since displays refer to what they show: a table of all things here, even with weak keys,
    # would keep alive everything ever shown.
    kept: dict[tuple[str, Hashable], Any] = vars(thing).setdefault("_displays", {})
    return kept
