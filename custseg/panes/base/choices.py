"""What a select offers: columns by what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.tables.schema import ColumnsByRole


def choices_of(columns: ColumnsByRole, names: Iterable[str]) -> dict[str, str]:
    """Return the names of columns by their labels, as a select takes them."""
    names = list(names)
    labels = [capitalised(columns.label(name)) for name in names]
    # Names may differ in upper and lower case alone.
    return {
        label if labels.count(label) == 1 else columns.label(name): name
        for label, name in zip(labels, names, strict=True)
    }
