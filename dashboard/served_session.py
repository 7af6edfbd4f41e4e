"""The session of the server that is served just now."""

from __future__ import annotations

from typing import Any

import panel as pn


def served_session() -> Any:
    """Return Bokeh's context of the session, with its request; None where nothing is being served."""
    return pn.state.curdoc.session_context if pn.state.curdoc else None
