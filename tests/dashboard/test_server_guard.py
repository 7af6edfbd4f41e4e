"""What a stranger asks of a running server, and what it does not do."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bokeh.core.types import ID
from bokeh.util.token import generate_jwt_token, generate_session_id, get_session_id, get_token_payload
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from tests.dashboard.wire import ask, changed, socket, the, token_in
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tornado.httpclient import HTTPResponse

    from tests.ui.server import Server

CHOSEN = "a" * 44
ENDS_A_PROCESS = "components/unittest.__main__/a/b/c"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("guarded"), options=SETUP) as running:
        yield running


@pytest.fixture(scope="module")
def root(server: Server) -> str:
    return server.url.removesuffix("app")


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return token_in(ask(server.url)[1])


def a_token(**settings: Any) -> str:
    return generate_jwt_token(generate_session_id(signed=False), signed=False, extra_payload={}, **settings)


async def open_and_close(url: str, token: str, **headers: str) -> None:
    async with socket(url, token, **headers):
        pass


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", [ENDS_A_PROCESS, "components/custseg.__main__/a/b/c", "components/this/a/b/c", "components/"]
)
def test_no_address_imports_a_module(root: str, server: Server, path: str, method: str) -> None:
    assert ask(root + path, method)[0] == 404
    assert "Zen of Python" not in server.log.read_text()
    assert ask(root + "static/js/bokeh.min.js", "HEAD")[0] == 200


@pytest.mark.parametrize("place", ["app", "app/", "app/autoload.js", "app/metadata", ""])
@pytest.mark.parametrize("query", ["bokeh-session-id", "%62okeh-session-id", "bokeh-token"])
def test_a_session_cannot_be_chosen_by_an_argument(root: str, place: str, query: str) -> None:
    status, text, _ = ask(f"{root}{place}?bokeh-autoload-element=x&{query}={CHOSEN}")
    assert status == 403
    assert text.startswith("A session cannot be chosen from outside.")


def test_a_session_cannot_be_chosen_by_a_header(server: Server) -> None:
    for place in (server.url, f"{server.url}/autoload.js?bokeh-autoload-element=x"):
        assert ask(place, Bokeh_Session_Id=CHOSEN)[0] == 403


def test_a_socket_opens_with_the_token_of_a_page_and_with_no_session_of_ones_own(server: Server, token: str) -> None:
    asyncio.run(open_and_close(server.url, token))
    for chosen in ("nonsense", generate_jwt_token(ID("chosen"), signed=False)):
        with pytest.raises(HTTPClientError, match="403"):
            asyncio.run(open_and_close(server.url, chosen))


@pytest.mark.parametrize("path", ["app", "app/autoload.js?bokeh-autoload-element=x", "static/js/bokeh.min.js", "no"])
def test_a_name_that_leads_to_this_machine_is_refused(root: str, path: str) -> None:
    status, text, _ = ask(root + path, Host="evil.example")
    assert status == 403
    assert "“evil.example”" in text
    assert "--allow-websocket-origin" in text


def test_a_socket_is_refused_under_a_name_that_leads_to_this_machine(server: Server, token: str) -> None:
    port = re.search(r":(\d+)", server.url)
    assert port is not None
    host = f"evil.example:{port[1]}"
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(open_and_close(server.url, token, Host=host, Origin=f"http://{host}"))
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(open_and_close(server.url, token, Origin="http://evil.example"))


def test_only_what_the_page_needs_stands_in_its_token(server: Server) -> None:
    page = ask(server.url, Authorization="Bearer secret", Cookie="else=secret; user=me", Accept_Language="de")[1]
    payload = get_token_payload(token_in(page))
    assert payload["headers"] in ({"Accept-Language": "de", "Cookie": "user=me"}, {"Accept-Language": "de"})
    assert payload["cookies"] == {"user": "me"}


def test_answers_tell_neither_versions_nor_paths(root: str) -> None:
    for path in ("no", "app/no", "components/no", "static/no.js", "app", "app/autoload.js"):
        _, text, headers = ask(root + path)
        assert "Server" not in headers
        assert "Traceback" not in text
        assert str(Path(__file__).parents[2]) not in text


def packed(size: int) -> dict[str, Any]:
    return {"type": "bytes", "data": base64.b64encode(gzip.compress(b"\0" * size)).decode()}


def most_memory(server: Server) -> int:
    """Return how many bytes the server has had at most, where the system tells that."""
    process = re.search(r"process id: (\d+)", server.log.read_text())
    assert process is not None
    status = Path(f"/proc/{process[1]}/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(peak[1]) * 1024 if peak else 0


def array(dtype: str) -> dict[str, Any]:
    return {"type": "ndarray", "array": ["a"], "dtype": dtype, "shape": [1], "order": "little"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (packed(48_000_000), "at most 1000000 bytes"),
        ([packed(900_000)] * 50, "at most 1000000 bytes"),
        (array("S1000000000"), "an array of numbers"),
        ("x" * 5_000_000, "expected a value of type Real"),
        (packed(900_000), "expected a value of type Real"),
    ],
)
def test_a_message_fills_neither_the_memory_nor_the_log(server: Server, value: Any, words: str) -> None:
    async def attack() -> tuple[int, tuple[str, Any] | None]:
        async with socket(server.url, token_in(ask(server.url)[1])) as wire:
            document = await wire.document()
            before = most_memory(server)
            return before, await wire.answer_to(
                "PATCH-DOC", {"events": [changed(the(document, "Slider"), "value", value)]}, "ERROR"
            )

    logged = server.log.stat().st_size
    before, answer = asyncio.run(attack())
    assert answer is not None
    assert words in answer[1]["text"]
    assert len(answer[1]["text"]) < 5_000
    assert not answer[1]["traceback"]
    assert most_memory(server) - before < 150_000_000
    assert server.log.stat().st_size - logged < 30_000


@pytest.mark.parametrize("fragment", ["{" * 5_000_000, json.dumps({"msgtype": "x" * 5_000_000, "msgid": "1"})])
def test_what_cannot_be_read_is_logged_in_short_and_ends_the_connection(server: Server, fragment: str) -> None:
    async def attack() -> None:
        async with socket(server.url, token_in(ask(server.url)[1])) as wire:
            for part in (fragment, "{}", "{}"):
                await wire.connection.write_message(part)
            assert await wire.receive() is None

    logged = server.log.stat().st_size
    asyncio.run(attack())
    assert server.log.stat().st_size - logged < 30_000


@pytest.mark.parametrize("kind", ["PUSH-DOC", "SERVER-INFO-REQ"])
def test_messages_that_no_page_sends_are_not_answered(server: Server, kind: str) -> None:
    async def attack() -> None:
        async with socket(server.url, token_in(ask(server.url)[1])) as wire:
            empty = {"doc": {"version": "3.9.2", "title": "gone", "roots": []}}
            assert await wire.answer_to(kind, empty, "OK", "SERVER-INFO-REPLY") is None

    asyncio.run(attack())


def test_a_session_that_a_socket_makes_asks_no_other_server_for_style_sheets(server: Server, token: str) -> None:
    async def sheets(token: str) -> set[str]:
        async with socket(server.url, token) as wire:
            return set(re.findall(r'"url": "([^"]*css[^"]*)"', json.dumps(await wire.document())))

    of_a_page = asyncio.run(sheets(token))
    assert of_a_page
    assert not [url for url in of_a_page if "://" in url]
    assert asyncio.run(sheets(a_token())) == of_a_page


def test_a_server_started_plainly_is_safe_from_its_first_session_on(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        first = ask(f"{server.url}?bokeh-session-id={CHOSEN}")[1]
        assert get_session_id(token_in(first)) == CHOSEN
        assert "Segment customers" not in first
        assert ask(server.url.removesuffix("app") + ENDS_A_PROCESS)[0] == 404
        assert ask(server.url, Host="evil.example")[0] == 403
        assert "Segment customers" in ask(server.url)[1]


@pytest.mark.parametrize("options", [("--warm",), ("--warm", "--num-procs", "2", *SETUP)])
def test_a_server_with_options_answers_pages_and_sockets_and_is_safe(tmp_path: Path, options: tuple[str, ...]) -> None:
    with serve(tmp_path, options=options) as server:
        for _ in range(6):
            assert ask(server.url.removesuffix("app") + ENDS_A_PROCESS)[0] == 404
        token = token_in(ask(server.url)[1])
        # Once in each process, most likely.
        for _ in range(4):
            asyncio.run(open_and_close(server.url, token))


def test_with_signed_sessions_only_tokens_of_this_server_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOKEH_SIGN_SESSIONS", "yes")
    monkeypatch.setenv("BOKEH_SECRET_KEY", "k" * 44)
    with serve(tmp_path, options=SETUP) as server:
        token = token_in(ask(server.url)[1])
        asyncio.run(open_and_close(server.url, token))
        for forged in (a_token(), token[:-1] + ("a" if token[-1] != "a" else "b")):
            with pytest.raises(HTTPClientError, match="403"):
                asyncio.run(open_and_close(server.url, forged))


def test_names_that_the_server_was_started_with_are_answered(tmp_path: Path) -> None:
    with serve(tmp_path, options=(*SETUP, "--allow-websocket-origin", "shop.example")) as server:
        token = token_in(ask(server.url, Host="shop.example")[1])
        asyncio.run(open_and_close(server.url, token, Host="shop.example", Origin="https://shop.example"))
        assert ask(server.url, Host="shop.example.evil.example")[0] == 403


def test_a_browser_gets_scripts_compressed_and_the_page_with_its_token_as_it_is(server: Server, root: str) -> None:
    script = f"{root}static/js/bokeh.min.js"
    plain, packed = (fetch(script, accepted) for accepted in ("identity", "gzip"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "Content-Encoding" not in fetch(server.url, "gzip").headers


def test_a_page_asks_for_what_draws_it_and_for_no_mathematics_or_graphics_card(server: Server) -> None:
    scripts = re.findall(r"static/js/([\w-]+)\.min\.js", ask(server.url)[1])
    # Whether one for tables is among them is up to Bokeh.
    assert scripts[:2] == ["bokeh", "bokeh-widgets"]
    assert set(scripts) <= {"bokeh", "bokeh-widgets", "bokeh-tables"}


def test_a_part_of_a_script_is_a_part_of_it_as_it_is(root: str) -> None:
    part = fetch(f"{root}static/js/bokeh.min.js", "gzip", Range="bytes=0-9999")
    assert (part.code, "Content-Encoding" in part.headers) == (206, False)
    assert part.body == fetch(f"{root}static/js/bokeh.min.js", "identity").body[:10_000]


def fetch(url: str, accepted: str, **headers: str) -> HTTPResponse:
    """Ask for an address as a browser does that accepts this encoding, and leave the answer as it comes."""
    wanted = {"Accept-Encoding": accepted, **headers}

    async def answer() -> HTTPResponse:
        return await AsyncHTTPClient(force_instance=True).fetch(url, headers=wanted, decompress_response=False)

    return asyncio.run(answer())
