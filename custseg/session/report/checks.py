"""Compare what two documents of a report say, figure by figure and sentence by sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custseg.session.report.document import Group, Grouping, ReportDocument

# As close as sums are that were added up in another order, on another machine.
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a report says: about what, what it says, what was found, and whether that is the same."""

    what: str
    said: str
    found: str
    holds: bool

    @property
    def sentence(self) -> str:
        """What does not hold, in a sentence."""
        return f"{self.what}: the report says “{self.said}”, and it is “{self.found}”."


def compare_documents(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    """Yield a check for each figure and each sentence of a document."""
    yield from _compare_columns(said, found)
    known = {grouping.k: grouping for grouping in found.groupings}
    told = [grouping.k for grouping in said.groupings]
    yield _texts("The numbers of segments", [", ".join(map(str, told))], [", ".join(map(str, sorted(known)))])
    for grouping in said.groupings:
        if grouping.k in known:
            yield from _compare_groupings(said, grouping, known[grouping.k])
    yield _same("What pictures are drawn of", _pictured(said), _pictured(found))
    yield _same("How a new customer is compared", _compared(said), _compared(found))
    yield from _compare_categories(said, found)
    yield _texts("How the result was made", said.said_how, found.said_how)
    yield _texts("What was left out", said.left_out, found.left_out)


def _compare_columns(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    names = [column.title for column in said.columns]
    yield _texts("The columns", [", ".join(names)], [", ".join(column.title for column in found.columns)])
    for one, other in zip(said.columns, found.columns, strict=False):
        yield _numbers(f"{one.title} on average", one.mean, other.mean)
        yield _texts(f"{one.title} on average, as written", [one.written], [other.written])


def _compare_categories(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    names = [[level.level for category in each.categories for level in category.levels] for each in (said, found)]
    yield _texts("The levels of categories", *names)
    for one, other in zip(said.categories, found.categories, strict=False):
        for ours, theirs in zip(one.levels, other.levels, strict=False):
            yield _same(f"{one.title}, {ours.level}, by segment", ours.shares, theirs.shares)


def _compare_groupings(document: ReportDocument, said: Grouping, found: Grouping) -> Iterator[Check]:
    at = f"At {said.k} segments"
    numbers = [", ".join(group.numbers for group in each.groups) for each in (said, found)]
    yield _texts(f"{at}, those that are told apart", numbers[:1], numbers[1:])
    yield _same(f"{at}, who is in which", list(said.of_blocks), list(found.of_blocks))
    for one, other in zip(said.groups, found.groups, strict=False):
        yield from _compare_groups(document, f"{at}, segment {one.numbers}", one, other)


def _compare_groups(document: ReportDocument, at: str, said: Group, found: Group) -> Iterator[Check]:
    yield _numbers(f"{at}, customers", said.customers, found.customers)
    yield _numbers(f"{at}, share of customers", said.share, found.share)
    yield _numbers(f"{at}, share of spend", said.spend_share, found.spend_share)
    titles = [column.title for column in document.columns]
    for title, one, other in zip(titles, said.means, found.means, strict=False):
        yield _numbers(f"{at}, {title} on average", one, other)
    yield _texts(f"{at}, averages as written", said.written, found.written)
    yield _same(f"{at}, its centroid", list(said.place), list(found.place))
    yield _texts(f"{at}, headline", [said.headline], [found.headline])
    yield _texts(f"{at}, facts", said.facts, found.facts)
    yield _texts(f"{at}, conclusion", [said.conclusion], [found.conclusion])
    actions = [[f"{action.area}: {action.text}" for action in group.actions] for group in (said, found)]
    yield _texts(f"{at}, what to do", *actions)


def _pictured(document: ReportDocument) -> list[float | None]:
    held = document.pictured
    return [*held.counts, *(mean for column in held.means for mean in column)]


def _compared(document: ReportDocument) -> list[float | None]:
    form = document.comparing
    return [*form.columns, *form.scales, *form.knees]


def _numbers(what: str, said: float | None, found: float | None) -> Check:
    return Check(what, _written(said), _written(found), holds=_close(said, found))


def _written(value: float | None) -> str:
    return "nothing" if value is None else number(value)


def _same(what: str, said: Sequence[float | None], found: Sequence[float | None]) -> Check:
    same = len(said) == len(found) and all(map(_close, said, found))
    return Check(what, "other numbers" if not same else "", "", holds=same)


def _close(said: float | None, found: float | None) -> bool:
    if said is None or found is None:
        return said is found
    return math.isclose(said, found, rel_tol=_CLOSE, abs_tol=_CLOSE**2)


def _texts(what: str, said: Sequence[str], found: Sequence[str]) -> Check:
    return Check(what, " ".join(said), " ".join(found), holds=list(said) == list(found))
