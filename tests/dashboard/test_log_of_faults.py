"""Whatever goes wrong, no line of the server's log holds a cell, a name, the path of an upload or a secret."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest

from tests.corpus_formats import as_zip
from tests.dashboard.faults import CELL, PLAIN_LOG
from tests.dashboard.visitor import Visitor, visit
from tests.dashboard.wire import ask
from tests.ui.server import DASHBOARD, SETUP, Server, serve

if TYPE_CHECKING:
    from pathlib import Path

FAILING = DASHBOARD.parents[1] / "tests" / "dashboard" / "failing_page.py"
MARK = re.compile(r"marked", re.IGNORECASE)
PASSWORD = "marked-password"  # noqa: S105 - of nobody
COLUMN, FILE = "Marked column", "Marked file"
GOOD = f"customer,{COLUMN},visits\n" + "".join(f"{CELL} {row},{row % 7 * 11.5},{row % 11}\n" for row in range(60))
BROKEN = {
    "csv": bytes(range(256)),
    "xlsx": b"PK\x03\x04" + CELL.encode(),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + CELL.encode() * 200,
    "ods": as_zip(**{CELL: "x"}),
    "parquet": b"PAR1" + CELL.encode() + b"PAR1",
    "jsonl": f'{{"{COLUMN}": "{CELL}"}}\n{{"{COLUMN}": '.encode(),
    "csv.gz": b"\x1f\x8b" + CELL.encode(),
    "zip": as_zip(**{f"{FILE}.csv": "x"}),
    "txt": f"{COLUMN}\n{CELL}\n".encode(),
}
NO_NUMBERS = f"{COLUMN},{COLUMN} 2\n" + "".join(f"{CELL} {row},{CELL}\n" for row in range(30))
ADDRESS = {"k": "marked", "seed": "marked", "x": COLUMN, "feature": COLUMN, "playbook": CELL, "log": COLUMN}
ALERT = "role=&quot;alert&quot;"
# What stands below a place for files where one was refused.
REFUSED = "class=&quot;problem&quot;"


async def bring_broken_files(url: str) -> None:
    async with visit(url) as visitor:
        place = visitor.model("FileDropper")
        for suffix, content in BROKEN.items():
            await visitor.drop(place, f"{FILE}.{suffix}", content)
            await visitor.until(ALERT)
        await visitor.drop(place, f"{FILE}.csv", NO_NUMBERS.encode())
        await visitor.until(ALERT)


async def bring_wrong_files(visitor: Visitor, view: str, name: str, content: bytes) -> None:
    known = places(visitor)
    await visitor.turn(view)
    await visitor.until("FileDropper")
    await visitor.look()
    (new,) = places(visitor) - known
    await visitor.drop(new, name, content)
    await visitor.until(REFUSED)


def places(visitor: Visitor) -> set[str]:
    """Return the models of the page on which files can be dropped."""
    return {name for name, model in visitor.models.items() if model["name"].endswith("FileDropper")}


async def work(url: str) -> None:
    """Bring customers, run, have downloads and callbacks fail, and bring what else there is to bring, broken."""
    async with visit(url) as visitor:
        await visitor.drop(visitor.model("FileDropper"), f"{FILE}.csv", GOOD.encode())
        await visitor.until(f"{FILE}” is shown")
        await visitor.press("Run clustering")
        await visitor.until("Run 1:")
        for view, name, content in (
            ("changes", f"{FILE}.csv", f"customer\n{CELL}\n".encode()),
            ("segments", f"{FILE}.yaml", f"title: {CELL}\n{COLUMN}: [".encode()),
            ("data", f"{FILE}.json", json.dumps({"format": CELL, COLUMN: CELL}).encode()),
        ):
            await bring_wrong_files(visitor, view, name, content)
        await visitor.change(visitor.model("FileDownload", label="A file that fails"), "clicks", 1)
        await have_it_fail(visitor)


async def have_it_fail(visitor: Visitor) -> None:
    """Send what the page refuses, and have its callbacks fail."""
    slider, seed = visitor.model("Slider"), visitor.model("TextInput", placeholder="empty: a random start")
    for model, attribute, value in (
        (slider, "value", CELL),
        (slider, "marked", CELL),
        (slider, "value", 5),
        (seed, "value", "43"),
    ):
        await visitor.change(model, attribute, value)
        await visitor.until("OK", "ERROR")
    # The address follows the seed, after all else that does.
    await visitor.until("seed=43")
    await visitor.send({"kind": CELL})
    await visitor.until("ERROR")


async def look(url: str) -> None:
    async with visit(url) as visitor:
        await have_it_fail(visitor)


def ask_for_what_is_not_there(server: Server) -> None:
    root = server.url.rpartition("/")[0]
    for path in (f"/{quote_plus(CELL)}", f"/static/{PASSWORD}", f"/failing_page/ws?token={PASSWORD}"):
        ask(f"{root}{path}?secret={PASSWORD}")
    ask(f"{server.url}?table={PASSWORD}&" + "&".join(f"{name}={quote_plus(text)}" for name, text in ADDRESS.items()))
    ask(f"{server.url}?bokeh-session-id={PASSWORD}")
    ask(server.url, Authorization=f"Bearer {PASSWORD}", Cookie=f"user={PASSWORD}")


def records(server: Server, kind: str) -> list[str]:
    """Return the lines of the log; those of JSON are objects, once the server is set up."""
    lines = server.log.read_text(encoding="utf-8").splitlines()
    if kind == "json":
        begun = next(number for number, line in enumerate(lines) if line.startswith("{"))
        assert all(json.loads(line)["message"] for line in lines[begun:])
    return lines


@pytest.mark.parametrize("kind", ["trouble", "text", "json"])
def test_no_line_of_the_log_holds_anything_of_a_table_or_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    plain = tmp_path / "plain.log"
    monkeypatch.setenv("CUSTSEG_LOG", kind)
    monkeypatch.setenv(PLAIN_LOG, str(plain))
    source = f"postgresql://marked:{PASSWORD}@127.0.0.1:1/marked?table=marked"
    with serve(tmp_path, source, FAILING, SETUP) as server:
        ask_for_what_is_not_there(server)
        if kind == "json":
            # Once, since it takes some seconds: what a record holds does not hang on how it is written.
            asyncio.run(bring_broken_files(server.url))
            asyncio.run(work(server.url))
        else:
            asyncio.run(look(server.url))
        lines = records(server, kind)
    also = plain.read_text(encoding="utf-8").splitlines()
    assert [line for line in (*lines, *also) if MARK.search(line)] == []
    told = "\n".join(lines)
    for trouble in ("ValueError", "nobody waits", "CUSTSEG_SOURCE", "are refused"):
        assert trouble in told
        assert trouble in "\n".join(also)
    # A computation may keep warnings back just then.
    assert kind == "json" or "UserWarning in faults.py" in told
    assert ("event=" in told) == (kind != "trouble")
    assert re.search(r"session=[0-9a-f]{8}", told)
