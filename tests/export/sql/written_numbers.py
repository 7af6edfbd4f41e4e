"""Texts that are numbers, and some that nearly are, with what custseg reads them as."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from custseg.tables.number_text import parse

if TYPE_CHECKING:
    from custseg.tables.number_text import DecimalSign

TEXTS = (
    "0", "7", "1234", "12345678901", "1,234", "1.234", "1,234.5", "1.234,5", "1'234.5", "1’234,5", "1 234",
    "12,34", "12.34", "1,23,456", "12,3456.7", "1,2", "1.2", ",5", ".5", "5,", "5.", "-5", "+5", "\u22125",
    "- 5", "-€ 5", "€-5", "$5", "US$ 5", "5 €", "5%", "5 %", "EUR 1.5", "1.5 kr.", "Fr. 2", "1e3", "1.5E-2",
    "1,5e+2", "e5", "5e", "007", "-007", "00", "0.7", "0,7", "1_000", "5-", "1-2", "--5", "5 5", "12 34",
    "1 234 567", "1,234,567.89", "1.234.567,89", "", " ", "-", ".", ",", "n/a", "NaN", "many", "5 pieces",
    "\u00a05", "5\u202f€", "1\u2009234", "\t5\n", "5.5.5", "5,5,5", "1.234.5", "€", "%", "kr", "½", "٣", "5²",
    "0x5", "1,234-", "(5)",
)  # fmt: skip


@cache
def read_in_memory(text: str, decimal: DecimalSign) -> float | None:
    """Return the number that a text is, None for no number and for none at all."""
    series = nw.from_native(pd.Series([text, "1"], dtype="str"), series_only=True)
    (value, _), invalid = parse(series, decimal)
    return None if invalid is not None or np.isnan(value) else float(value)
