"""The table, k, seed, x and y in the address, so that a link restores the view."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from custseg.errors import SettingError
from custseg.settings import parse_whole_number

if TYPE_CHECKING:
    import param
    from panel.io.location import Location

    from custseg import SegmentationModel
    from dashboard.intake import Intake

TABLE = "table"
SHARED = ("k", "seed", "x", "y")
_LONGEST_QUERY = 4096


def restore(model: SegmentationModel, query: str) -> list[str]:
    """Set the model from a query such as ``?k=4&seed=&x=Milk``; return a sentence for each value that it refused."""
    refused = []
    given = parse_qs(query.removeprefix("?")[:_LONGEST_QUERY], keep_blank_values=True)
    for name in SHARED:
        if name not in given:
            continue
        try:
            model.param.update(**{name: _parse(name, given[name][-1])})
        except SettingError as problem:
            refused.append(str(problem))
    return refused


def _parse(name: str, text: str) -> object:
    if name == "seed" and not text.strip():
        return None
    return parse_whole_number(text) if name in ("k", "seed") else text


def table_in(query: str) -> str | None:
    """Return the name of the table that a query asks for, or None where it asks for none."""
    given = parse_qs(query.removeprefix("?")[:_LONGEST_QUERY])
    return given[TABLE][-1] if TABLE in given else None


def query_of(model: SegmentationModel, source: str = "") -> str:
    """Return the query that ``restore`` turns into this model's settings, with the name of an offered table."""
    values = {name: "" if getattr(model, name) is None else str(getattr(model, name)) for name in SHARED}
    return f"?{urlencode(({TABLE: source} if source else {}) | values)}"


def bind(model: SegmentationModel, intake: Intake, location: Location) -> list[str]:
    """Take the settings from the address, then keep the address up with them; return what was refused."""
    refused = restore(model, location.search or "")

    def write(*_: param.parameterized.Event) -> None:
        location.search = query_of(model, intake.name_in_address)

    model.param.watch(write, list(SHARED))
    intake.param.watch(write, ["source"])
    return refused
