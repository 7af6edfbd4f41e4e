"""Words for codes: the levels of a category as people call them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.tables.labels import LONGEST_LABEL, clean_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custseg.tables.column_roles import Column


def with_level_labels(column: Column, labels: Mapping[Any, str], codes: Iterable[str]) -> Column:
    """Call the codes of a column what ``labels`` say; a code that is not in the column does no harm.

    Parameters
    ----------
    column
        The column.
    labels
        What each code is called, such as ``{"1": "Horeca", "2": "Retail"}``. Codes may be numbers.
    codes
        Those in the column, as they are without labels.

    Raises
    ------
    SettingError
        A label is empty or long, or is another code of the column, or that of another code.

    """
    called = {str(code): clean_label(label) for code, label in labels.items()}
    for code, label in called.items():
        if not 0 < len(label) <= LONGEST_LABEL:
            msg = say(
                "The label of {code} in {column} must have 1 to {most} characters.",
                code=quote(code),
                column=quote(column.name),
                most=LONGEST_LABEL,
            )
            raise SettingError(msg)
    shown: dict[str, str] = {}
    for code in codes:
        label = called.get(code, code)
        if label in shown:
            msg = say(
                "The levels {other} and {code} of {column} would both be called {label}. Give each a label of its own.",
                other=quote(shown[label]),
                code=quote(code),
                column=quote(column.name),
                label=quote(label),
            )
            raise SettingError(msg)
        shown[label] = code
    return replace(column, level_labels=tuple(called.items()))
