"""What went wrong in an engine, in a sentence that names the engine and the cause, and never a secret."""

from __future__ import annotations

import re
from pathlib import Path

from custseg.errors import DataError
from custseg.language import mark, say

_LONGEST_CAUSE = 240
_KEYS = r"passw(?:or)?d|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key(?:[_-]?id)?|signature|authorization"
_SECRETS = (
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 …"),
    # Who signs in stands before the place, and signed addresses end in their signature.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/'\"]*@", re.IGNORECASE), r"\1"),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s?'\"]*)\?[^\s'\"]*", re.IGNORECASE), r"\1"),
    (
        re.compile(
            rf"\b([\w-]*(?:{_KEYS})[\w-]*['\"]?\s*(?:=>|=|:|\s)\s*)('[^']*'|\"[^\"]*\"|[^\s,;&)]+)", re.IGNORECASE
        ),
        r"\1…",
    ),
)
# What is said in place of an engine's own words, by what is found in them: the first that applies.
_MEMORY = r"out of memory|memoryerror|cannot allocate|heap space|killedworker|exceeded.*memory"
_AWAY = (
    r"connection refused|unavailable|failed to connect|(?:could not|unable to|cannot) connect|unreachable|timed? ?out|"
    r"retries.exceeded|no route|connection.*(?:closed|reset|lost)|closed the connection|commclosed"
)
_SIGN_IN = r"authentication failed|no password supplied|unauthenticated|role .* does not exist"
_RIGHTS = r"permission denied|access denied|unauthori[sz]ed|forbidden|insufficient priv|not authori[sz]ed"
_GONE = r"no such file|file not found|no files found|path_not_found|filenotfounderror"
_COLUMN = (
    r"column.*(?:does not exist|not found)|columns were not found|columnnotfound|unresolved_column|"
    r"no match for fieldref|\] not in index"
)
_SCHEMAS = r"mismatch.*schema|schema.*mismatch|schemaerror|schema of|conversion error|incompatible types"
_OTHER_FILES = r"file system operations are disabled by configuration"
# The sign-in comes first, since its failure is worded as one of the connection.
_CAUSES = {
    _SIGN_IN: mark(
        "it refuses who signs in. Check the user, and the password in its own configuration or the environment."
    ),
    _MEMORY: mark("it ran out of memory. Give it more, or compare fewer features."),
    _AWAY: mark("it cannot be reached. Start it, or check the address, then try again."),
    _RIGHTS: mark("it refuses access to the table. Ask for the right to read it."),
    _GONE: mark("the files of the table are no longer there. Check the path."),
    _COLUMN: mark("a column is no longer there, or has another name. Open the table again."),
    _OTHER_FILES: mark("it may read its own file alone, and this is in others. Write it there as a table."),
    _SCHEMAS: mark("the files of the table differ in their columns or types. Write them again with one schema."),
}


def failure(engine: str, problem: BaseException) -> DataError:
    """Return the error for people of what an engine raised."""
    text = f"{type(problem).__name__}: {problem}"
    for pattern, cause in _CAUSES.items():
        if re.search(pattern, text, re.IGNORECASE):
            gone = pattern == _OTHER_FILES and _names_what_is_gone(text)
            return DataError(
                say("{engine} could not answer: {cause}", engine=engine, cause=say(_CAUSES[_GONE] if gone else cause))
            )
    return DataError(
        say(
            "{engine} could not answer. Its words: “{words}”.",
            engine=engine,
            words=without_secrets(first_line(str(problem))),
        )
    )


def _names_what_is_gone(text: str) -> bool:
    """Whether a file that DuckDB may not read is not there: to it, one of its own that was removed is none."""
    named = re.search(r'file "([^"]+)"', text)
    return named is not None and not Path(named[1]).exists()


def without_secrets(text: str) -> str:
    """Return a text without passwords, tokens and who signs in."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def first_line(text: str) -> str:
    """Return the first line of a text that holds something, of a length that one reads."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), say("no reason given"))
    line = "".join(character if character.isprintable() else " " for character in line)
    return line if len(line) <= _LONGEST_CAUSE else f"{line[: _LONGEST_CAUSE - 1]}…"
