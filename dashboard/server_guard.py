"""What makes the server safe where Panel, Bokeh and Tornado leave it open: the one place that changes their classes.

``panel serve`` builds the server itself and has no settings for this. Some of what is changed here is private:
``tests/dashboard/test_server_guard.py`` tries each change on a running server.
"""

from __future__ import annotations

import logging
import sys
import zlib
from base64 import b64decode
from contextlib import suppress
from functools import cache, partial
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from bokeh.core.serialization import Deserializer
from bokeh.protocol.exceptions import ProtocolError
from bokeh.protocol.messages.error import error as ErrorMessage  # noqa: N812 - a class
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.server.connection import ServerConnection
from bokeh.server.protocol_handler import ProtocolHandler
from bokeh.server.session import ServerSession
from bokeh.server.tornado import BokehTornado
from bokeh.server.views.metadata_handler import MetadataHandler
from bokeh.server.views.ws import WSHandler
from bokeh.settings import settings
from bokeh.util.token import check_token_signature
from panel.io.server import AutoloadJsHandler, ComponentResourceHandler, DocHandler
from tornado.web import ErrorHandler, RequestHandler
from tornado.websocket import WebSocketClosedError

from dashboard.bounded_log import BoundedRecord, shorten
from dashboard.compression import FileCompression
from dashboard.refused_messages import answering_refusals, is_told_otherwise, taking_out_what_is_refused
from dashboard.request_rules import host_refusal, is_token, sender_refusal, session_refusal, token_of
from dashboard.response_headers import protect, protect_page
from dashboard.service_routes import probe, service
from dashboard.session_limits import bounding_messages, ending_when_idle, no_room_for, noting_use
from dashboard.sign_in import COOKIES_OF_PEOPLE, ask_nobody_else, for_those_signed_in, kept_to_itself, may_see_figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tornado.httputil import HTTPServerRequest

_MESSAGES_OF_A_PAGE = ("PATCH-DOC", "PULL-DOC-REQ")
# Of compressed bytes in one message. Browsers send bytes as they are, an upload too, so that none comes near.
_LARGEST_UNPACKED = 1_000_000
_TYPES_OF_ARRAYS = ("bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64", "object")
# The page needs none of these: the first imports whatever module the address names, the second has a page run in
# another site, and the third tells nothing.
_UNUSED = (ComponentResourceHandler, AutoloadJsHandler, MetadataHandler)
# The frame that closes a socket has room for 123 bytes.
_LONGEST_REASON = 100


@cache
def guard_server() -> None:
    """Make the servers of this process safe, those that run already too. Called again, it does nothing."""
    logging.setLogRecordFactory(BoundedRecord)
    ask_nobody_else()
    _replace(BokehTornado, "find_handler", _looking_at_the_request)
    _replace(BokehTornado, "find_handler", _compressing_files)
    _replace(BokehTornado, "include_headers", partial(_else, default=["Accept-Language"]))
    # Everything else would stand in the page, and in copies of it.
    _replace(BokehTornado, "include_cookies", partial(_else, default=COOKIES_OF_PEOPLE))
    _replace(RequestHandler, "clear", _with_headers)
    _replace(RequestHandler, "set_cookie", kept_to_itself)
    _replace(DocHandler, "get_session", _with_a_policy)
    _replace(ProtocolHandler, "handle", _only_what_pages_send)
    _replace(patch_doc, "apply_to_document", taking_out_what_is_refused)
    _replace(ServerSession, "patch", answering_refusals)
    logging.getLogger("panel.reactive").addFilter(is_told_otherwise)
    _replace(ErrorMessage, "create", _in_a_sentence)
    _replace(ServerConnection, "send_ping", _to_whom_is_there)
    logging.getLogger(WSHandler.__module__).addFilter(_is_no_farewell)
    _replace(WSHandler, "close", _with_a_short_reason)
    _replace(WSHandler, "max_message_size", bounding_messages)
    _replace(WSHandler, "open", ending_when_idle)
    _replace(WSHandler, "on_message", noting_use)
    _replace(Deserializer, "_decode_bytes", _up_to_a_size)
    _replace(Deserializer, "_decode_ndarray", _of_plain_types)


def _replace(owner: type, name: str, change: Callable[[Any], Any]) -> None:
    """Put in the place of a member of a class what is made of it."""
    setattr(owner, name, change(getattr_static(owner, name)))


def _looking_at_the_request(find: Callable[..., Any]) -> Callable[..., Any]:
    """Look at every request, one that opens a socket too, before any handler does."""

    def find_handler(self: BokehTornado, request: HTTPServerRequest, **kwargs: Any) -> Any:
        if asked := probe(request.path, self):
            return self.get_handler_delegate(request, asked)
        found = find(self, request, **kwargs)
        handler = getattr(found, "handler_class", ErrorHandler)
        if sentence := _refusal(request, self, opens_socket=issubclass(handler, WSHandler)):
            return self.get_handler_delegate(request, _Refused, {"sentence": sentence})
        if sentence := no_room_for(request, handler, self):
            return self.get_handler_delegate(request, _Refused, {"sentence": sentence, "status": 503})
        if (asked := service(request.path, self)) and may_see_figures(request, self):
            return self.get_handler_delegate(request, asked)
        if issubclass(handler, _UNUSED):
            return self.get_handler_delegate(request, ErrorHandler, {"status_code": 404})
        if hasattr(found, "handler_class"):
            found.handler_class = for_those_signed_in(handler, self)
        return found

    return find_handler


def _compressing_files(find: Callable[..., Any]) -> Callable[..., Any]:
    def find_handler(self: BokehTornado, request: HTTPServerRequest, **kwargs: Any) -> Any:
        # Here, since the server may run already.
        if FileCompression not in self.transforms:
            self.transforms.append(FileCompression)
        return find(self, request, **kwargs)

    return find_handler


def _refusal(request: HTTPServerRequest, server: BokehTornado, *, opens_socket: bool) -> str | None:
    names = settings.allowed_ws_origin() or server.websocket_origins
    refusal = host_refusal(request.host, names) or session_refusal(request) or sender_refusal(request, names)
    if refusal or not opens_socket:
        return refusal
    token = token_of(request)
    if is_token(token) and check_token_signature(token, signed=server.sign_sessions, secret_key=server.secret_key):
        return None
    return "This connection has no token that the server gave to a page. Reload the page."


class _Refused(RequestHandler):
    """Answers with a sentence."""

    def initialize(self, sentence: str, status: int = 403) -> None:
        self._sentence, self._status = sentence, status

    def prepare(self) -> None:
        self.set_status(self._status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(self._sentence)


def _else(kept: Any, default: list[str]) -> property:
    """Take what the server was started with, else this, where Bokeh would take everything."""
    return property(lambda self: default if kept.fget(self) is None else kept.fget(self))


def _with_headers(clear: Callable[[RequestHandler], None]) -> Callable[[RequestHandler], None]:
    """Begin each answer with what it tells a browser; one that fails is begun anew."""

    def clear_all(self: RequestHandler) -> None:
        clear(self)
        protect(self)

    return clear_all


def _with_a_policy(get_session: Callable[..., Any]) -> Callable[..., Any]:
    async def get_with_policy(self: DocHandler) -> Any:
        session = await get_session(self)
        protect_page(self, session.document.template_variables.get("nonce"))
        return session

    return get_with_policy


def _only_what_pages_send(handle: Callable[..., Any]) -> Callable[..., Any]:
    """Take no other message: one of them replaces the document by another, one tells versions."""

    async def handle_known(self: ProtocolHandler, message: Any, connection: Any) -> Any:
        if message.msgtype not in _MESSAGES_OF_A_PAGE:
            msg = f"a page sends no {message.msgtype}"
            raise ProtocolError(msg)
        return await handle(self, message, connection)

    return handle_known


def _in_a_sentence(create: Any) -> Any:
    """Tell a browser of an error without the traceback, and without what may name files of the server."""

    def create_briefly(cls: type[Any], /, request_id: Any, _: str, **metadata: Any) -> Any:
        problem = sys.exc_info()[1]
        text = shorten(str(problem)) if isinstance(problem, ValueError) else "The server failed; its log says why."
        message = create.__func__(cls, request_id, text, **metadata)
        message.content["traceback"] = None
        return message

    return classmethod(create_briefly)


def _to_whom_is_there(send_ping: Callable[[ServerConnection], None]) -> Callable[[ServerConnection], None]:
    """Ask a page whether it is there, and leave one that isn't to the end of its socket.

    Bokeh would take its session away at once, and fail with what the page had sent before and with that end.
    """

    def ping(self: ServerConnection) -> None:
        with suppress(WebSocketClosedError):
            send_ping(self)

    return ping


def _is_no_farewell(record: logging.LogRecord) -> bool:
    """Whether a record tells more than that a page went while it was being told something: its end is told anyway."""
    return record.msg != "Failed sending message as connection was closed"


def _with_a_short_reason(close: Callable[..., None]) -> Callable[..., None]:
    def close_briefly(self: WSHandler, code: int | None = None, reason: str | None = None) -> None:
        brief = (reason or "").encode()[:_LONGEST_REASON].decode(errors="ignore")
        close(self, code, brief or None)

    return close_briefly


def _up_to_a_size(decode: Callable[..., Any]) -> Callable[..., Any]:
    """Bound what a message is unpacked to: Bokeh would make a thousand times its size of it."""

    def decode_bytes(self: Any, obj: Any) -> Any:
        data = obj["data"]
        # Only what comes from a browser has a setter.
        if not isinstance(data, str) or self._setter is None:
            return decode(self, obj)
        left = getattr(self, "bytes_left", _LARGEST_UNPACKED)
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        unpacked = unpacker.decompress(b64decode(data), left) if left else b""
        self.bytes_left = left - len(unpacked)
        if not unpacker.eof:
            self.error(f"expected at most {_LARGEST_UNPACKED} bytes in the compressed parts of a message, but got more")
        return unpacked

    return decode_bytes


def _of_plain_types(decode: Callable[..., Any]) -> Callable[..., Any]:
    """Take no array of other types: a value of type S1000000000 has a gigabyte."""

    def decode_array(self: Any, obj: Any) -> Any:
        if obj["dtype"] not in _TYPES_OF_ARRAYS:
            self.error(f"expected an array of numbers, but got one of {shorten(str(obj['dtype']), _LONGEST_REASON)}")
        return decode(self, obj)

    return decode_array
