"""Figures that HoloViews draws once a process and language: each session then gets a copy, in a third of the time.

What is kept is a description, as a browser is sent one: no object of Bokeh may outlive its session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.core.serialization import Deserializer, Serializer
from bokeh.util.serialization import make_id

from custseg.language import current

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_descriptions: dict[Hashable, Any] = {}


def drawn_once(name: Hashable, draw: Callable[[], Any]) -> Any:
    """Return a figure of one's own, a copy of what ``draw`` returned when a figure of that name was first needed."""
    key = (current(), name)
    if key not in _descriptions:
        _descriptions[key] = Serializer().encode(draw())
    return Deserializer().decode(_with_other_names(_descriptions[key], {}))


def _with_other_names(part: Any, names: dict[str, str]) -> Any:
    """Return a description whose models are called otherwise, since a document may come to hold two copies."""
    if isinstance(part, list):
        return [_with_other_names(item, names) for item in part]
    if not isinstance(part, dict):
        return part
    copied = {key: _with_other_names(item, names) for key, item in part.items() if key != "id"}
    return copied | {"id": names.setdefault(part["id"], make_id())} if "id" in part else copied
