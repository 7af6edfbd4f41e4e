"""What every answer tells a browser that it may not do: run what the page did not bring, keep it, frame it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tornado.web import StaticFileHandler

from dashboard.server_settings import settings_in_force

if TYPE_CHECKING:
    from tornado.web import RequestHandler

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # Settings stand in the address, names of columns among them.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# What is no page of ours runs nothing at all: errors, files, the sign-in.
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'self'; img-src 'self' data:; style-src 'unsafe-inline'"
_PAGE = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' blob: data:",
    # BokehJS makes functions of the texts of CustomJS, and of the templates of a table's cells.
    "script-src": "'nonce-{nonce}' 'unsafe-eval'",
    # BokehJS writes the style sheet of each view into a style element.
    "style-src": "'self' 'unsafe-inline'",
    # The uploader looks at a file in a worker that it makes of a text.
    "worker-src": "blob:",
}


def protect(answer: RequestHandler) -> None:
    """Give an answer the headers of what is no page."""
    for name, value in _EVERYWHERE.items():
        answer.set_header(name, value)
    answer.clear_header("Server")
    if not isinstance(answer, StaticFileHandler):
        answer.set_header("Cache-Control", "no-store")
    _set_policy(answer, _NO_PAGE)


def protect_page(answer: RequestHandler, nonce: object) -> None:
    """Give the answer that holds a page the policy under which only the page's own scripts run.

    A page that is not ours, such as that of Panel's administrator, has no nonce, and runs what it will.
    """
    if not nonce:
        _set_policy(answer, "base-uri 'none'")
        return
    policy = "; ".join(f"{what} {sources}" for what, sources in _PAGE.items())
    _set_policy(answer, policy.format(nonce=nonce))


def _set_policy(answer: RequestHandler, policy: str) -> None:
    origins = settings_in_force().frame_ancestors.split()
    ancestors = " ".join("'self'" if origin.lower() == "self" else origin for origin in origins) or "'none'"
    answer.set_header("Content-Security-Policy", f"{policy}; frame-ancestors {ancestors}")
