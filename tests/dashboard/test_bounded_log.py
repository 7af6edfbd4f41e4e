"""No record of the log is longer than one would read, and none holds what a library or an exception quotes."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest

from dashboard.bounded_log import BoundedRecord, shorten
from dashboard.service_log import JSON_LINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Opened = Callable[..., tuple[logging.Logger, io.StringIO]]

MARK = "Marked secret"


@pytest.fixture
def written() -> Iterator[Opened]:
    before = logging.getLogRecordFactory()
    opened: list[tuple[logging.Logger, logging.Handler, int]] = []
    logging.setLogRecordFactory(BoundedRecord)

    def open_log(name: str, formatter: logging.Formatter | None = None) -> tuple[logging.Logger, io.StringIO]:
        text = io.StringIO()
        log, handler = logging.getLogger(name), logging.StreamHandler(text)
        handler.setFormatter(formatter)
        log.addHandler(handler)
        opened.append((log, handler, log.level))
        # A server that runs in this process may have made it quieter.
        log.setLevel(logging.WARNING)
        return log, text

    yield open_log
    for log, handler, level in opened:
        log.removeHandler(handler)
        log.setLevel(level)
    logging.setLogRecordFactory(before)


def test_a_large_value_is_shortened(written: Opened) -> None:
    log, text = written("custseg.of_this_test")
    log.warning("Refused: %r", b"\0" * 1_000_000)
    assert len(text.getvalue()) < 10_000
    assert text.getvalue().startswith("Refused: b'")
    assert "characters left out" in text.getvalue()


def test_what_is_short_is_written_as_it_is(written: Opened) -> None:
    log, text = written("custseg.of_this_test")
    log.warning("Part of an address was refused: %s", "k")
    assert text.getvalue() == "Part of an address was refused: k\n"


def test_the_beginning_and_the_end_are_kept() -> None:
    assert shorten("a" * 50 + "b" * 50, 20) == "aaaaaaaaaa [80 characters left out] bbbbbbbbbb"


def test_no_line_is_made_of_one_that_has_a_line_break(written: Opened) -> None:
    log, text = written("custseg.of_this_test")
    log.warning("Signed in: %s", "me\n2026-01-01 00:00:00 event=download")
    assert text.getvalue().count("\n") == 1


def test_a_library_says_what_its_code_says_and_numbers_and_where(written: Opened) -> None:
    log, text = written("a.library")
    log.warning("All is well")
    log.warning("Column %r of %d has 100%% of %.1f: %s", MARK, 3, 2.25, ValueError(MARK))
    log.warning(f"Session {MARK!r} came back")  # noqa: G004 - as libraries do
    log.warning(MARK.upper().title())
    well, column, session, unknown = text.getvalue().splitlines()
    assert well == "All is well"
    assert column.startswith("Column ... of 3 has 100% of 2.2: ... (test_bounded_log.py, line ")
    assert session.startswith("Session ... (test_bounded_log.py")
    assert unknown.startswith("... (test_bounded_log.py")
    assert MARK.lower() not in text.getvalue().lower()


@pytest.mark.parametrize("formatter", [None, JSON_LINES])
@pytest.mark.parametrize("name", ["custseg.of_this_test", "a.library"])
def test_a_traceback_tells_places_and_kinds_and_no_text(
    written: Opened, name: str, formatter: logging.Formatter | None
) -> None:
    log, text = written(name, formatter)
    cell = MARK
    try:
        try:
            float(cell)
        except ValueError as problem:
            raise KeyError(cell) from problem
    except KeyError:
        log.exception("It failed", extra={"cell": cell} if name == "a.library" else {})
    said = text.getvalue()
    assert "It failed" in said
    assert said.index("ValueError") < said.index("KeyError")
    assert "float(cell)" in said
    assert MARK not in said


def test_a_request_is_told_without_its_query_and_only_where_there_is_such_a_path(written: Opened) -> None:
    log, text = written("tornado.access")
    log.warning("%d %s %.2fms", 500, f"GET /app?x={MARK} (203.0.113.7)", 1.0)
    log.warning("%d %s %.2fms", 404, f"GET /{MARK}?x={MARK} (203.0.113.7)", 1.0)
    assert text.getvalue() == "500 GET /app\n404 GET\n"


def test_json_has_one_object_a_line(written: Opened) -> None:
    log, text = written("custseg.of_this_test", JSON_LINES)
    log.warning("Two\nlines", extra={"customers": 3})
    (line,) = text.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["message"], told["customers"]) == ("WARNING", "Two lines", 3)
