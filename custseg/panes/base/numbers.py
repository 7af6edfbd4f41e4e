"""How Bokeh writes numbers in tables, on axes and where one points: with the signs of the language that is spoken."""

from __future__ import annotations

from typing import Any

from bokeh.models import CustomJSHover, NumeralTickFormatter
from bokeh.models.widgets.tables import NumberFormatter

from custseg.language import current, number_ways, percent_sign

_POINTED = """
if (!Number.isFinite(value)) return "";
const digits = {minimumFractionDigits: decimals, maximumFractionDigits: decimals};
return share ? `${(100 * value).toLocaleString(language, digits)}${percent}` : value.toLocaleString(language, digits);
"""


def cell_numbers(pattern: str, nothing: str = "") -> NumberFormatter:
    """Return how a table writes numbers, as a pattern of Numbro says; ``nothing`` stands where there is none."""
    return NumberFormatter(format=_spaced(pattern), nan_format=nothing, language=_language())


def axis_numbers(pattern: str) -> NumeralTickFormatter:
    """Return how an axis or a slider writes numbers, as a pattern of Numbro says."""
    return NumeralTickFormatter(format=_spaced(pattern), language=_language())


def pointed_numbers(decimals: int = 0, *, share: bool = False) -> CustomJSHover:
    """Return how a number is written where one points at it: with these decimals, a share as a percentage."""
    return CustomJSHover(code=_POINTED, args={"decimals": decimals, "share": share, **number_ways()})


def _language() -> Any:
    # By the same codes as Numbro has it.
    return current()


def _spaced(pattern: str) -> str:
    """Put the space that a language has before its sign of percent into a pattern."""
    return pattern.replace("%", percent_sign().replace("\u00a0", " ")) if pattern.endswith("%") else pattern
