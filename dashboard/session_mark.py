"""What the log calls a session: enough to tell sessions apart, and nothing that opens one."""

from __future__ import annotations

import hashlib

from dashboard.served_session import served_session

# Of the name of a session, which is as good as a key to it.
_SHOWN = 8


def session_mark() -> str:
    """Return the mark of the session that is served just now; empty where none is."""
    context = served_session()
    return hashlib.sha256(context.id.encode()).hexdigest()[:_SHOWN] if context and context.id else ""
