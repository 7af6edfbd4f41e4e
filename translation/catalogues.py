"""The catalogues beside the package: the template of all texts, and a translation of each for every language."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from custseg.language import DOMAIN, ENGLISH, FOLDER, LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = FOLDER / f"{DOMAIN}.pot"
TRANSLATED = tuple(code for code in LANGUAGES if code != ENGLISH)

# What would differ each time.
_NO_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_MOMENTS = tuple(
    f'"{field}'
    for field in (
        "POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid", "Last-Translator", "Language-Team",
        "Project-Id",
    )
)  # fmt: skip


def path_of(code: str, suffix: str = ".po") -> Path:
    """Return where the catalogue of a language lies."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def read(code: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = path_of(code)
    if not path.exists():
        return Catalog(code, project=DOMAIN, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def read_template() -> Catalog:
    """Read the template as it was last written."""
    with TEMPLATE.open("rb") as file:
        return read_po(file)


def as_text(catalog: Catalog) -> bytes:
    """Write a catalogue as text, without what would differ each time and without lines, which move."""
    written = BytesIO()
    write_po(
        written, catalog, width=120, omit_header=False, include_lineno=False, ignore_obsolete=True, sort_output=True
    )
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_MOMENTS)).encode()


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalogue as gettext reads it; the same bytes whenever it is done."""
    written = BytesIO()
    catalog.creation_date = catalog.revision_date = _NO_MOMENT
    write_mo(written, catalog)
    return written.getvalue()
