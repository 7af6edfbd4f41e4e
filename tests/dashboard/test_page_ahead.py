"""The next page is there before it is asked for, and is the one that its visitor would have got anyway."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from bokeh.document import Document
from bokeh.models.widgets import Div
from bokeh.protocol.messages.pull_doc_req import pull_doc_req
from bokeh.util.token import get_session_id

from dashboard.page_ahead import _Reply
from tests.dashboard.visitor import visit
from tests.dashboard.wire import ask, socket, token_in
from tests.ui.server import ROOT, SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ui.server import Server

COUNTED = ROOT / "tests" / "ui" / "counted_app.py"
# Sessions that nobody is connected to go within a second.
IMPATIENT = ("--unused-session-lifetime", "1000", "--check-unused-sessions", "100")
_SECONDS = 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path, app=COUNTED, options=(*SETUP, *IMPATIENT)) as running:
        yield running


async def models(server: Server) -> int:
    """Return how many models are alive on the server."""
    async with socket(server.url, token_in(ask(f"{server.url}?count")[1])) as wire:
        told = re.search(r"models=(\d+)", json.dumps(await wire.document()))
        assert told
        return int(told[1])


async def until_models(server: Server, number: int) -> None:
    end = time.monotonic() + _SECONDS
    while (found := await models(server)) != number:
        assert time.monotonic() < end, f"{found} models are alive"
        await asyncio.sleep(0.2)


async def opened(url: str, **headers: str) -> tuple[str, str]:
    """Open the page and leave it; return the page and its document."""
    page = ask(url, **headers)[1]
    async with socket(url, token_in(page)) as wire:
        return page, json.dumps(await wire.document(), ensure_ascii=False)


def session_in(page: str) -> str:
    return get_session_id(token_in(page))


def test_a_page_is_there_before_it_is_asked_for_and_stays_until_then(server: Server) -> None:
    async def people() -> None:
        first, _ = await opened(server.url)
        await until_models(server, 1)
        # For longer than a session stays that somebody left.
        await asyncio.sleep(2)
        assert await models(server) == 1
        second, document = await opened(server.url)
        assert session_in(first) != session_in(second)
        assert "440" in document
        await until_models(server, 1)

    asyncio.run(people())


def test_a_page_is_given_to_one_visitor_alone(server: Server) -> None:
    async def people() -> None:
        await opened(server.url)
        await until_models(server, 1)
        pages = [ask(server.url)[1] for _ in range(3)]
        assert len({session_in(page) for page in pages}) == 3

    asyncio.run(people())


def test_who_asks_on_other_terms_gets_another_page(server: Server) -> None:
    async def people() -> None:
        await opened(server.url)
        await until_models(server, 1)
        page, document = await opened(server.url, Accept_Language="de")
        assert '<html lang="de">' in page
        assert "Segmentieren" in document
        # The English one is gone, and the next German finds hers.
        await until_models(server, 1)
        page, document = await opened(server.url, Accept_Language="de")
        assert '<html lang="de">' in page
        assert "Segmentieren" in document
        page, document = await opened(server.url)
        assert '<html lang="en">' in page
        assert "Run clustering" in document

    asyncio.run(people())


def test_a_page_made_ahead_runs_and_tells_of_its_visitor_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_LOG", "text")

    async def people(url: str) -> None:
        for number in range(1, 4):
            async with visit(url) as visitor:
                await visitor.run()
                assert "Run 1" in visitor.told
                assert visitor.errors == []
            assert log.read_text().count("event=session") == number

    with serve(tmp_path, options=SETUP) as running:
        log = running.log
        asyncio.run(people(running.url))


def test_a_file_that_was_replaced_since_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_LOG", "text")
    source = tmp_path / "shop.csv"

    def write(customers: int) -> None:
        rows = "".join(f"{number},{number % 7 * 10},{number % 5 * 3}\n" for number in range(customers))
        source.write_text(f"id,spend,visits\n{rows}")

    write(50)
    with serve(tmp_path, source, options=SETUP) as running:
        asyncio.run(opened(running.url))
        # The page that is made ahead has read the file too.
        time.sleep(2)
        write(70)
        asyncio.run(opened(running.url))
        assert re.findall(r"customers=(\d+)", running.log.read_text()) == ["50", "70"]


def test_what_is_wrong_with_a_page_is_logged_once_for_each_who_is_shown_it(tmp_path: Path) -> None:
    with serve(tmp_path, tmp_path / "shop.csv", options=SETUP) as running:
        for number in (1, 2):
            asyncio.run(opened(running.url))
            # A page that is made ahead has found the same wrong.
            time.sleep(2)
            assert running.log.read_text().count("The server's own table is not shown") == number


def test_none_is_made_where_the_setting_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_PAGE_AHEAD", "off")

    async def people() -> None:
        await opened(running.url)
        await until_models(running, 0)

    with serve(tmp_path, app=COUNTED, options=(*SETUP, *IMPATIENT)) as running:
        asyncio.run(people())


def test_the_page_made_ahead_takes_nobodys_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def people(url: str) -> None:
        async with visit(url), visit(url):
            assert ask(url)[0] == 503
        await asyncio.sleep(3)
        async with visit(url), visit(url):
            pass

    monkeypatch.setenv("CUSTSEG_SESSIONS", "2")
    with serve(tmp_path, options=(*SETUP, *IMPATIENT)) as running:
        asyncio.run(people(running.url))


def request() -> pull_doc_req:
    asked: pull_doc_req = pull_doc_req.create()
    return asked


def test_what_was_written_ahead_is_the_reply_as_long_as_the_document_is_as_it_was() -> None:
    document = Document()
    words = Div(text="as it was")
    document.add_root(words)
    asked = request()
    reply = _Reply(document).to(asked, document)
    assert reply is not None
    assert reply.header["reqid"] == asked.header["msgid"]
    assert "as it was" in reply.content_json

    written = _Reply(document)
    words.text = "another"
    assert written.to(asked, document) is None
