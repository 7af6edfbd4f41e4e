"""How the browser writes numbers in tables, on axes and where one points: with the signs of the language spoken."""

from __future__ import annotations

import json
import re
from typing import Any

from bokeh.models import CustomJSHover, CustomJSTickFormatter
from bokeh.models.widgets.tables import CellFormatter, HTMLTemplateFormatter

from custseg.language import number_ways

# As patterns of Numbro have it, which Bokeh takes too, but knows no language of but English: “0,0”, “0.00”, “0.[00]”
# for decimals where there are any, and “0.0%” for a share.
_PATTERN = re.compile(r"0(?P<grouped>,0)?(?:\.(?P<optional>\[)?(?P<decimals>0+)\]?)?(?P<share>%)?")
_WRITTEN = """
if (!Number.isFinite(value)) return "";
return share ? `${(100 * value).toLocaleString(language, digits)}${percent}` : value.toLocaleString(language, digits);
"""
_CELL = "<%- Number.isFinite(value) ? ({factor} * value).toLocaleString({language}, {digits}) + {behind} : {nothing} %>"


def cell_numbers(pattern: str, nothing: str = "") -> CellFormatter:
    """Return how a table writes numbers, as a pattern says; ``nothing`` stands where there is none."""
    ways = _ways(pattern)
    filled = {
        "factor": 100 if ways["share"] else 1,
        "language": ways["language"],
        "digits": ways["digits"],
        "behind": ways["percent"] if ways["share"] else "",
        "nothing": nothing,
    }
    written = {name: json.dumps(value) for name, value in filled.items()}
    return HTMLTemplateFormatter(template=_CELL.format(**written), tags=[pattern])


def pattern_of(formatter: object) -> str | None:
    """Return the pattern by which a formatter of a table writes numbers, None where it is none of these."""
    if isinstance(formatter, HTMLTemplateFormatter) and formatter.tags:
        return str(formatter.tags[0])
    return None


def axis_numbers(pattern: str) -> CustomJSTickFormatter:
    """Return how an axis or a slider writes numbers, as a pattern says."""
    return CustomJSTickFormatter(code=f"const value = tick;{_WRITTEN}", args=_ways(pattern))


def pointed_numbers(decimals: int = 0, *, share: bool = False) -> CustomJSHover:
    """Return how a number is written where one points at it: with these decimals, a share as a percentage."""
    digits = {"minimumFractionDigits": decimals, "maximumFractionDigits": decimals}
    return CustomJSHover(code=_WRITTEN, args={"digits": digits, "share": share, **number_ways()})


def _ways(pattern: str) -> dict[str, Any]:
    """Return what a script needs to write a number by a pattern in the language that is spoken."""
    found = _PATTERN.fullmatch(pattern)
    if found is None:
        raise ValueError(pattern)
    decimals = len(found["decimals"] or "")
    digits = {
        "minimumFractionDigits": 0 if found["optional"] else decimals,
        "maximumFractionDigits": decimals,
        "useGrouping": bool(found["grouped"]),
    }
    return {"digits": digits, "share": bool(found["share"]), **number_ways()}
