"""No record of the log is longer than one would read, whatever it is about."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from dashboard.bounded_log import BoundedRecord, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(written: io.StringIO) -> Iterator[logging.Logger]:
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(BoundedRecord)
    log, handler = logging.getLogger("a log of its own"), logging.StreamHandler(written)
    log.addHandler(handler)
    yield log
    log.removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_a_large_value_is_shortened_in_the_message_and_in_the_traceback(
    log: logging.Logger, written: io.StringIO
) -> None:
    value = b"\0" * 1_000_000
    try:
        int(f"{value!r}")
    except ValueError:
        log.exception("Refused: %r", value)
    text = written.getvalue()
    assert len(text) < 10_000
    assert text.startswith("Refused: b'")
    assert "characters left out" in text
    assert "ValueError: invalid literal" in text


def test_what_is_short_is_written_as_it_is(log: logging.Logger, written: io.StringIO) -> None:
    log.warning("Part of an address was refused: %s", "k")
    assert written.getvalue() == "Part of an address was refused: k\n"


def test_the_beginning_and_the_end_are_kept() -> None:
    assert shorten("a" * 50 + "b" * 50, 20) == "aaaaaaaaaa [80 characters left out] bbbbbbbbbb"
