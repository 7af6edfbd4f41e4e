"""What a server is set to by its environment: every setting, what it may be, and what it is where nobody set it."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from custseg.errors import SettingError, quote
from custseg.settings import MOST_IN_MEMORY, MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "CUSTSEG_"
# Those of tests, of measurements and of the compose file, which no server reads.
_OF_OTHERS = ("CUSTSEG_TEST_", "CUSTSEG_BENCHMARK_", "CUSTSEG_HOST", "CUSTSEG_PORT")
_LARGEST = 1_000_000_000
_ORIGIN = re.compile(r"self|https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.ASCII | re.IGNORECASE)


def _whole(text: object) -> object:
    # Python also takes "1_000" and digits of other scripts, which nobody means here.
    if isinstance(text, str) and not (text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))):
        msg = "no whole number"
        raise ValueError(msg)
    return text


def _origins(text: str) -> str:
    if not all(_ORIGIN.fullmatch(origin) for origin in text.split()):
        msg = "no origins"
        raise ValueError(msg)
    return text


Origins = Annotated[str, AfterValidator(_origins)]
Whole = Annotated[int, BeforeValidator(_whole)]
Rows = Literal["", "customers", "purchases"]
Language = Literal["", "en", "de", "fr"]
Log = Literal["trouble", "text", "json"]
Switch = Literal["on", "off"]


def _number(usual: int, unit: str, about: str, *, least: int = 1, most: int = _LARGEST, zero: str = "") -> Any:
    allowed = f"a whole number of {unit} from {0 if zero else least:,} to {most:,}"
    allowed = f"{allowed}; 0 is {zero}" if zero else allowed
    return Field(usual, ge=0 if zero else least, le=most, json_schema_extra={"allowed": allowed, "about": about})


def _word(usual: str, kind: Any, about: str) -> Any:
    *others, last = [word for word in get_args(kind) if word]
    return Field(usual, json_schema_extra={"allowed": f"{', '.join(others)} or {last}", "about": about})


def _text(allowed: str, about: str) -> Any:
    return Field("", json_schema_extra={"allowed": allowed, "about": about})


class ServerSettingError(SettingError):
    """A setting of the server is wrong. The message is about that alone, so that it may stand in the log."""


class ServerSettings(BaseModel):
    """The settings of a server. ``reading_seconds`` is set by CUSTSEG_READING_SECONDS, and so are all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = _text("a file, a folder or an address", "What the page opens with; a sample by default")
    rows: Rows = _word("", Rows, "What a row of that file is, where the file leaves it open")
    playbook: str = _text("a file, or the name of a playbook", "The names and suggestions that the page opens with")
    language: Language = _word("", Language, "The language of the page; by default each browser's")
    ledger: str = _text("a file", "A ledger of earlier periods, which the view Changes shows")
    most_points: Whole = _number(
        MOST_POINTS, "customers", "Up to how many each is drawn as a point; of more, how densely they lie"
    )
    most_in_memory: Whole = _number(
        MOST_IN_MEMORY, "customers", "Up to how many those of Parquet files and engines come into memory"
    )

    upload_megabytes: Whole = _number(200, "megabytes", "The largest file that can be uploaded", most=100_000)
    session_uploads_megabytes: Whole = _number(
        500, "megabytes", "What the files of one session may take on the server's disk, all together", most=1_000_000
    )
    all_uploads_megabytes: Whole = _number(
        10_000, "megabytes", "What the files of all sessions may take on the server's disk", most=10_000_000
    )
    reading_processes: Whole = _number(2, "processes", "How many files are read at once; others wait", most=500)
    reading_seconds: Whole = _number(60, "seconds", "How long an uploaded file may take to be read", most=86_400)
    reading_megabytes: Whole = _number(
        2000, "megabytes", "How much memory reading it may take", least=300, most=1_000_000
    )
    reading_disk_megabytes: Whole = _number(
        4000, "megabytes", "The largest file that may be written while it is read", most=1_000_000
    )
    reading_answer_megabytes: Whole = _number(
        2000, "megabytes", "The most that may come of it, as plain columns", most=1_000_000
    )
    reading_columns: Whole = _number(2000, "columns", "The most that an uploaded file may have", most=1_000_000)
    reading_rows: Whole = _number(20_000_000, "rows", "The most that an uploaded file of customers may have")
    reading_cells: Whole = _number(50_000_000, "cells", "The most, rows times columns, that such a file may have")
    unpacked_megabytes: Whole = _number(
        1000, "megabytes", "The most that an uploaded archive or spreadsheet may unpack to", most=1_000_000
    )
    cell_characters: Whole = _number(
        32_767, "characters", "The longest text in a cell of an uploaded file", most=10_000_000
    )
    name_characters: Whole = _number(1000, "characters", "The longest name of a column in an uploaded file", most=1000)

    making_processes: Whole = _number(1, "processes", "How many downloads are made at once; others wait", most=500)
    making_seconds: Whole = _number(300, "seconds", "How long a download may take to be made", most=86_400)
    making_megabytes: Whole = _number(
        4000, "megabytes", "How much memory making it may take", least=500, most=1_000_000
    )

    run_seconds: Whole = _number(600, "seconds", "How long a run may take", most=86_400)
    run_megabytes: Whole = _number(
        8000, "megabytes", "How much memory the numbers of a run may take beside the table", most=10_000_000
    )
    runs_a_minute: Whole = _number(120, "runs", "How many one session may start in a minute", most=10_000)
    download_megabytes: Whole = _number(500, "megabytes", "The largest file that can be downloaded", most=10_000)
    downloads_a_minute: Whole = _number(30, "files", "How many one session may download in a minute", most=10_000)
    all_downloads_megabytes: Whole = _number(
        2000, "megabytes", "What all sessions together may download in a minute", most=1_000_000
    )
    sessions: Whole = _number(200, "sessions", "How many pages may be open at once, in one process", most=100_000)
    page_ahead: Switch = _word("on", Switch, "Whether a page is made ahead, for whoever opens the next one")
    idle_minutes: Whole = _number(
        480, "minutes", "After how long without a click an open page is let go of", most=1_000_000, zero="never"
    )
    message_megabytes: Whole = _number(20, "megabytes", "The largest message that a browser may send", most=1000)
    keep_minutes: Whole = _number(
        60, "minutes", "How long a session is kept, and a long run goes on, after its page was closed",
        most=1_000_000, zero="not at all",
    )  # fmt: skip
    log: Log = _word("trouble", Log, "What is logged: trouble alone, or events too, as text or as JSON")
    metrics: Switch = _word("off", Switch, "Whether figures for Prometheus are at /metrics")
    metrics_token: str = _text(
        "a text that nobody guesses", "Who asks for figures must send it as a bearer token; a must with a sign-in"
    )
    frame_ancestors: Origins = _text(
        "origins such as https://intranet.example.com, or self, with blanks between them",
        "Which sites may show the page in a frame",
    )


def variable(field: str) -> str:
    """Return the name of a setting in the environment."""
    return PREFIX + field.upper()


def server_settings() -> ServerSettings:
    """Return the settings of this server. Raises SettingError, a sentence for each that is wrong."""
    return _read(tuple(sorted((name, text) for name, text in os.environ.items() if name.startswith(PREFIX))))


def settings_in_force() -> ServerSettings:
    """Return the settings, and the usual ones where one is wrong: the page and the log say so, and no page is made."""
    try:
        return server_settings()
    except ServerSettingError:
        return ServerSettings()


@lru_cache(maxsize=4)
def _read(environment: tuple[tuple[str, str], ...]) -> ServerSettings:
    given = {name: text.strip() for name, text in environment}
    set_here = {field: text for field in ServerSettings.model_fields if (text := given.get(variable(field)))}
    try:
        return ServerSettings.model_validate(set_here)
    except ValidationError as problem:
        wrong = [str(error["loc"][0]) for error in problem.errors(include_url=False, include_context=False)]
        raise ServerSettingError(" ".join(_must_be(field, set_here[field]) for field in wrong)) from None


def _must_be(field: str, text: str) -> str:
    return f"{variable(field)} must be {fact(field, 'allowed')}, but got {quote(text)}. Correct it, or remove it."


def fact(field: str, kind: Literal["allowed", "about"]) -> str:
    """Return what a setting may be, or what it is about."""
    facts: Any = ServerSettings.model_fields[field].json_schema_extra
    return str(facts[kind])


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """Return a sentence for each name that looks like a setting of custseg and is none."""
    known = {variable(field) for field in ServerSettings.model_fields}
    return [
        _unknown(name, known)
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known and not name.startswith(_OF_OTHERS)
    ]


def _unknown(name: str, known: set[str]) -> str:
    near = get_close_matches(name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known], n=1, cutoff=0.75)
    meant = f"{PREFIX}{near[0]} may be meant" if near else "docs/settings.md lists those that there are"
    return f"There is no setting {quote(name)}, and it changes nothing: {meant}."
