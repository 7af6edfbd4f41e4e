"""How many sessions there may be, how large a message, and what happens to a page that is left alone."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from tornado.httpclient import HTTPClientError

from custseg import SegmentationModel, SettingError
from custseg.panes import Downloads
from custseg.panes.base.made_files import DownloadRefusedError
from custseg.session.download import TOO_MUCH
from custseg.session.pace import Pace
from dashboard.session_limits import limit_session
from tests.dashboard.wire import ask, socket, token_in
from tests.panes.hands import press_download
from tests.ui.server import DASHBOARD, SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg import CustomerTable
    from tests.ui.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTSEG_SESSIONS", "2")
        patch.setenv("CUSTSEG_MESSAGE_MEGABYTES", "1")
        with serve(tmp_path_factory.mktemp("limited"), options=SETUP) as running:
            yield running


def test_who_comes_when_all_places_are_taken_is_told_so_and_a_message_that_is_too_large_ends_its_connection(
    server: Server,
) -> None:
    first, second = (token_in(ask(server.url)[1]) for _ in range(2))
    status, said, _ = ask(server.url)
    assert status == 503
    assert said.startswith("All 2 places of this server are taken. Try again in some minutes")
    assert ask(server.url.removesuffix("app") + "readiness")[0] == 200
    assert ask(server.url.removesuffix("app") + "static/js/bokeh.min.js", "HEAD")[0] == 200
    asyncio.run(_look(server.url, first))
    # That ends its own connection alone.
    asyncio.run(_send_too_much(server.url, first))
    asyncio.run(_look(server.url, second))


async def _send_too_much(url: str, token: str) -> None:
    async with socket(url, token) as wire:
        await wire.connection.write_message(json.dumps({"msgid": "1", "msgtype": "PATCH-DOC", "x": "x" * 1_100_000}))
        while await wire.receive():
            pass
        assert wire.connection.close_code == 1009


async def _look(url: str, token: str) -> None:
    async with socket(url, token) as wire:
        assert (await wire.document())["roots"]


def test_a_page_that_is_left_alone_is_let_go_of(tmp_path_factory: pytest.TempPathFactory) -> None:
    async def scenario(url: str, token: str) -> None:
        async with socket(url, token) as wire:
            assert (await wire.document())["roots"]
            while await wire.receive():
                pass
            assert str(wire.connection.close_reason).startswith("This page was left alone for so long")
        with pytest.raises(HTTPClientError, match="503"):
            await _look(url, token)

    with serve(tmp_path_factory.mktemp("idle"), options=("--setup", str(_impatient(tmp_path_factory)))) as running:
        asyncio.run(scenario(running.url, token_in(ask(running.url)[1])))


def _impatient(factory: pytest.TempPathFactory) -> object:
    """Return a setup file with which the eight hours after which a page is let go of are a second."""
    path = factory.mktemp("setup") / "setup.py"
    setup = DASHBOARD.with_name("setup.py")
    path.write_text(
        f"import runpy, sys\nsys.path.append({str(setup.parents[1])!r})\nimport dashboard.session_limits as limits\n"
        f"limits.SECONDS_A_MINUTE = 1 / 480\nrunpy.run_path({str(setup)!r})\n"
    )
    return path


def test_only_so_many_files_and_so_much_leave_a_page(table: CustomerTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_DOWNLOADS_A_MINUTE", "2")
    model = SegmentationModel(table, k=3, seed=0)
    limit_session(model)
    model.run_clustering()
    downloads = Downloads(model)
    for _ in range(2):
        press_download(downloads, "Customers (CSV)")
    with pytest.raises(DownloadRefusedError):
        press_download(downloads, "Customers (CSV)")
    assert "At most 2 downloads can be started in a minute here" in str(model.error)


def test_a_file_that_is_too_large_or_too_much_with_those_of_others_does_not_leave(table: CustomerTable) -> None:
    model, of_all = SegmentationModel(table), Pace(TOO_MUCH, 20)
    model.downloads.limit(10, 100, of_all)
    with pytest.raises(SettingError, match="This file has 11 MB, and 10 MB can be downloaded here"):
        model.downloads.record("customers", 5, 11_000_000)
    assert "11 MB" in str(model.error)
    model.downloads.record("customers", 5, 9_500_000)
    of_all.count(8)
    with pytest.raises(SettingError, match="At most 20 MB can be downloaded in a minute here"):
        model.downloads.record("customers", 5, 2_500_000)
    assert model.downloads.last is not None
