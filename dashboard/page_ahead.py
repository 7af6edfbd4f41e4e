"""The next page is made before anyone asks for it, so that whoever opens it need not wait until the server has made it.

While a browser draws a page, the server makes another, and keeps it for whoever comes next on the same terms: the same
address without settings in it, the same languages, the same files behind it. All others get a page of their own making.
There is one such page for each process, and it is given away once. Where people sign in there is none.
"""

from __future__ import annotations

import asyncio
import logging
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bokeh.protocol.messages.pull_doc_reply import pull_doc_reply
from bokeh.server.contexts import _RequestProxy
from bokeh.util.token import generate_jwt_token, generate_session_id
from panel.io.server import DocHandler
from panel.io.state import set_curdoc
from tornado.httputil import HTTPHeaders, HTTPServerRequest

from dashboard.server_settings import settings_in_force
from dashboard.sign_in import COOKIES_OF_PEOPLE, signs_in
from dashboard.source import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bokeh.core.types import ID
    from bokeh.document import Document
    from bokeh.protocol.messages.pull_doc_req import pull_doc_req
    from bokeh.server.connection import ServerConnection
    from bokeh.server.contexts import ApplicationContext
    from bokeh.server.session import ServerSession
    from bokeh.server.tornado import BokehTornado

_log = logging.getLogger("custseg")


def once_someone_is_there(act: Callable[[], None], *, keep: bool = True) -> None:
    """Do something at once, or where this page is being made ahead, when it is given away.

    A page is kept for others only if this is called, and where nothing on it is wrong.
    """
    making = _making.get()
    if making is None:
        act()
    else:
        making.on_arrival.append(act)
        making.keep = keep


@dataclass
class _Making:
    """What is known of a page while it is made ahead: what to do when it is given away, and whether it is kept."""

    on_arrival: list[Callable[[], None]] = field(default_factory=list)
    keep: bool = False


_making: ContextVar[_Making | None] = ContextVar("making", default=None)


@dataclass(frozen=True)
class _Terms:
    """All that a page depends on: what was asked for and how, and the files behind it."""

    protocol: str
    host: str
    path: str
    payload: Any
    files: tuple[object, ...]

    @classmethod
    def of(cls, handler: DocHandler) -> _Terms:
        asked = handler.request
        payload = handler._generate_token_payload()  # noqa: SLF001 - what else Panel would put into the token
        return cls(asked.protocol, asked.host, asked.path, payload, versions())

    @property
    def request(self) -> HTTPServerRequest:
        """A request on these terms, by nobody."""
        request = HTTPServerRequest("GET", self.path, headers=HTTPHeaders({"Host": self.host}), host=self.host)
        request.protocol = self.protocol
        return request

    def token(self, session_id: ID, server: BokehTornado) -> str:
        """Return the token of a page, which holds from now on."""
        return generate_jwt_token(
            session_id,
            secret_key=server.secret_key,
            signed=server.sign_sessions,
            expiration=server.session_token_expiration,
            extra_payload=self.payload,
        )


@dataclass(frozen=True)
class _Page:
    """A page that is there and was not given away yet."""

    terms: _Terms
    session: ServerSession
    on_arrival: list[Callable[[], None]]


class _Ahead:
    """The page that an app has made ahead, and the terms of the one to be made next."""

    def __init__(self) -> None:
        self._page: _Page | None = None
        self._wanted: _Terms | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def session(self) -> ServerSession | None:
        """The session of the page that is there."""
        return self._page.session if self._page else None

    def take(self, handler: DocHandler) -> ServerSession | None:
        """Give the page away to one for whom it is right, None where it is not. The next is made for such a one."""
        terms = self._wanted = _Terms.of(handler)
        page = self._page
        if page is None or page.terms != terms:
            return None
        self._page = None
        _hand_over(page, handler)
        return page.session

    def begin(self, context: ApplicationContext, server: BokehTornado) -> None:
        """Begin to make the page that is wanted, in the context of no session."""
        # Asyncio itself holds its tasks weakly.
        self._task = asyncio.create_task(self._make(context, server), context=Context())
        self._task.add_done_callback(_tell_failure)

    async def _make(self, context: ApplicationContext, server: BokehTornado) -> None:
        """Make the page that is wanted, where there is none and room for one."""
        terms, self._wanted = self._wanted, None
        if terms is None or (self._page and self._page.terms == terms):
            return
        self._drop()
        if len(list(context.sessions)) < settings_in_force().sessions:
            self._page = await _make(terms, context, server)

    def _drop(self) -> None:
        if self._page:
            # Bokeh looks every few seconds for those that nobody is connected to.
            self._page.session.request_expiration()
            self._page.session.unblock_expiration()
            self._page = None


async def _make(terms: _Terms, context: ApplicationContext, server: BokehTornado) -> _Page | None:
    making = _Making()
    _making.set(making)
    session_id = generate_session_id(secret_key=server.secret_key, signed=server.sign_sessions)
    session = await context.create_session_if_needed(session_id, terms.request, terms.token(session_id, server))
    if not making.keep:
        session.request_expiration()
        return None
    session.block_expiration()
    _written[session.document] = _Reply(session.document)
    return _Page(terms, session, making.on_arrival)


def _hand_over(page: _Page, handler: DocHandler) -> None:
    """Have a page be as if it were made just now for this visitor."""
    session, payload = page.session, page.terms.payload
    context: Any = session.document.session_context
    token = page.terms.token(session.id, handler.application)
    told: Any = {name: payload.get(name) for name in ("arguments", "cookies", "headers")}
    session._token = context._token = token  # noqa: SLF001 - they have no setters
    context._request = _RequestProxy(handler.request, **told)  # noqa: SLF001
    # Else it would have been unused for so long that Bokeh lets go of it: nobody leaves, and the time counts from now.
    session.unsubscribe(None)  # type: ignore[arg-type]
    session.unblock_expiration()
    with set_curdoc(session.document):
        for act in page.on_arrival:
            act()


class _Reply:
    """A document as it goes to the browser, written ahead; it is of no use any more once the document changed."""

    def __init__(self, document: Document) -> None:
        self._message = pull_doc_reply.create("", document)  # type: ignore[arg-type]
        # The message keeps its text once it was asked for.
        self._holds = bool(self._message.content_json)
        document.on_change(self._changed)

    def _changed(self, _: object) -> None:
        self._holds = False

    def to(self, request: pull_doc_req, document: Document) -> pull_doc_reply | None:
        """Return it as the reply to a request, None where the document changed meanwhile."""
        document.remove_on_change(self._changed)
        self._message.header = {**self._message.header, "reqid": request.header["msgid"]}
        return self._message if self._holds else None


_aheads: WeakKeyDictionary[ApplicationContext, _Ahead] = WeakKeyDictionary()
_written: WeakKeyDictionary[Document, _Reply] = WeakKeyDictionary()


def with_people(sessions: Iterable[ServerSession]) -> list[ServerSession]:
    """Return those of some sessions that somebody has asked for."""
    waiting = [ahead.session for ahead in _aheads.values()]
    return [session for session in sessions if session not in waiting]


def giving_what_is_ahead(get_session: Callable[..., Any]) -> Callable[..., Any]:
    """Give a visitor the page that was made ahead, where it is right for this one."""

    async def get_ahead(self: Any) -> Any:
        found = None
        if isinstance(self, DocHandler) and _asks_for_no_more(self):
            found = _aheads.setdefault(self.application_context, _Ahead()).take(self)
        return found or await get_session(self)

    return get_ahead


def _asks_for_no_more(handler: DocHandler) -> bool:
    """Whether a request is for the page as anybody may have it."""
    asked = handler.request
    plain = asked.method == "GET" and not asked.query and not asked.cookies.keys() & COOKIES_OF_PEOPLE
    return plain and settings_in_force().page_ahead == "on" and not signs_in(handler.application)


def answering_as_written(handle_pull: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a browser that asks for its document with what was written ahead, where it was."""

    async def handle(self: ServerSession, message: pull_doc_req, connection: ServerConnection) -> Any:
        written = _written.pop(self.document, None)
        return (written and written.to(message, self.document)) or await handle_pull(self, message, connection)

    return handle


def making_the_next(send_message: Callable[..., Any]) -> Callable[..., Any]:
    """Make the next page once a browser has the document of one, and draws it."""

    async def send_and_make(self: Any, message: Any) -> Any:
        sent = await send_message(self, message)
        context = self.application_context
        if message.msgtype == pull_doc_reply.msgtype and context in _aheads:
            _aheads[context].begin(context, self.application)
        return sent

    return send_and_make


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        _log.error("No page could be made ahead", exc_info=task.exception())
