"""What each address of the server says to whom: its headers, and with a sign-in that it says nothing to strangers."""

from __future__ import annotations

import asyncio
import json
import re
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from tornado.httpclient import HTTPClientError

from custseg import SettingError
from dashboard.server_settings import server_settings
from tests.dashboard.wire import ask, socket, token_in
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ui.server import Server

TOKEN = "of-prometheus"  # noqa: S105 - of the test
# What stands in for the parts of an address that are open.
_FILE = "js/bokeh.min.js"


def addresses(routes: Path) -> list[str]:
    """Return an address for each of the routes that a server wrote down, and some that it doesn't know."""
    known = [re.sub(r"\(.*\)|\.\*", _FILE, pattern.rstrip("$")) for pattern in routes.read_text().splitlines()]
    ends = [address.removesuffix("/?") for address in known]
    return sorted({f"{end}{slash}" for end in ends for slash in ("", "/")} | {"/unknown", "/app/unknown", "/metrics"})


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    """Serve with a sign-in and with figures."""
    folder = tmp_path_factory.mktemp("guarded")
    users = folder / "users.json"
    users.write_text(json.dumps({"ines": "secret"}))
    options = ("--setup", str(Path(__file__).with_name("routes_setup.py")), "--basic-auth", str(users))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUTES", str(folder / "routes.txt"))
        patch.setenv("CUSTSEG_METRICS", "on")
        patch.setenv("CUSTSEG_METRICS_TOKEN", TOKEN)
        with serve(folder, options=(*options, "--cookie-secret", "c" * 44)) as running:
            yield running, addresses(folder / "routes.txt")


@pytest.fixture(scope="module")
def root(guarded: tuple[Server, list[str]]) -> str:
    return guarded[0].url.removesuffix("/app")


def signed_in(root: str) -> tuple[CookieJar, int]:
    """Sign in as a browser does, and return the cookies and the status of the page that follows."""
    cookies = CookieJar()
    opener = build_opener(HTTPCookieProcessor(cookies))
    form = urlencode({"username": "ines", "password": "secret"}).encode()
    with opener.open(f"{root}/login?next=/app") as answer:
        assert b"password" in answer.read()
    with opener.open(f"{root}/login", form) as answer:
        return cookies, answer.status


def test_nothing_but_the_probes_answers_whom_the_server_does_not_know(
    guarded: tuple[Server, list[str]], root: str
) -> None:
    _, every = guarded
    assert {"/app", "/app/ws", "/static/js/bokeh.min.js", "/login", "/favicon.ico", "/"} <= set(every)
    answered = set()
    for address in every:
        status, text, headers = ask(root + address)
        # A redirection leads to the form.
        if status == 200 and 'name="password"' not in text:
            answered.add(address.rstrip("/"))
        assert "custseg" not in text.replace("Panel App", "")
        check_headers(headers)
    assert answered <= {"/liveness", "/readiness", "/logout"}


def check_headers(headers: dict[str, str]) -> None:
    """See that an answer tells a browser what it may not do, and tells nothing of the server."""
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers


def test_who_signs_in_gets_the_page_its_files_and_its_socket(root: str) -> None:
    cookies, status = signed_in(root)
    assert status == 200
    header = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
    for path in ("/app", f"/static/{_FILE}", "/static/extensions/panel/panel.min.js"):
        assert ask(root + path, Cookie=header)[0] == 200
    token = token_in(ask(f"{root}/app", Cookie=header)[1])

    async def pulled(**headers: str) -> bool:
        async with socket(f"{root}/app", token, **headers) as wire:
            return bool((await wire.document())["roots"])

    assert asyncio.run(pulled(Cookie=header))
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(pulled())


@pytest.mark.parametrize("path", ["login", "logout"])
def test_the_pages_for_signing_in_and_out_ask_nobody_else(root: str, path: str) -> None:
    _, text, _ = ask(f"{root}/{path}")
    assert re.search(r"<img[^>]* src=\"data:image/svg", text)
    assert re.findall(r"(?:src|href)=\"(?!data:)[^\"]*", text) == []


def test_where_signing_in_elsewhere_fails_the_page_says_so_and_asks_nobody_else(tmp_path: Path) -> None:
    provider = ("--oauth-provider", "google", "--oauth-key", "key", "--oauth-secret", "secret")
    with serve(tmp_path, options=(*SETUP, *provider, "--cookie-secret", "c" * 44)) as running:
        root = running.url.removesuffix("/app")
        asked = urlencode({"error": "access_denied", "error_description": "<b>Not</b> you & not & me"})
        status, text, _ = ask(f"{root}/login?{asked}")
        assert status == 401
        assert "Not you &amp; not &amp; me" in text
        assert "<b>" not in text
        assert set(re.findall(r"(?:src|href)=\"(?!data:)([^\"]*)", text)) == {"logout"}
        assert "fonts" not in text
        _, text, _ = ask(f"{root}/logout")
        assert re.findall(r"(?:src|href)=\"(?!data:)[^\"]*", text) == []


def test_cookies_stay_with_the_server(root: str) -> None:
    cookies, _ = signed_in(root)
    assert {"user", "next_url"} <= {cookie.name for cookie in cookies}
    for cookie in cookies:
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "Lax"


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://localhost.attacker.example"])
def test_a_form_that_another_site_sends_signs_nobody_in(root: str, origin: str) -> None:
    status, text, headers = ask(f"{root}/login", "POST", Origin=origin)
    assert status == 403
    assert text.startswith("This was sent by a page of")
    assert "Set-Cookie" not in headers


def test_figures_are_for_those_with_the_token_where_people_sign_in(root: str) -> None:
    assert ask(f"{root}/metrics")[0] == 404
    assert ask(f"{root}/metrics", Authorization="Bearer else")[0] == 404
    assert "custseg_sessions" in ask(f"{root}/metrics", Authorization=f"Bearer {TOKEN}")[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTSEG_FRAME_ANCESTORS", "self https://intranet.example.com")
        with serve(tmp_path_factory.mktemp("plain"), options=SETUP) as running:
            yield running


def test_a_page_runs_its_own_scripts_alone_and_is_kept_nowhere(server: Server) -> None:
    _, text, headers = ask(server.url)
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    found = re.search(r"'nonce-([\w-]{20,})'", policy["script-src"])
    assert found is not None
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert len(scripts) > 5
    assert [tag for tag in scripts if f'nonce="{found[1]}"' not in tag] == []
    assert "unsafe-inline" not in policy["script-src"]
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self' https://intranet.example.com"
    assert headers["Cache-Control"] == "no-store"
    assert found[1] not in ask(server.url)[1]


def test_files_are_kept_by_browsers_and_nothing_else_is(server: Server) -> None:
    root = server.url.removesuffix("app")
    assert "Etag" in ask(f"{root}static/{_FILE}")[2]
    assert "no-store" not in ask(f"{root}static/{_FILE}")[2].get("Cache-Control", "")
    assert "max-age" in ask(f"{root}static/{_FILE}?v=1")[2]["Cache-Control"]
    for path in ("unknown", "liveness", ""):
        assert ask(root + path)[2]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["app/autoload.js?bokeh-autoload-element=x", "app/metadata"])
def test_the_page_runs_in_no_other_site(server: Server, path: str) -> None:
    assert ask(f"{server.url.removesuffix('app')}{path}")[0] == 404


@pytest.mark.parametrize(
    "frames", ["*", "intranet.example.com", "https://a.example; script-src *", "data:", "https://"]
)
def test_who_may_frame_the_page_is_an_origin(monkeypatch: pytest.MonkeyPatch, frames: str) -> None:
    monkeypatch.setenv("CUSTSEG_FRAME_ANCESTORS", frames)
    with pytest.raises(SettingError, match="CUSTSEG_FRAME_ANCESTORS must be origins"):
        server_settings()
