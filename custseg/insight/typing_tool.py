"""The typing tool: the fewest questions that place a customer as all that was compared does, and how often they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.insight.rule_search import hold_out
from custseg.insight.short_form import ShortForm
from custseg.insight.survey import Survey, make_survey
from custseg.language import say, say_many
from custseg.settings import check_seed, check_share
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT
from custseg.wording import as_written, count, escape_markdown, paragraphs_as_html, percent, untypeset

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.short_form import Given

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

MOST_CUSTOMERS, MOST_QUESTIONS = 6_000, 10
CONFIDENCE = 0.95
# How often a form should be right to be suggested.
TARGET = 0.9
# A customer whose nearest centroid is not nearer by this part than the next lies close to a border.
_CLOSE = 0.2
# A share of fewer held-out customers than this is not said.
_FEWEST = 10


class Share(NamedTuple):
    """How many of some held-out customers were placed right."""

    right: int
    of: int

    @property
    def part(self) -> float:
        """The share, 0 to 1; 0 of nobody."""
        return self.right / max(self.of, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval ("Probable Inference, the Law of Succession, and Statistical Inference", 1927), 95%."""
        from scipy.stats import binomtest

        if not self.of:
            return 0.0, 1.0
        found = binomtest(self.right, self.of).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True, eq=False)
class Answer:
    """Where a customer belongs by what was answered.

    Attributes
    ----------
    segment, next_segment
        The segment, from 1, and the one whose centroid is next.
    margin
        1 - distance / distance to the next: 0 on the border, 1 at the centroid.
    right
        How many of the held-out customers that were placed there, and lay as close to a border or not, belonged there.

    """

    segment: int
    next_segment: int
    margin: float
    right: Share

    @property
    def close(self) -> bool:
        """Whether it lies close to the border with the next segment."""
        return self.margin < _CLOSE

    @property
    def sureness(self) -> str:
        """How sure that is, as a sentence."""
        where = (
            say("close to segment {next_segment}", next_segment=self.next_segment) if self.close else say("as clearly")
        )
        if self.right.of < _FEWEST:
            return say(
                "Too few customers who were held out were placed there {where} to say how often that is right.",
                where=where,
            )
        return say(
            "Of those who were held out and placed there {where}, {part} belong there ({right:,} of {of:,}).",
            where=where,
            part=percent(self.right.part),
            right=self.right.right,
            of=self.right.of,
        )


@dataclass(frozen=True, eq=False)
class TypingForm:
    """Some questions, and how often they place customers as the whole model does.

    Attributes
    ----------
    form
        What is asked, and how a customer is placed by it.
    placed
        How many of the held-out customers are placed where all that was compared places them.
    survey
        The same questions with ranges to choose from and points to add up, which place customers a little less well.
    matrix
        Held-out customers by whether they lie close to a border (0 or 1), their segment, and where they are placed.

    """

    form: ShortForm
    placed: Share
    survey: Survey
    matrix: Labels = field(repr=False)

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self.form.positions)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are asked."""
        return tuple(column.name for column in self.form.columns)

    @cached_property
    def by_survey(self) -> Share:
        """How many of the held-out customers the points place right."""
        return Share(self.survey.right, self.placed.of)

    @property
    def sentence(self) -> str:
        """How often it is right."""
        low, high = self.placed.interval
        return say_many(
            "{quantity:,} question places {part} of customers as the whole model does ({right:,} of {of:,} held out; "
            "{low} to {high} with {CONFIDENCE} confidence).",
            "{quantity:,} questions place {part} of customers as the whole model does ({right:,} of {of:,} held out; "
            "{low} to {high} with {CONFIDENCE} confidence).",
            self.questions,
            part=percent(self.placed.part),
            right=self.placed.right,
            of=self.placed.of,
            low=percent(low),
            high=percent(high),
            CONFIDENCE=percent(CONFIDENCE),
        )

    @property
    def weakest(self) -> str:
        """For which segment it is right least often, as a sentence; empty where it is right for all alike.

        A segment of which hardly anybody was held out says nothing of that.
        """
        matrix = self.matrix.sum(axis=0)
        held, right = matrix.sum(axis=1), np.diag(matrix)
        shares = np.divide(right, held, out=np.ones(len(held)), where=held >= _FEWEST)
        least = int(shares.argmin())
        if shares[least] == shares.max():
            return ""
        return say(
            "It is right least often for segment {least}: {right:,} of {held:,}.",
            least=least + 1,
            right=right[least],
            held=held[least],
        )

    def answer(self, given: Mapping[str, Given]) -> Answer:
        """Place a customer by what it has of the columns that are asked.

        What is not answered, or is an empty text, counts as no value.

        Raises
        ------
        SettingError
            Something is answered that is not asked.
        DataError
            A column can't have what was answered.

        """
        unknown = [name for name in given if name not in self.columns]
        if unknown:
            msg = say(
                "{unknown} is not asked. What is asked: {columns}.",
                unknown=quote(unknown[0]),
                columns=listed(self.columns),
            )
            raise SettingError(msg)
        read = [self.form.read(place, given.get(name)) for place, name in enumerate(self.columns)]
        distances = self.form.distances(np.array([read]))
        order = np.argsort(distances[0], kind="stable")
        segment, following = (int(position) + 1 for position in order[:2])
        margin = float(_margins(distances)[0])
        column = self.matrix[int(margin < _CLOSE), :, segment - 1]
        return Answer(segment, following, margin, Share(int(column[segment - 1]), int(column.sum())))


@dataclass(frozen=True, eq=False)
class TypingTool:
    """Forms of 1, 2, 3, ... questions, each with one more, and how often each is right of customers held out.

    What is asked, and how many questions are suggested, was chosen by the other customers alone. The segments were
    found on those held out too: of 440 customers without any groups, that has a form look right about two percentage
    points more often than it is of customers who come later, and of thousands hardly.

    Attributes
    ----------
    segmentation
        The segments.
    forms
        The forms, the shortest first.
    suggested
        How many questions are enough: the fewest that place as many of the customers they were chosen by as was asked
        for, else the most there are.
    base
        How often naming the largest segment would be right of those held out.
    chosen_by
        How many customers the questions were chosen by.
    held_out
        The identifiers of those held out.

    """

    segmentation: Segmentation
    forms: tuple[TypingForm, ...]
    suggested: int
    base: Share
    chosen_by: int
    held_out: npt.NDArray[np.object_] = field(repr=False)

    @property
    def form(self) -> TypingForm:
        """The form that is suggested."""
        return self.forms[self.suggested - 1]

    @property
    def sentence(self) -> str:
        """How often the suggested form is right, beside naming the largest segment."""
        base = say("Always naming the largest segment would be right for {part}.", part=percent(self.base.part))
        return " ".join(filter(None, (self.form.sentence, self.form.weakest, base)))

    @property
    def note(self) -> str:
        """On whom the questions were tested."""
        return say(
            "The questions were chosen by {chosen_by} and tested on {count:,} others. These helped to "
            "find the segments, so of customers who come later the questions may be right a little less "
            "often.",
            chosen_by=count(self.chosen_by, "customer"),
            count=len(self.held_out),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each number of questions: what is asked too, and how often that is right of those held out."""
        import pandas as pd

        return pd.DataFrame(
            {
                "asked too": [form.form.labels[-1] for form in self.forms],
                "right": [form.placed.part for form in self.forms],
                "low": [form.placed.interval[0] for form in self.forms],
                "high": [form.placed.interval[1] for form in self.forms],
                "right by points": [form.by_survey.part for form in self.forms],
            },
            index=pd.Index([form.questions for form in self.forms], name="questions"),
        )

    def _repr_html_(self) -> str:
        frame = self.frame.map(lambda cell: percent(cell) if isinstance(cell, float) else cell)
        return as_written(paragraphs_as_html([self.sentence, self.note]) + frame.to_html())

    def _repr_markdown_(self) -> str:
        return untypeset("\n\n".join(map(escape_markdown, (self.sentence, self.note))))


def find_typing_tool(
    segmentation: Segmentation, *, most: object = MOST_QUESTIONS, target: float = TARGET, seed: int | None = 0
) -> TypingTool:
    """Find the fewest questions that place a customer as all that was compared does.

    A customer gets the segment whose centroid is nearest along the columns that are asked. These are chosen one by one:
    each is the one that places most customers right together with those before. That goes by two thirds of the
    customers (of up to 6,000 at random); how often each form is right is said of the others, the third of each segment
    that was held out. The segments themselves were found on all of them.

    Parameters
    ----------
    segmentation
        The segments.
    most
        The most questions to try.
    target
        How often the suggested form should be right, 0 to 1.
    seed
        Draws those held out.

    Raises
    ------
    SettingError
        A setting cannot be used.

    """
    if isinstance(most, bool) or not isinstance(most, Integral) or most < 1:
        msg = say(
            "The most questions must be a whole number, 1 or more, but got {most}. Choose a number such as 5.",
            most=quote(most),
        )
        raise SettingError(msg)
    target = check_share(target)
    generator = np.random.default_rng(check_seed(seed))
    sample = segmentation.segmented_sample(MOST_CUSTOMERS, seed or 0)
    values, labels = sample.matrix(segmentation.compared), segment_numbers(sample.labels[SEGMENT])
    held = hold_out(labels, segmentation.k, generator)
    known, tested = _Group(values[~held], labels[~held]), _Group(values[held], labels[held])
    positions, shares = _choose(segmentation, known, int(most))
    forms = tuple(
        _test(ShortForm(segmentation, positions[:questions]), known, tested)
        for questions in range(1, len(positions) + 1)
    )
    enough = next((place for place, right in enumerate(shares, start=1) if right >= target), len(forms))
    largest = int(np.bincount(known.labels, minlength=segmentation.k + 1)[1:].argmax()) + 1
    base = Share(int(np.count_nonzero(tested.labels == largest)), len(tested.labels))
    return TypingTool(segmentation, forms, enough, base, len(known.labels), sample.identifiers[held])


class _Group(NamedTuple):
    """Some customers x compared, and the segment of each."""

    own: Floats
    labels: Labels


def _choose(segmentation: Segmentation, known: _Group, most: int) -> tuple[tuple[int, ...], list[float]]:
    """Choose columns one by one, and return with each how often they place these customers right."""
    columns = len(segmentation.compared)
    along = [
        ShortForm(segmentation, (position,)).distances_along(0, known.own[:, position]) for position in range(columns)
    ]
    so_far, left = np.zeros_like(along[0]), list(range(columns))
    chosen: list[int] = []
    shares: list[float] = []
    while left and len(chosen) < most:
        right = [float((((so_far + along[one]).argmin(axis=1) + 1) == known.labels).mean()) for one in left]
        best = left.pop(int(np.argmax(right)))
        so_far = so_far + along[best]
        chosen.append(best)
        shares.append(max(right))
    return tuple(chosen), shares


def _test(form: ShortForm, known: _Group, tested: _Group) -> TypingForm:
    """Place those held out by a form, and by its survey, which is made of those it was chosen by."""
    k, asked = form.segmentation.k, list(form.positions)
    distances = form.distances(tested.own[:, asked])
    placed, close = distances.argmin(axis=1), _margins(distances) < _CLOSE
    matrix = np.zeros((2, k, k), dtype=np.intp)
    np.add.at(matrix, (close.astype(np.intp), tested.labels - 1, placed), 1)
    right = Share(int(np.count_nonzero(placed + 1 == tested.labels)), len(placed))
    survey = make_survey(form, known.own[:, asked])
    return TypingForm(form, right, survey.tested_on(tested.own[:, asked], tested.labels), matrix)


def _margins(distances: Floats) -> Floats:
    """Return 1 - distance / next distance of squared distances, customers x k; 0 where both are none."""
    nearest = np.sqrt(np.partition(distances, 1, axis=1)[:, :2])
    return 1 - np.divide(nearest[:, 0], nearest[:, 1], out=np.ones(len(nearest)), where=nearest[:, 1] > 0)
