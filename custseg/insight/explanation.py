"""Why a customer is in its segment, and what would move it to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.insight.filled_in import least_margins
from custseg.insight.level_words import say_centres, say_level
from custseg.insight.mixture_placement import nearest_change, say_probability
from custseg.language import say
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, SET_APART, Identified
from custseg.tables.written_values import written
from custseg.wording import capitalised, join_words, percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]

# Features that are named as reasons, and the share of all that speaks for a segment that is enough of a reason.
_MOST_REASONS, _ENOUGH = 3, 0.7
# What speaks for the other segment is worth a word from this share of what speaks for the own.
_WORTH_A_WORD = 0.2


@dataclass(frozen=True, eq=False)
class Placement:
    """Where one customer lies among the segments.

    Attributes
    ----------
    customer
        Its identifier.
    segment
        Its segment, 1..k; 0 where it is in none.
    next_segment
        The segment whose centroid is next; the nearest one where it is in none.
    distance, next_distance
        To these two centroids, in prepared units; the first is NaN where it is in no segment. Of a mixture, one over
        the probabilities of these two segments.
    margin
        1 - distance / next_distance: 0 on the border, 1 at the centroid, NaN where it is in no segment.
    values
        Its features, in their own units, then its levels of the compared categories as numbers; NaN where a value is
        missing.
    contributions
        For each of these, how much it speaks for its own segment against the next one: the squared distance to the next
        centroid less that to its own, along this column, in prepared units. They sum to the whole difference. Empty
        where it is in no segment, and of a mixture.
    sentence
        All that in words, as plain text.

    """

    customer: str
    segment: int
    next_segment: int
    distance: float
    next_distance: float
    margin: float
    values: Floats
    contributions: Floats
    sentence: str


# The square of a number farther out is infinite, so there is no distance; nor would anybody look for such a number.
_FARTHEST = 1e150


@dataclass(frozen=True)
class Move:
    """The nearest value of one feature at which a customer would be in another segment, and which."""

    value: float
    segment: int


def place(result: Segmentation, values: npt.ArrayLike) -> tuple[int, Floats]:
    """Return the segment of a customer with these values of ``result.compared``, 0 for none, and its k distances.

    Features are in their own units; distances are to the centroids, in prepared units, or of a mixture one over the
    probability of each segment. It is the segment that ``result.assign`` gives.
    """
    row = np.asarray(values, dtype=np.float64).reshape(1, -1)
    prepared = result.preparation.apply(row)
    if result.mixture is not None:
        shares = result.mixture.memberships(prepared)[0]
        distances = np.divide(1.0, shares, out=np.full(result.k, np.inf), where=shares > 0)
    else:
        distances = np.sqrt(np.square(prepared - result.prepared_centroids).sum(axis=1))
    return int(segment_numbers(result.codes(row))[0]), distances


def explain(result: Segmentation, customer: str) -> Placement:
    """Say why a customer (its identifier) is in its segment. Raises SettingError where there is no such customer."""
    page = result.assignment.page(Identified((customer,)), limit=1)
    if not len(page):
        msg = say("There is no customer {customer} in this table. Choose another.", customer=quote(customer))
        raise SettingError(msg)
    values, code = page.matrix(result.compared)[0], int(page.labels[SEGMENT][0])
    _, distances = place(result, values)
    own = 0 if code == SET_APART else code
    others = distances.copy()
    if own:
        others[own - 1] = np.inf
    following = int(others.argmin()) + 1
    beyond = float(distances[following - 1])
    if not own:
        distance, margin, contributions = np.nan, np.nan, np.zeros(0)
    else:
        distance = float(distances[own - 1])
        margin = 1 - distance / beyond if beyond > 0 else 0.0
        prepared = result.preparation.apply(values[None])[0]
        squares = np.square(prepared - result.prepared_centroids[[following - 1, own - 1]])
        speaking = squares[0] - squares[1]
        contributions = np.array([speaking[place].sum() for place in result.preparation.columns])
    if own and result.mixture is not None:
        words = say_probability(customer, own, following, 1 / distances)
        return Placement(customer, own, following, distance, beyond, margin, values, np.zeros(0), words)
    found = Placement(customer, own, following, distance, beyond, margin, values, contributions, "")
    words = _reasons(found, result) if own else _why_in_none(found, result, exceptional=code == SET_APART)
    return replace(found, sentence=words)


def what_would_move(result: Segmentation, placed: Placement, feature: str) -> Move | None:
    """Return the nearest value of a feature at which a customer would be in another segment, all else the same.

    None where no value would do that (of a mixture: none from the least to the largest in the table), and for a
    customer in no segment. The border with another segment is where both centroids are equally far; in prepared units,
    with all else the same, that is a linear equation.

    Raises
    ------
    SettingError
        The feature was not compared.

    """
    if feature not in result.features:
        msg = say(
            "{feature} was not compared. Choose from {features}.",
            feature=quote(feature),
            features=listed(result.features),
        )
        raise SettingError(msg)
    column, own, values = result.features.index(feature), placed.segment, placed.values
    if not own:
        return None
    preparation = result.preparation
    start = float(preparation.filled(values[None, : len(result.features)])[0, column])
    if result.mixture is not None:
        return _move_in_mixture(result, values, column, start)
    moves = []
    for border in _borders(result, values, column, own):
        value = _in_own_units(result, column, border)
        move = None if value is None else _just_beyond(result, values, column, start, value, own)
        if move is not None:
            moves.append(move)
    return min(moves, key=lambda move: abs(move.value - start), default=None)


def _move_in_mixture(result: Segmentation, values: Floats, column: int, start: float) -> Move | None:
    """Return what ``what_would_move`` does where a mixture scores, of the values that occur in the table."""
    reading = result.table.reading(result.features[column])
    change = nearest_change(result, values, column, start, (reading.least, reading.largest))
    return None if change is None else Move(*change)


def _borders(result: Segmentation, values: Floats, column: int, own: int) -> list[float]:
    """Return where, along a feature in prepared units, the customer leaves its segment: down and up, where it can."""
    prepared = result.preparation.apply(values[None])[0]
    squares = np.square(prepared - result.prepared_centroids)
    squares[:, column] = 0
    rest, along = squares.sum(axis=1), result.prepared_centroids[:, column]
    ahead = along - along[own - 1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # Equally far from both: (t - c)² + rest is the same for the own and for the other.
        border = (rest - rest[own - 1] + along**2 - along[own - 1] ** 2) / (2 * ahead)
    up, down = border[ahead > 0], border[ahead < 0]
    found = [float(down.max())] if len(down) else []
    found += [float(up.min())] if len(up) else []
    if np.isfinite(result.reach):
        # Between two segments it may be in none, until it is near enough to another centroid.
        near = (np.arange(result.k) != own - 1) & (rest <= result.reach**2)
        half = np.sqrt(result.reach**2 - rest[near])
        found += [*(along[near] - half).tolist(), *(along[near] + half).tolist()]
    return found


def _in_own_units(result: Segmentation, column: int, prepared: float) -> float | None:
    """Return the value of a feature that is prepared to this; None where there is none."""
    preparation = result.preparation
    if abs(prepared) > _FARTHEST:
        return None
    everywhere = np.zeros((1, len(result.features)))
    everywhere[0, column] = prepared
    with np.errstate(over="ignore"):
        value = float(preparation.invert(everywhere)[0, column])
    low, high = preparation.low[column], preparation.high[column]
    return value if np.isfinite(value) and low <= value <= high else None


def _just_beyond(
    result: Segmentation, values: Floats, column: int, start: float, border: float, own: int
) -> Move | None:
    """Return the first value that moves the customer indeed: the border itself is only as exact as floats."""
    away = 1.0 if border >= start else -1.0
    step = max(abs(border), abs(start), float(result.preparation.scale[column]) * 1e-3) * 1e-15
    changed = values.copy()
    for _ in range(20):
        changed[column] = border
        segment, _distances = place(result, changed)
        if segment not in (own, 0):
            return Move(float(border), segment)
        border, step = border + away * step, step * 4
    return None


def _reasons(found: Placement, result: Segmentation) -> str:
    own, other = found.segment, found.next_segment
    order = np.argsort(-found.contributions, kind="stable")
    speaking = found.contributions[order]
    for_it, against = speaking[speaking > 0].sum(), -speaking[speaking < 0].sum()
    needed = int(np.searchsorted(np.cumsum(speaking), _ENOUGH * for_it)) + 1
    reasons = order[: min(needed, _MOST_REASONS, int((speaking > 0).sum()))]
    who = {"customer": found.customer, "own": own, "other": other}
    if not len(reasons):
        return say("Customer {customer} lies as near to segment {other} as to its own, segment {own}.", **who)
    parts = [f"{_name(result, column)} ({_reason(found, result, column)})" for column in reasons.tolist()]
    sentences = [say("Customer {customer} is in segment {own} because of {reasons}.", **who, reasons=join_words(parts))]
    strongest = int(order[-1])
    if against > _WORTH_A_WORD * for_it:
        value = _value(found, result, strongest)
        name = capitalised(_name(result, strongest))
        sentences.append(say("{name} ({value}) points to segment {other}.", **who, name=name, value=value))
    nearer = say("{margin} nearer", margin=percent(found.margin)) if found.margin > 0 else say("hardly nearer")
    sentences.append(
        say("It is {nearer} to segment {own} than to segment {other}, the next nearest.", **who, nearer=nearer)
    )
    if least_margins(result, found.values[None], np.array([own]))[0] == 0:
        sentences.append(
            say("With the values that some similar customers have where it has none, it would be elsewhere.")
        )
    return " ".join(sentences)


def _name(result: Segmentation, column: int) -> str:
    return result.schema.label((*result.features, *result.categories)[column])


def _reason(found: Placement, result: Segmentation, column: int) -> str:
    """Say what a customer has of a compared column, and where the two centroids lie."""
    own, other, category = found.segment, found.next_segment, column - len(result.features)
    value = _value(found, result, column)
    if category >= 0:
        return f"{value}; {say_centres(result, category, float(found.values[column]), (own, other))}"
    feature = result.schema.column(result.features[column])
    centres = (written(feature, result.centroids[number - 1, column]) for number in (own, other))
    return say(
        "{value}; the centre of segment {own} lies at {here}, that of segment {other} at {there}",
        value=value, own=own, here=next(centres), other=other, there=next(centres),
    )  # fmt: skip


def _value(found: Placement, result: Segmentation, column: int) -> str:
    value, category = float(found.values[column]), column - len(result.features)
    if category >= 0:
        return say_level(result, category, value)
    if np.isnan(value):
        if result.preparation.recipe.missing == "nearest":
            return say("no value, so the mean of similar customers is used")
        return say("no value, so the median of all is used")
    return written(result.schema.column(result.features[column]), value)


def _why_in_none(found: Placement, result: Segmentation, *, exceptional: bool) -> str:
    if exceptional:
        return say(
            "Customer {customer} is in no segment: it is so unlike the others that it was set apart as exceptional. "
            "The nearest is segment {nearest}.",
            customer=found.customer, nearest=found.next_segment,
        )  # fmt: skip
    names = (*result.features, *result.categories)
    gaps = [result.schema.label(name) for name, value in zip(names, found.values, strict=True) if np.isnan(value)]
    return say(
        "Customer {customer} is in no segment: it was left out because it has no value in {columns}.",
        customer=found.customer, columns=join_words(gaps),
    )  # fmt: skip
