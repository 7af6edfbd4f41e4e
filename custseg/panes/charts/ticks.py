"""The ticks of an axis and their labels: powers of ten where it is logarithmic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark_in, say_in, written
from custseg.wording import percentage

if TYPE_CHECKING:
    from custseg.insight.groups import Scale
    from custseg.tables.column_roles import Quantity

# The smallest distance between ticks of a logarithmic axis, as a share of its length.
_NEAREST = 0.1
_UNITS = (
    (1e12, mark_in("on an axis", "t")),
    (1e9, mark_in("on an axis", "bn")),
    (1e6, mark_in("on an axis", "m")),
    (1e3, mark_in("on an axis", "k")),
)


def large_units() -> list[tuple[float, str]]:
    """Return what stands behind a number of thousands, millions and so on."""
    return [(size, say_in("on an axis", word)) for size, word in _UNITS]


def ticks_of(scale: Scale, quantity: Quantity = "") -> dict[float, str]:
    """Return the label of each tick, by its position on the axis; ``quantity`` says how its numbers are written."""
    if scale.logarithmic and len(powers := _powers(scale)) > 2:
        return {position: _label(value, quantity) for position, value in powers.items()}
    values, step = _even(scale.low, scale.high) if scale.low < scale.high else _even(*scale.ends)
    if quantity == "year":
        values = [value for value in values if value == round(value)]
    largest = max(map(abs, values), default=0.0)
    positions = scale.place(np.array(values, dtype=float)).tolist()
    unit = largest if largest >= 1e4 else 1.0
    return {at: _label(value, quantity, step, unit) for at, value in zip(positions, values, strict=True)}


def _label(value: float, quantity: Quantity, step: float = 0.0, largest: float = 0.0) -> str:
    if quantity == "year":
        return f"{value:.0f}"
    if quantity == "share":
        return percentage(short_number(100 * value, 100 * step, largest))
    return short_number(value, step, largest)


def short_number(value: float, step: float = 0.0, largest: float = 0.0) -> str:
    """Write a number briefly, so that many fit on an axis: 20k, 1.5m.

    With the ``step`` between ticks, it has the digits that tell ticks apart, and the unit that suits the ``largest``.
    """
    if abs(value) <= step / 2:
        return "0"
    size, word = next(((size, word) for size, word in large_units() if (largest or abs(value)) >= size), (1.0, ""))
    scaled, decimals = value / size, max(0, -math.floor(math.log10(step / size) + 1e-9)) if step else 0
    if decimals > 6 and 1 <= abs(value) < 1e15:
        text = written(value, f",.{max(0, -math.floor(math.log10(step) + 1e-9))}f")
    elif abs(scaled) >= 1e5 or abs(scaled) < 1e-4 or decimals > 6:
        text = written(value, ".3g")
    else:
        text = written(scaled, f",.{decimals}f" if step else ".6g") + word
    return text.replace("-", "−")


def _powers(scale: Scale) -> dict[float, float]:
    """Return round numbers by position: powers of ten, then twos and fives, where there is room for them."""
    low, high = scale.ends
    highest = math.floor(math.log10(scale.high))
    decades = [10.0**power for power in range(highest, highest - 16, -1)]
    wanted = [0.0, *decades, *(factor * decade for decade in decades for factor in (2.0, 5.0))]
    kept: dict[float, float] = {}
    for value in (value for value in wanted if scale.low <= value <= scale.high):
        position = float(scale.place(np.array([value]))[0])
        if all(abs(position - other) >= _NEAREST * (high - low) for other in kept):
            kept[position] = value
    return dict(sorted(kept.items()))


def _even(low: float, high: float) -> tuple[list[float], float]:
    """Return evenly spaced round numbers from low to high, and the step between them."""
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [multiple * step for multiple in range(first, math.floor(high / step + 1e-9) + 1)], step
