"""The template of the page: its markup, styles, scripts, icons and texts, from the files beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import panel as pn
from panel.io.resources import _env

from custseg.language import LANGUAGES, current, say
from custseg.panes.base.style import PAGE_TOKENS
from custseg.panes.views.catalogue import VIEWS
from dashboard.language_choice import texts_of

if TYPE_CHECKING:
    import jinja2

_HERE = Path(__file__).parent
# The last of them tells the others when the page stands.
_SCRIPTS = (
    "models.js", "language.js", "file_words.js", "menu.js", "pictures.js", "phone.js", "shell.js", "one_layout.js",
    "one_measure.js", "axes.js", "table_roles.js", "table_keys.js", "page.js",
)  # fmt: skip


class _Template(pn.Template):
    def __repr__(self) -> str:
        # Panel's own describes every pane, and is asked for at each one that is added.
        return "custseg page"


def page_template(**variables: object) -> pn.Template:
    """Make the template of one page, with nothing in its places yet."""
    template = _Template(_jinja(), location=True)
    script, tour = "".join(map(_read, _SCRIPTS)), _read("tour.js")
    files = {"style": _read("page.css") + _read("phone.css"), "icon": _read("icon.svg"), "icons": _read("icons.svg")}
    files |= {"script": script, "tour": tour, "tour_style": _read("tour.css"), "texts": texts_of(script + tour)}
    # Before the library that it is about.
    files |= {"first_script": _read("resting.js")}
    # By it the page's own scripts are known from any others (``dashboard/response_headers.py``).
    files["nonce"] = token_urlsafe()
    spoken = {"language": current(), "languages": LANGUAGES, "_": say}
    for name, value in {"problem": "", "tokens": PAGE_TOKENS, "views": VIEWS, **spoken, **files, **variables}.items():
        template.add_variable(name, value)
    return template


@cache
def _jinja() -> jinja2.Template:
    template: jinja2.Template = _env.from_string(_read("page.html"))
    return template


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
