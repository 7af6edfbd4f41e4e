"""Files to download on a real server: nobody's click waits for them, and they end with the page that asked."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.visitor import visit
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.dashboard.visitor import Visitor
    from tests.ui.server import Server

# So many that a report of them takes several clicks' time.
CUSTOMERS, CLICKS = 20_000, 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("downloads")
    source = folder / "clients.csv"
    rows = [f"C{row},{row * row % 977},{row % 31},{row * 7 % 613}" for row in range(CUSTOMERS)]
    source.write_text("\n".join(["customer,spend,visits,returns", *rows]), encoding="utf-8")
    with serve(folder, source, options=SETUP) as server:
        yield server
    assert server.remarks() == []


async def press(visitor: Visitor, label: str) -> None:
    """Press a button that downloads, as a browser does."""
    await visitor.change(visitor.model("FileDownload", label=label), "clicks", 1)


async def downloaded(visitor: Visitor) -> bytes:
    """Wait for the file, which comes as a link that holds it."""
    found = await visitor.heard(r"data:[^,]+;base64,[A-Za-z0-9+/=]*\"")
    return base64.b64decode(found.partition(",")[2].rstrip('"'))


@pytest.mark.parametrize("label", ["Report with customers (HTML)", "Report to share (HTML)"])
def test_the_clicks_of_others_are_answered_while_a_report_is_made(label: str, server: Server) -> None:
    async def scenario() -> tuple[int, bytes]:
        async with visit(server.url) as asking, visit(server.url) as clicking:
            await asking.run()
            await clicking.run()
            await press(asking, label)
            report = asyncio.create_task(downloaded(asking))
            answered = 0
            for k in range(2, 2 + CLICKS):
                await clicking.choose(k)
                await clicking.run()
                answered += not report.done()
            return answered, await report

    answered, report = asyncio.run(scenario())
    assert answered == CLICKS
    assert report.startswith(b"<!DOCTYPE html>")
    assert f"{CUSTOMERS:,} customers".encode() in report


def test_a_file_is_given_up_when_the_page_that_asked_goes(server: Server) -> None:
    async def scenario() -> bytes:
        async with visit(server.url) as leaving:
            await leaving.run()
            await press(leaving, "Report with customers (HTML)")
        # One process makes files: the next is made once it is free.
        async with visit(server.url) as staying:
            await staying.run()
            await press(staying, "Segments (CSV)")
            return await downloaded(staying)

    assert b"segment" in asyncio.run(scenario())
