"""Which requests a server answers: those that name it rightly, and choose no session of their own."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bokeh.server.util import check_allowlist
from tornado.httputil import split_host_and_port

from custseg.errors import quote
from custseg.language import say

if TYPE_CHECKING:
    from collections.abc import Collection

    from tornado.httputil import HTTPServerRequest

ARGUMENTS_OF_SESSIONS = ("bokeh-session-id", "bokeh-token")
HEADER_OF_SESSIONS = "Bokeh-Session-Id"
# As Bokeh makes them: letters and digits, and a signature where sessions are signed.
_SESSION_ID = re.compile(r"[A-Za-z0-9]{44}(\.[\w-]{43})?", re.ASCII)
# Bokeh calls what it compresses so; it holds the arguments of an address, and unpacked it may have so many bytes.
_COMPRESSED = "__bk__zlib_"
_LARGEST_TOKEN = 250_000


def host_refusal(host: str, names: Collection[str]) -> str | None:
    """Say why a request to this host is refused, None where it isn't.

    A page elsewhere can have its own name lead to this machine and would then be of the same origin (DNS rebinding).
    It can't do so with an address or with localhost; other names must be among those that the server was started with.
    """
    name = split_host_and_port(host.lower())[0]
    if name == "localhost" or _is_address(name) or check_allowlist(host.lower(), list(names)):
        return None
    return say(
        "This server is not known as {host}. Open it under localhost, its IP address or a name that "
        "it was started with; whoever runs it can add one with --allow-websocket-origin or "
        "BOKEH_ALLOW_WS_ORIGIN.",
        host=quote(host),
    )


def _is_address(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def sender_refusal(request: HTTPServerRequest, names: Collection[str]) -> str | None:
    """Say why a form is refused that a page of another site sends, None where it isn't one."""
    origin = request.headers.get("Origin")
    if request.method in ("GET", "HEAD", "OPTIONS") or origin is None:
        return None
    sender = urlsplit(origin).netloc.lower()
    if sender and (sender == request.host.lower() or check_allowlist(sender, list(names))):
        return None
    return f"This was sent by a page of {quote(origin)}. Open the page here, and send it from there."


def session_refusal(request: HTTPServerRequest) -> str | None:
    """Say why a request that chooses its session is refused, None where it doesn't.

    Whoever chose it could read along.
    """
    chosen = [name for name in ARGUMENTS_OF_SESSIONS if name in request.query_arguments]
    if not chosen and HEADER_OF_SESSIONS not in request.headers:
        return None
    return say("A session cannot be chosen from outside. Open the page without bokeh-session-id and bokeh-token.")


def token_of(request: HTTPServerRequest) -> str:
    """Return the token that a socket is opened with, which Bokeh sends as the second protocol."""
    return request.headers.get("Sec-WebSocket-Protocol", "").partition(",")[2].strip()


def is_token(text: str) -> bool:
    """Whether this is built as the tokens are that a page gets: the id of a session, and no more than an address."""
    try:
        content = json.loads(_decoded(text.partition(".")[0]))
        packed = _decoded(content.get(_COMPRESSED, ""))
        unpacker = zlib.decompressobj()
        unpacker.decompress(packed, _LARGEST_TOKEN)
        return bool(text.isascii() and _SESSION_ID.fullmatch(content["session_id"]) and not unpacker.unconsumed_tail)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error):
        return False


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
