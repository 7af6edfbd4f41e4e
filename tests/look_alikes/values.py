"""Columns that many exports share: people, places, days, amounts and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Texts = list[str]

_STARTS = "Al Ben Car Dar El Fen Gar Hal Ing Jor Kel Lin Mor Nor Ol Per Quin Ros Sor Tam Ul Ver Wil Zel"
_ENDS = "a an bert by da den dis e ella ett ia in ina is ka la len lo mar na nor o ra ric son ta us vin win"
_PARTS = (_STARTS.split(), _ENDS.split(), _ENDS.split())
CITIES = ("Lyon", "Porto", "Leeds", "Graz", "Turin", "Gent", "Aarhus", "Bergen", "Brno", "Cork")
COUNTRIES = ("DE", "FR", "GB", "IT", "US")


def pick(generator: np.random.Generator, rows: int, levels: Sequence[str], *weights: float) -> Texts:
    """Draw one of few values a row; without weights all are as likely."""
    chances = np.array(weights) / sum(weights) if weights else None
    return [str(level) for level in generator.choice(list(levels), rows, p=chances)]


def codes(generator: np.random.Generator, rows: int, highest: int, lowest: int = 0) -> npt.NDArray[np.int64]:
    """Draw whole numbers from the lowest to the highest, both included."""
    return generator.integers(lowest, highest + 1, rows)


def amounts(generator: np.random.Generator, rows: int, typical: float, spread: float = 0.8) -> npt.NDArray[np.float64]:
    """Draw amounts of money with a long tail, to the cent."""
    return np.round(typical * generator.lognormal(0, spread, rows), 2)


def whole(generator: np.random.Generator, rows: int, typical: float, spread: float = 0.8) -> npt.NDArray[np.int64]:
    """Draw whole amounts with a long tail."""
    return np.round(typical * generator.lognormal(0, spread, rows)).astype(int)


def counts(generator: np.random.Generator, rows: int, mean: float, lowest: int = 0) -> npt.NDArray[np.int64]:
    """Draw counts that differ more from customer to customer than by chance."""
    return lowest + generator.poisson(mean * generator.gamma(2, 0.5, rows))


def shares(generator: np.random.Generator, rows: int, digits: int = 6) -> npt.NDArray[np.float64]:
    """Draw shares from 0 to 1."""
    return np.round(generator.beta(1, 2, rows), digits)


def gaps(
    generator: np.random.Generator, values: Sequence[object] | npt.NDArray[np.generic], share: float
) -> list[object]:
    """Leave some cells empty."""
    missing = generator.random(len(values)) < share
    return [None if gone else value for value, gone in zip(values, missing, strict=True)]


def days(generator: np.random.Generator, rows: int, written: str = "%Y-%m-%d", first: str = "2021-01-04",
         last: str = "2023-12-20") -> Texts:  # fmt: skip
    """Draw moments between two days and write them."""
    span = int((pd.Timestamp(last) - pd.Timestamp(first)).total_seconds())
    moments = pd.Timestamp(first) + pd.to_timedelta(generator.integers(0, span, rows), unit="s")
    return list(moments.strftime(written))


def names(generator: np.random.Generator, rows: int) -> Texts:
    """Draw names of people, of which there are hundreds."""
    starts, middles, ends = (generator.choice(part, rows) for part in _PARTS)
    return [f"{start}{middle}{end}" for start, middle, end in zip(starts, middles, ends, strict=True)]


def full_names(generator: np.random.Generator, rows: int) -> Texts:
    """Draw first and last names."""
    return [f"{first} {last}" for first, last in zip(names(generator, rows), names(generator, rows), strict=True)]


def emails(generator: np.random.Generator, rows: int) -> Texts:
    """Make up addresses that are all different."""
    return [f"{name.lower()}{row}@example.com" for row, name in enumerate(names(generator, rows))]


def phones(generator: np.random.Generator, rows: int) -> list[int]:
    """Make up telephone numbers as spreadsheets leave them: as whole numbers."""
    return [int(number) for number in generator.integers(4_400_000_000_00, 4_499_999_999_99, rows)]


def streets(generator: np.random.Generator, rows: int) -> Texts:
    """Make up streets with a number."""
    return [f"{number} {name} Street" for number, name in zip(codes(generator, rows, 180, 1), names(generator, rows),
                                                              strict=True)]  # fmt: skip


def keys(generator: np.random.Generator, rows: int, prefix: str = "", length: int = 24) -> Texts:
    """Make up random keys that are all different."""
    signs = list("0123456789abcdef")
    return [prefix + "".join(generator.choice(signs, length - 4)) + f"{row:04x}" for row in range(rows)]


def numbers(generator: np.random.Generator, rows: int, first: int) -> list[int]:
    """Make up numbers of customers: ascending, with gaps."""
    return [int(number) for number in first + np.cumsum(generator.integers(1, 9, rows))]
