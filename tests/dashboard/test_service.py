"""What those ask who keep the server running: whether it lives, is ready, what it counted, and what happened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.wire import ask, wait_until_ready
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ui.server import Server

MARKED = "Marked secret column"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server, Path]]:
    folder = tmp_path_factory.mktemp("service")
    source = folder / "customers.csv"
    rows = [f"{number},{number % 7},{number % 11}" for number in range(60)]
    source.write_text("\n".join([f"customer,{MARKED},visits", *rows]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTSEG_METRICS", "on")
        patch.setenv("CUSTSEG_LOG", "json")
        with serve(folder, source, options=(*SETUP, "--prefix", "segments")) as running:
            wait_until_ready(f"{running.url}/readiness")
            yield f"{running.url}/", running, source


def counted(root: str, name: str) -> float:
    text = ask(f"{root}metrics")[1]
    return float(next(line for line in text.splitlines() if line.startswith(f"{name} ")).split()[1])


def test_probes_answer_whoever_asks_and_make_no_page(root: tuple[str, Server, Path]) -> None:
    url, *_ = root
    for path, answer in (("liveness", "alive\n"), ("readiness", "ready\n")):
        # As a probe asks that knows the machine by another name than people do.
        status, text, headers = ask(url + path, Host="some.pod.example")
        assert (status, text) == (200, answer)
        assert headers["Cache-Control"] == "no-store"
    assert counted(url, "custseg_sessions") == 0


def test_figures_are_for_those_who_know_the_server(root: tuple[str, Server, Path]) -> None:
    url, *_ = root
    assert ask(f"{url}metrics", Host="attacker.example")[0] == 403
    assert counted(url, "process_resident_memory_bytes") > 1e6


def test_a_page_is_a_session_and_the_log_tells_of_it_without_a_word_of_the_table(
    root: tuple[str, Server, Path],
) -> None:
    url, running, _ = root
    before = counted(url, "custseg_sessions")
    assert ask(f"{url}app")[0] == 200
    assert counted(url, "custseg_sessions") == before + 1
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if line.startswith("{")]
    (told,) = [line for line in lines if line.get("event") == "session"]
    assert told["customers"] == 60
    assert len(told["session"]) == 8
    assert told["time"]
    assert told["level"] == "INFO"
    assert MARKED not in running.log.read_text()


def test_a_server_whose_file_is_gone_is_not_ready_and_lives_on(root: tuple[str, Server, Path]) -> None:
    url, running, source = root
    text = source.read_text()
    source.unlink()
    try:
        status, said, _ = ask(f"{url}readiness")
        assert (status, said) == (503, "not ready: the server's log says why\n")
        assert ask(f"{url}liveness")[0] == 200
        assert "names a file that is not there" in running.log.read_text()
    finally:
        source.write_text(text)
    assert ask(f"{url}readiness")[0] == 200


def test_figures_are_not_there_where_nobody_asked_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUSTSEG_METRICS", raising=False)
    with serve(tmp_path, options=SETUP) as running:
        assert ask(running.url.removesuffix("app") + "metrics")[0] == 404


def test_a_server_reads_its_table_before_anyone_comes_and_is_ready_then(tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    rows = [f"{number},{number % 7919},{number % 7907}" for number in range(400_000)]
    source.write_text("\n".join(["customer,spend,visits", *rows]), encoding="utf-8")
    with serve(tmp_path, source, options=SETUP) as running:
        probe = running.url.removesuffix("app") + "readiness"
        assert ask(probe)[:2] == (503, "not ready: the table is being read\n")
        wait_until_ready(probe)
