"""Where people sign in, nothing answers whom the server does not know; and what their browser keeps of it."""

from __future__ import annotations

from functools import cache, wraps
from hmac import compare_digest
from inspect import isawaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jinja2
from bokeh.server.views.auth_request_handler import AuthRequestHandler
from panel import auth
from panel.io.resources import ERROR_TEMPLATE
from tornado.web import ErrorHandler, HTTPError, RequestHandler

from dashboard.server_settings import settings_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from bokeh.server.tornado import BokehTornado

_HERE = Path(__file__).parent
# What Panel asks a session for when people sign in.
COOKIES_OF_PEOPLE = ["user", "is_guest"]


def signs_in(server: BokehTornado) -> bool:
    """Whether people sign in to this server."""
    provider = server.auth_provider
    return provider.get_user is not None or provider.get_user_async is not None


def for_those_signed_in(handler: type[RequestHandler], server: BokehTornado) -> type[RequestHandler]:
    """Return who answers in the place of a handler that would answer anybody: files, for the most part."""
    where_one_signs_in = tuple(kind for _, kind in server.auth_provider.endpoints)
    if not signs_in(server) or issubclass(handler, (AuthRequestHandler, ErrorHandler, *where_one_signs_in)):
        return handler
    return _asking_who_it_is(handler)  # type: ignore[arg-type]


@cache
def _asking_who_it_is(handler: type[RequestHandler]) -> type[RequestHandler]:
    class SignedIn(handler):  # type: ignore[misc, valid-type]
        async def prepare(self) -> None:
            provider: Any = self.application.auth_provider
            ask = provider.get_user_async or provider.get_user
            user = ask(self)
            if (await user if isawaitable(user) else user) is None:
                raise HTTPError(403)
            prepared = super().prepare()
            if prepared is not None:
                await prepared

    return SignedIn


def ask_nobody_else() -> None:
    """Have the pages for signing in and out, and for where that fails, ask nobody else for a picture or a font.

    The former put the name of a picture behind what is set here; behind a “#” it means nothing. The latter is a
    template that Panel hands around before this is called, so that it is changed and not replaced.
    """
    icon = f"data:image/svg+xml,{quote((_HERE / 'icon.svg').read_text(encoding='utf-8'))}"
    vars(auth)["CDN_DIST"] = f"{icon}#"
    page = (_HERE / "sign_in_failed.html").read_text(encoding="utf-8")
    vars(ERROR_TEMPLATE).update(vars(jinja2.Environment(autoescape=True).from_string(page, {"icon": icon})))


def may_see_figures(request: Any, server: BokehTornado) -> bool:
    """Whether a request may see what was counted: one with the token; where there is none, any without a sign-in."""
    token = settings_in_force().metrics_token
    if not token:
        return not signs_in(server)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return compare_digest(given.encode(), token.encode())


def kept_to_itself(set_cookie: Callable[..., None]) -> Callable[..., None]:
    """Set cookies that no script reads and no other site sends along; those of a safe connection stay on such."""

    @wraps(set_cookie)
    def set_safely(self: RequestHandler, *given: Any, **settings: Any) -> None:
        for name, value in {"httponly": True, "samesite": "Lax", "secure": self.request.protocol == "https"}.items():
            settings.setdefault(name, value)
        set_cookie(self, *given, **settings)

    return set_safely
