"""What a client that is no browser sends over the socket of its page, and that only its own session hears of it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest

from custseg.panes.views.catalogue import addresses
from tests.dashboard.wire import Wire, ask, changed, models_in, pressed, socket, the, token_in, told
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.ui.server import Server

Document = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("messages"), options=SETUP) as running:
        yield running


@cache
def tokens_at(url: str) -> tuple[str, str]:
    """Return the tokens of two pages, which are opened once: making one takes longer than to attack it."""
    return token_in(ask(url)[1]), token_in(ask(url)[1])


def attack(server: Server, do: Callable[[Wire, Document], Awaitable[None]], *, at_work: bool = False) -> str:
    """Do something in a session beside another one, see that the other is as it was, and return what was logged.

    One that is put to work has a page of its own, since more comes to it for a while.
    """

    async def both() -> None:
        mine, of_others = tokens_at(server.url)
        mine = token_in(ask(server.url)[1]) if at_work else mine
        async with socket(server.url, of_others) as bystander, socket(server.url, mine) as wire:
            before = await bystander.document()
            await do(wire, await wire.document())
            assert await bystander.document() == before

    logged = server.log.stat().st_size
    asyncio.run(both())
    return server.log.read_bytes()[logged:].decode()


def refusals(logged: str) -> list[str]:
    """Return the lines that tell of refusals, and see that no others do and that they are short."""
    lines = [line for line in logged.splitlines() if "WebSocket" not in line and "ServerConnection" not in line]
    assert all("A message of a page was refused: " in line for line in lines), lines
    assert all(len(line) < 500 for line in lines)
    return lines


LONG = "x" * 1_000_000
# While it is being computed, the same is said without its number.
# A page that draws on a busy machine.
_PATIENCE = 60
RESULT = r"Run \d+: \d segments of 440 customers"


def unlisted(document: Document) -> dict[str, tuple[dict[str, Any], str]]:
    """Return changes of what no widget lets one change, each with words of the refusal."""
    text, script, source = the(document, "HTML"), the(document, "CustomJS"), the(document, "ColumnDataSource")
    root, table = {"id": document["roots"][0]["id"]}, the(document, "DataTabulator")
    events = {
        "text of a pane": changed(text, "text", LONG),
        "code of a script": changed(script, "code", "alert(1)"),
        "whether a button can be pressed": changed(the(document, "Button"), "disabled", False),
        "children of a layout": changed(the(document, "Column"), "children", []),
        "whether a layout is seen": changed(the(document, "Column"), "visible", False),
        "whether a text is seen": changed(text, "visible", False),
        "data of a source": changed(source, "data", {"type": "map", "entries": [["x", [1]]]}),
        "configuration of a table": changed(table, "configuration", {"type": "map", "entries": []}),
        "name of a model": changed(source, "name", "tapped"),
        "options of a choice": changed(the(document, "CustomSelect"), "options", ["a"]),
        "bounds of a slider": changed(the(document, "Slider"), "end", 1000),
        "something unknown": changed(text, LONG, 1),
        "no name": changed(text, ["text"], 1),
        "columns of a source": {
            "kind": "ColumnDataChanged", "model": source, "attr": "data", "data": {"type": "map", "entries": []},
        },
        "rows of a source": {"kind": "ColumnsStreamed", "model": source, "attr": "data", "data": {}, "rollover": 0},
        "cells of a source": {"kind": "ColumnsPatched", "model": source, "attr": "data", "patches": {"x": [[0, 9]]}},
        "title": {"kind": "TitleChanged", "title": "taken over"},
        "a root that goes": {"kind": "RootRemoved", "model": root},
        "a root that comes": {"kind": "RootAdded", "model": {"type": "object", "name": "Div", "id": "new"}},
        "a message of another kind": {"kind": "MessageSent", "msg_type": "else", "msg_data": 1},
        "an unknown kind": {"kind": LONG},
        "no kind": {},
        "a new model": changed(
            the(document, "Slider"), "value", {"type": "object", "name": "CustomJS", "id": "new", "attributes": {}}
        ),
    }  # fmt: skip
    return {name: (event, "a page") for name, event in events.items()}


def test_what_no_widget_changes_stays_as_it_is(server: Server) -> None:
    tried = []

    async def change_all(wire: Wire, document: Document) -> None:
        for name, (event, words) in unlisted(document).items():
            refused = await wire.patch(event)
            assert refused is not None, name
            assert words in refused, name
            assert len(refused) < 500, name
            tried.append(name)
        assert await wire.document() == document

    logged = refusals(attack(server, change_all))
    assert len(logged) == len(tried) > 15
    assert "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" not in "".join(logged)


def test_no_model_of_the_page_lets_its_text_or_its_code_be_changed(server: Server) -> None:
    """Of all properties of all models only those change that a widget, a picture or the page sets.

    It takes some seconds, since all views are made, and some 800 properties are tried one by one.
    """
    written: set[str] = set()

    async def change_all(wire: Wire, _: Document) -> None:
        seen: set[str] = set()
        for model in models_in((await with_all_views(wire))["roots"]):
            for name in model.get("attributes", {}):
                called = f"{model['name'].rpartition('.')[2]}.{name}"
                if called not in seen and "does not change" not in (await wire.patch(changed(model, name, None)) or ""):
                    written.add(called)
                seen.add(called)
        assert {"HTML.text", "CustomJS.code", "DataTabulator.configuration", "CustomSelect.options"} <= seen - written

    attack(server, change_all, at_work=True)
    assert written <= {
        "Slider.value",
        "CustomSelect.value",
        "TextInput.value",
        "TextAreaInput.value",
        "CheckboxGroup.active",
        "RadioGroup.active",
        "Toggle.active",
        "FileDownload.clicks",
        "DataTabulator.sorters",
        "DataTabulator.filters",
        "DataTabulator.page",
        "Selection.indices",
        "Range1d.start",
        "Range1d.end",
        "Location.hash",
        "Location.href",
        "Location.search",
        "Location.pathname",
        "Location.hostname",
        "Location.port",
        "Location.protocol",
        "Card.collapsed",
        "Toolbar.active_drag",
        "Toolbar.active_inspect",
        "Toolbar.active_multi",
        "Toolbar.active_scroll",
        "Toolbar.active_tap",
    }


def test_a_card_that_is_folded_hides_what_lies_in_it_and_its_header_stays(server: Server) -> None:
    async def fold(wire: Wire, _: Document) -> None:
        document = await with_all_views(wire)
        card = next(model for model in models_in(document["roots"]) if model["name"].endswith("Card"))
        header, *folded = card["attributes"]["children"]
        assert folded
        assert "does not change" in (await wire.patch(changed(header, "visible", False)) or "")
        for within in folded:
            assert await wire.patch(changed(within, "visible", False)) is None

    attack(server, fold, at_work=True)


async def with_all_views(wire: Wire) -> Document:
    """Return the document of a session once a run stands and every view was looked at."""
    document = await wire.document()
    # Until a page says so, it is shown no other view.
    await wire.patch(told("document_ready"))
    await wire.patch(pressed(the(document, "Button", label="Run clustering")))
    await shown(wire, RESULT)
    for view in addresses():
        await wire.patch(changed(the(document, "Location"), "hash", f"#{view}"))
        # Whoever turns on at once passes it over.
        await until(wire, partial(is_made, view), f"show the view “{view}”")
    return await wire.document()


def is_made(view: str, document: Document) -> bool:
    """Whether there is something in the place of a view."""
    (place,) = [
        root["attributes"] for root in document["roots"]
        if root["attributes"].get("name") == "view_" + view.replace("-", "_")
    ]  # fmt: skip
    return bool(place.get("children"))


@pytest.mark.parametrize(
    "events",
    [
        "none",
        [],
        [1],
        {"kind": "ModelChanged"},
        [{"kind": "ModelChanged", "model": {"id": "of another page"}, "attr": "value", "new": 1}],
        [{"kind": "ModelChanged", "model": {"id": ["p1"]}, "attr": "value", "new": 1}],
        [{"kind": "ModelChanged", "model": "p1", "attr": "value", "new": 1}],
        [{"kind": "ModelChanged"}],
        [pressed({"id": "unknown"})],
        [pressed({"id": "unknown"}, "no such event")],
        [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": {"type": "event"}}],
        [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": 7}],
    ],
)
def test_a_broken_message_is_one_line_and_the_session_goes_on(server: Server, events: Any) -> None:
    async def send(wire: Wire, document: Document) -> None:
        await wire.answer_to("PATCH-DOC", {"events": events}, "OK", "ERROR")
        assert await wire.document() == document

    assert len(refusals(attack(server, send))) <= 1


@pytest.mark.parametrize(
    "value",
    [
        {"type": "bytes", "data": "no base64"},
        {"type": "bytes", "data": "bm8gZ3ppcA=="},
        {"type": "bytes", "data": {"id": "no such buffer"}},
        {
            "type": "ndarray",
            "array": {"type": "bytes", "data": "AAAA"},
            "dtype": "float64",
            "shape": [9],
            "order": "little",
        },
        {"type": "ndarray", "array": [1], "dtype": "float64", "shape": [10**12, 10**12], "order": "little"},
        {"type": "no such type"},
        {"type": "ref"},
        {"id": "p99999999"},
        {"type": "map", "entries": [[{"type": "map"}, 1]]},
        {"type": "number", "value": "x" * 1000},
        {"type": "object", "name": "Div"},
        {"type": "symbol", "name": "x"},
        "many",
        None,
        [1],
    ],
)
def test_a_value_that_cannot_be_read_is_one_line_and_changes_nothing(server: Server, value: Any) -> None:
    async def send(wire: Wire, document: Document) -> None:
        assert await wire.patch(changed(the(document, "Slider"), "value", value)) is not None
        assert await wire.document() == document

    assert len(refusals(attack(server, send))) == 1


def test_a_number_out_of_range_is_answered_by_its_sentence(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        slider = the(document, "Slider", title="Number of segments")
        assert await wire.patch(changed(slider, "value", 99), changed(slider, "value_throttled", 99)) is None
        await shown(wire, "must be a whole number from 2 to 10, but got 99".replace("99", "“99”"))

    assert any("SettingError" in line for line in refusals(attack(server, send)))


@pytest.mark.parametrize("seed", ["9" * 10_000_000, "seven"])
def test_a_seed_that_is_none_is_answered_by_its_sentence(server: Server, seed: str) -> None:
    async def send(wire: Wire, document: Document) -> None:
        assert await wire.patch(changed(the(document, "TextInput", title="Seed"), "value", seed)) is None
        await shown(wire, "The seed must be a whole number")

    assert refusals(attack(server, send)) == []


@pytest.mark.parametrize(
    ("kind", "title", "words"),
    [
        ("TextInput", "Name of this segment", "A name must be a text of at most 60 characters, but got 10,000,000"),
        ("TextAreaInput", "Note on this segment", "A note must be a text of at most 1,000 characters, but got 10,000"),
    ],
)
def test_words_of_ten_megabytes_are_answered_by_their_sentence_and_what_was_there_stays(
    server: Server, kind: str, title: str, words: str
) -> None:
    async def send(wire: Wire, _: Document) -> None:
        field = the(await with_all_views(wire), kind, title=title)
        assert await wire.patch(changed(field, "value", "x" * 10_000_000)) is None
        await shown(wire, words)
        document = await wire.document()
        assert len(json.dumps(document)) < 5_000_000
        assert the(document, kind, title=title, value="") == field

    assert refusals(attack(server, send, at_work=True)) == []


def test_a_name_of_ten_megabytes_in_a_cell_is_answered_by_its_sentence(server: Server) -> None:
    async def send(wire: Wire, _: Document) -> None:
        document = await with_all_views(wire)
        table, field = the(document, "DataTabulator"), field_of(document, "Name")
        cells = {"kind": "ColumnsPatched", "model": source_of(document, table), "attr": "data"}
        assert await wire.patch({**cells, "patches": {field: [[0, "x" * 10_000_000]]}}) is None
        await wire.patch(pressed(table, "table-edit", column=field, row=0, pre=False, value=None, old=None))
        await shown(wire, "A name must be a text of at most 60 characters, but got 10,000,000")
        assert len(json.dumps(await wire.document())) < 5_000_000

    assert refusals(attack(server, send, at_work=True)) == []


def test_a_press_before_the_page_says_that_it_stands_brings_the_result(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        # Buttons are there a while before all is drawn, which the page tells then.
        await wire.patch(pressed(the(document, "Button", label="Run clustering")))
        await shown(wire, RESULT)

    assert refusals(attack(server, send, at_work=True)) == []


def test_features_that_are_not_there_are_passed_over(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        assert await wire.patch(changed(the(document, "CheckboxGroup"), "active", [0, 1, 99])) is None
        # The next press is answered as ever.
        await wire.patch(pressed(the(document, "Button", label="Run clustering")))
        await shown(wire, RESULT)

    assert refusals(attack(server, send, at_work=True)) == []


def test_the_models_of_another_session_are_none_of_this_one(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        async with socket(server.url, tokens_at(server.url)[1]) as another:
            theirs = the(await another.document(), "Slider")
        for event in (changed(theirs, "value", 7), pressed(theirs)):
            assert await wire.patch(event) is not None
        assert await wire.document() == document

    assert len(refusals(attack(server, send))) == 2


def test_cells_are_written_where_the_table_lets_one_write_alone(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        cells = {"kind": "ColumnsPatched", "model": source_of(document, the(document, "DataTabulator")), "attr": "data"}
        for title, refused in {"Customers": True, "Name": False}.items():
            # There is no row yet.
            answer = await wire.patch({**cells, "patches": {field_of(document, title): [[0, LONG]]}})
            assert ("writes no cells" in (answer or "")) is refused

    refusals(attack(server, send))


def field_of(document: Document, title: str) -> str:
    """Return the internal name of a column of the table of segments."""
    columns = [model["attributes"] for model in models_in(document["roots"]) if model["name"] == "TableColumn"]
    return next(str(column["field"]) for column in columns if column["title"] == title)


def source_of(document: Document, table: dict[str, Any]) -> dict[str, Any]:
    """Return the reference to the cells of a table."""
    (found,) = [model for model in models_in(document["roots"]) if model["id"] == table["id"]]
    return {"id": found["attributes"]["source"]["id"]}


def test_events_in_a_burst_are_answered_and_the_other_session_still_is(server: Server) -> None:
    async def send(wire: Wire, document: Document) -> None:
        button = the(document, "Button", label="Run clustering")
        # As many as a session may start in a minute, at once.
        for _ in range(20):
            await wire.send("PATCH-DOC", {"events": [pressed(button)] * 5})
        await shown(wire, RESULT)

    refusals(attack(server, send, at_work=True))


async def shown(wire: Wire, words: str) -> None:
    """Wait until the page holds words that match."""

    def holds(document: Document) -> bool:
        return bool(re.search(words, json.dumps(document, ensure_ascii=False)))

    await until(wire, holds, f"say “{words}”")


async def until(wire: Wire, holds: Callable[[Document], bool], does: str) -> None:
    """Wait until the page is so."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if holds(await wire.document()):
            return
        # Writing a whole document is work for the server, which shall get on meanwhile.
        await asyncio.sleep(0.3)
    msg = f"The page does not {does}"
    raise AssertionError(msg)
