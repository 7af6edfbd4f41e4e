"""Where a model is shown: in a session of a server, or by this Python itself, as in a notebook."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

import panel as pn

from custseg.display import forget, places_of

if TYPE_CHECKING:
    from collections.abc import Hashable


def current_place(thing: object) -> Hashable:
    """Return the session in which a thing is to be shown now, None outside of sessions; displays go with a session."""
    document = pn.state.curdoc
    context = None if document is None else document.session_context
    if context is None:
        return None
    if context.id not in places_of(thing):
        pn.state.on_session_destroyed(partial(_forget, ref(thing), context.id))
    return context.id


def _forget(thing: ref[object], place: Hashable, _: object) -> None:
    shown = thing()
    if shown is not None:
        forget(shown, place)
