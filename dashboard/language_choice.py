"""The language of a session: asked for in the address, else the server's, else what the browser prefers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import panel as pn

from custseg.language import ENGLISH, LANGUAGES, say, speak_with_sessions
from dashboard.served_session import served_session
from dashboard.server_settings import server_settings

if TYPE_CHECKING:
    from bokeh.document import Document

LANGUAGE = "lang"
_VARIABLE = "language"
_LONGEST = 1024
_MARKED = re.compile(r'\bsay\("([^"\\]*)"\)')


def asked_for(query: str) -> str | None:
    """Return the language that a query asks for, None where it asks for none that there is."""
    wanted = parse_qs(query.removeprefix("?")[:_LONGEST]).get(LANGUAGE, [""])[-1]
    return wanted if wanted in LANGUAGES else None


def preferred(accepted: str) -> str:
    """Return the language that a browser prefers by its header ``Accept-Language``, of those that there are."""
    weighed = []
    for position, part in enumerate(accepted[:_LONGEST].split(",")):
        code, _, quality = part.strip().partition(";q=")
        weighed.append((-_quality(quality), position, code.partition("-")[0].casefold()))
    return next((code for weight, _, code in sorted(weighed) if weight < 0 and code in LANGUAGES), ENGLISH)


def _quality(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](?:\.[0-9]{1,3})?", text) else 0.0 if text else 1.0


def choose_language(query: str) -> str:
    """Have the session that is being made speak its language. Raises SettingError where the server's is none."""
    code = asked_for(query) or server_settings().language or preferred(_accepted())
    document = pn.state.curdoc
    if document is not None:
        document.template_variables[_VARIABLE] = code
    # The same for all sessions.
    speak_with_sessions(_of_session)
    return code


def _of_session() -> str | None:
    document: Document | None = pn.state.curdoc
    return document.template_variables.get(_VARIABLE) if document is not None else None


def _accepted() -> str:
    context = served_session()
    headers = getattr(getattr(context, "request", None), "headers", None) or {}
    return str(headers.get("Accept-Language", ""))


def texts_of(script: str) -> str:
    """Return the texts that a script marks as JSON, with what each is in the language that is spoken."""
    texts = {text: say(text) for text in _MARKED.findall(script)}
    changed = {text: said for text, said in texts.items() if said != text}
    return json.dumps(changed, ensure_ascii=False).replace("<", "\\u003c")
