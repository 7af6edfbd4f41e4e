"""Questions for a survey or a call centre: ranges to choose from, and points to add up for each segment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.language import mark, say
from custseg.tables.written_values import unit_in_words, with_unit, written
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.insight.short_form import ShortForm
    from custseg.tables.column_roles import Column

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# Ranges of a number: about so many, each with so large a share of the customers, and never with fewer than FEWEST.
RANGES, _LEAST_SHARE, FEWEST = 5, 0.08, 5
# Points for each squared standard deviation by which an answer is nearer to one centroid than to the farthest one.
_POINTS = 10


@dataclass(frozen=True, eq=False)
class Question:
    """One question, and what it may be answered with.

    Attributes
    ----------
    column
        The column that is asked.
    text
        The question, as plain text.
    answers
        What to choose from, as plain text.
    ends
        The upper ends of all ranges but the last, in the column's units; nothing where levels are chosen from.
    points
        What each answer counts for each segment, answers x k; a last row is for no answer.

    """

    column: Column
    text: str
    answers: tuple[str, ...]
    ends: tuple[float, ...]
    points: Labels = field(repr=False)

    def chosen(self, values: Floats) -> Labels:
        """Return which answer (from 0) customers with these values give; the last row of the points for none."""
        if self.ends or len(self.answers) == 1:
            return np.where(np.isnan(values), len(self.answers), np.searchsorted(self.ends, values)).astype(np.intp)
        first = 1 if self.column.role == "feature" else 0
        places = values - first
        known = (places >= 0) & (places < len(self.answers))
        return np.where(known, places, len(self.answers)).astype(np.intp)


@dataclass(frozen=True, eq=False)
class Survey:
    """Questions with points: the segment with the most points is the answer, the first of those alike.

    Attributes
    ----------
    questions
        In the order in which they are asked.
    k
        How many segments there are.
    gaps_allowed
        Whether something may be left unanswered.
    right, of
        How many held-out customers the points place where all that was compared places them.

    """

    questions: tuple[Question, ...]
    k: int
    gaps_allowed: bool
    right: int = 0
    of: int = 0

    def segments(self, values: Floats) -> Labels:
        """Return the segment (from 1) that the points give customers x asked."""
        points = np.zeros((len(values), self.k), dtype=np.intp)
        for place, question in enumerate(self.questions):
            points += question.points[question.chosen(values[:, place])]
        return np.asarray(points.argmax(axis=1) + 1)

    def tested_on(self, values: Floats, labels: Labels) -> Survey:
        """Return the same with how many of these customers it places right."""
        return replace(self, right=int(np.count_nonzero(self.segments(values) == labels)), of=len(labels))

    def worded(self, wording: Mapping[str, str]) -> Survey:
        """Return the same questions in somebody's own words, by the names of columns.

        Raises
        ------
        SettingError
            A column is named that is not asked.

        """
        names = [question.column.name for question in self.questions]
        unknown = [name for name in wording if name not in names]
        if unknown:
            msg = say("{unknown} is not asked. What is asked: {names}.", unknown=quote(unknown[0]), names=listed(names))
            raise SettingError(msg)
        asked = (replace(one, text=wording.get(one.column.name, one.text)) for one in self.questions)
        return replace(self, questions=tuple(asked))

    def text(self, names: Sequence[str] = ()) -> str:
        """Return the questions as a page to read from, with the names of the segments where they are given."""
        called = names or [say("Segment {number}", number=number) for number in range(1, self.k + 1)]
        lines = [
            say(_HOW_TO),
            say(
                "Points are for {segments}.",
                segments=join_words([f"{number} {name}" for number, name in enumerate(called, start=1)]),
            ),
            say(
                "Right for {right:,} of {of:,} customers who were held out when this was made.",
                right=self.right,
                of=self.of,
            ),
        ]
        for number, question in enumerate(self.questions, start=1):
            lines += ["", f"{number}. {question.text}"]
            lines += [f"   - {answer}: {' / '.join(map(str, points))}" for answer, points in self._rows(question)]
        return "\n".join([*lines, ""])

    def frame(self, names: Sequence[str] = ()) -> pd.DataFrame:
        """Return one row for each answer: the question, the answer, and its points for each segment."""
        import pandas as pd

        called = names or [""] * self.k
        titles = [f"points for segment {number} {name}".strip() for number, name in enumerate(called, start=1)]
        rows = [
            (question.text, answer, *points) for question in self.questions for answer, points in self._rows(question)
        ]
        return pd.DataFrame(rows, columns=pd.Index(["question", "answer", *titles]))

    def _rows(self, question: Question) -> list[tuple[str, list[int]]]:
        answers = (*question.answers, say(_UNKNOWN)) if self.gaps_allowed else question.answers
        return list(zip(answers, question.points.tolist(), strict=False))


_UNKNOWN = mark("Not known")
_HOW_TO = mark(
    "For each question, take the answer that fits and add up its points for each segment. The segment with the most "
    "points in the end is the answer; of several, the first."
)


def make_survey(form: ShortForm, values: Floats) -> Survey:
    """Make the questions of a form, with ranges from customers x asked."""
    questions = (_question(form, place, values[:, place]) for place in range(len(form.positions)))
    return Survey(tuple(questions), form.segmentation.k, form.gaps_allowed)


def _question(form: ShortForm, place: int, values: Floats) -> Question:
    column, levels = form.columns[place], form.levels(place)
    unit = unit_in_words(column)
    label = capitalised(form.labels[place])
    text = (
        say("{label} (in {unit}): which of these fits best?", label=label, unit=unit)
        if unit
        else say("{label}: which of these fits best?", label=label)
    )
    if levels:
        codes = np.array([form.read(place, level) for level in levels] + [np.nan])
        return Question(column, text, tuple(map(str, levels)), (), _points(form, place, codes))
    known = values[~np.isnan(values)]
    ends = _ends(known, column, form.borders(place))
    groups = np.searchsorted(ends, known)
    typical = [float(np.median(known[groups == group])) if (groups == group).any() else np.nan
               for group in range(len(ends) + 1)]  # fmt: skip
    return Question(
        column, text, _ranges(ends, column, known), ends, _points(form, place, np.array([*typical, np.nan]))
    )


def _points(form: ShortForm, place: int, values: Floats) -> Labels:
    """Return the points of each value for each segment: the more, the nearer its centroid is than the farthest."""
    distances = form.distances_along(place, values)
    return np.asarray(np.rint(_POINTS * (distances.max(axis=1, keepdims=True) - distances)), dtype=np.intp)


def _ends(known: Floats, column: Column, borders: Floats) -> tuple[float, ...]:
    """Return the upper ends of all ranges but the last: round numbers, with enough customers between them.

    They are the borders between centroids, and between these what parts the customers evenly.
    """
    if not len(known):
        return ()
    evenly = np.quantile(known, np.arange(1, RANGES) / RANGES)
    ends: list[float] = []
    for value in (*borders, *evenly):
        end = _round(float(value), column)
        parted = np.diff([0, *(np.count_nonzero(known <= one) for one in sorted({*ends, end})), len(known)])
        if end not in ends and parted.min() >= max(FEWEST, _LEAST_SHARE * len(known)):
            ends.append(end)
    return tuple(sorted(ends))


def _round(value: float, column: Column) -> float:
    """Round to two digits; years and what is counted to whole numbers."""
    if column.quantity == "year" or value == 0:
        return float(round(value))
    digits = 1 - int(np.floor(np.log10(abs(value))))
    rounded = round(value, digits)
    return float(np.floor(value)) if column.quantity == "whole" and abs(value) < 100 else float(rounded)


def _ranges(ends: tuple[float, ...], column: Column, known: Floats) -> tuple[str, ...]:
    """Write the ranges for people, no two of which can both fit."""

    def value(number: float) -> str:
        return with_unit(written(column, number), column, sign_only=True)

    if not ends:
        return (say("Any"),)
    lowest = say("Up to {value}", value=value(ends[0]))
    if column.quantity in ("whole", "year"):
        steps = [(int(low) + 1, int(high)) for low, high in pairwise(ends)]
        between = [
            value(low) if low == high else say("{low} to {high}", low=value(low), high=value(high))
            for low, high in steps
        ]
        first = value(ends[0]) if ends[0] == 0 and not (known < 0).any() else lowest
        return (first, *between, say("{value} or more", value=value(ends[-1] + 1)))
    between = [say("More than {low}, up to {high}", low=value(low), high=value(high)) for low, high in pairwise(ends)]
    return (lowest, *between, say("More than {value}", value=value(ends[-1])))
