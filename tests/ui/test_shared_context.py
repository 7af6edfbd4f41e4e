"""The context that tests share keeps nothing of one test for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.conftest import forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

HELD = "[sessionStorage.getItem('b'), document.cookie, matchMedia('(prefers-color-scheme: dark)').matches]"
KEPT = "localStorage.getItem('a')"
EMPTY = "<title>routed</title><link rel=icon href='data:,'>"


def test_nothing_of_a_page_is_left_for_the_next(
    open_page: Callable[[], Page], shared_context: BrowserContext, server: Server
) -> None:
    first = open_page()
    first.set_viewport_size({"width": 390, "height": 844})
    first.emulate_media(color_scheme="dark")
    # Of the page itself only its origin is needed.
    shared_context.route("**/app", lambda route: route.fulfill(body=EMPTY))
    first.goto(server.url)
    first.evaluate("localStorage.setItem('a', 1), sessionStorage.setItem('b', 1), document.cookie = 'c=1'")
    assert first.evaluate(HELD) == ["1", "c=1", True]
    assert first.evaluate(KEPT) == "1"

    forget(shared_context)
    assert first.is_closed()
    second = open_page()
    second.goto(server.url)
    assert second.title() != "routed"
    assert second.evaluate(HELD) == [None, "", False]
    assert second.evaluate(KEPT) is None
    assert second.viewport_size == {"width": 1440, "height": 900}
