"""Which hosts, sessions and tokens a server takes."""

from __future__ import annotations

import pytest
from bokeh.core.types import ID
from bokeh.util.token import generate_jwt_token, generate_session_id

from dashboard.request_rules import host_refusal, is_token

STARTED_WITH = ["localhost:5006", "shop.example:80", "team.example:8443"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:5006",
        "LOCALHOST:9",
        "127.0.0.1:5006",
        "[::1]:5006",
        "[::1]",
        "192.168.1.7",
        "shop.example",
        "team.example:8443",
    ],
)
def test_addresses_localhost_and_the_names_that_a_server_was_started_with_are_answered(host: str) -> None:
    assert host_refusal(host, STARTED_WITH) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "shop.example.evil.example",
        "localhost.evil.example:5006",
        "evil-shop.example",
        "team.example:9",
        "127.0.0.1.evil.example",
        "shop.example.",
        "",
        "[::1",
        "<script>alert(1)</script>",
    ],
)
def test_another_name_is_refused_with_the_setting_that_would_allow_it(host: str) -> None:
    refusal = host_refusal(host, STARTED_WITH)
    assert refusal is not None
    assert "--allow-websocket-origin" in refusal
    assert "BOKEH_ALLOW_WS_ORIGIN" in refusal


def test_a_star_allows_every_name() -> None:
    assert host_refusal("evil.example:1", ["*"]) is None


@pytest.mark.parametrize("signed", [False, True])
def test_a_token_is_taken_as_bokeh_makes_it(*, signed: bool) -> None:
    session = generate_session_id(b"secret", signed=signed)
    token = generate_jwt_token(session, b"secret", signed=signed, extra_payload={"arguments": {"k": ["7"]}})
    assert is_token(token)
    assert not is_token(f"{token}é")


def test_a_token_of_an_id_of_ones_own_or_one_that_unpacks_to_much_is_not_taken() -> None:
    large = {"arguments": "0" * 10_000_000}
    assert not is_token(generate_jwt_token(ID("chosen"), signed=False))
    assert not is_token(generate_jwt_token(generate_session_id(signed=False), signed=False, extra_payload=large))


@pytest.mark.parametrize("text", ["", ".", "e30", "bm9uc2Vuc2U", "é", "W10", "eyJfX2JrX196bGliXyI6IDd9"])
def test_what_is_no_token_is_not_taken(text: str) -> None:
    assert not is_token(text)
