"""Compare what two documents of a report say, figure by figure and sentence by sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.language import say
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
        return say(
            "{what}: the report says “{said}”, and it is “{found}”.", what=self.what, said=self.said, found=self.found
        )


def compare_documents(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    """Yield a check for each figure and each sentence of a document."""
    yield from _compare_columns(said, found)
    known = {grouping.k: grouping for grouping in found.groupings}
    told = [grouping.k for grouping in said.groupings]
    yield _texts(say("The numbers of segments"), [", ".join(map(str, told))], [", ".join(map(str, sorted(known)))])
    for grouping in said.groupings:
        if grouping.k in known:
            yield from _compare_groupings(said, grouping, known[grouping.k])
    yield _same(say("What pictures are drawn of"), _pictured(said), _pictured(found))
    yield _same(say("How a new customer is compared"), _compared(said), _compared(found))
    yield from _compare_categories(said, found)
    yield _texts(say("How the result was made"), said.said_how, found.said_how)
    yield _texts(say("What was left out"), said.left_out, found.left_out)


def _compare_columns(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    names = [column.title for column in said.columns]
    yield _texts(say("The columns"), [", ".join(names)], [", ".join(column.title for column in found.columns)])
    for one, other in zip(said.columns, found.columns, strict=False):
        yield _numbers(say("{column} on average", column=one.title), one.mean, other.mean)
        yield _texts(say("{column} on average, as written", column=one.title), [one.written], [other.written])


def _compare_categories(said: ReportDocument, found: ReportDocument) -> Iterator[Check]:
    names = [[level.level for category in each.categories for level in category.levels] for each in (said, found)]
    yield _texts(say("The levels of categories"), *names)
    for one, other in zip(said.categories, found.categories, strict=False):
        for ours, theirs in zip(one.levels, other.levels, strict=False):
            what = say("{column}, {level}, by segment", column=one.title, level=ours.level)
            yield _same(what, ours.shares, theirs.shares)


def _compare_groupings(document: ReportDocument, said: Grouping, found: Grouping) -> Iterator[Check]:
    at = say("At {k} segments", k=said.k)
    numbers = [", ".join(group.numbers for group in each.groups) for each in (said, found)]
    yield _texts(say("{at}, those that are told apart", at=at), numbers[:1], numbers[1:])
    yield _same(say("{at}, who is in which", at=at), list(said.of_blocks), list(found.of_blocks))
    for one, other in zip(said.groups, found.groups, strict=False):
        yield from _compare_groups(document, say("{at}, segment {numbers}", at=at, numbers=one.numbers), one, other)


def _compare_groups(document: ReportDocument, at: str, said: Group, found: Group) -> Iterator[Check]:
    yield _numbers(say("{at}, customers", at=at), said.customers, found.customers)
    yield _numbers(say("{at}, share of customers", at=at), said.share, found.share)
    yield _numbers(say("{at}, share of spend", at=at), said.spend_share, found.spend_share)
    titles = [column.title for column in document.columns]
    for title, one, other in zip(titles, said.means, found.means, strict=False):
        yield _numbers(say("{at}, {column} on average", at=at, column=title), one, other)
    yield _texts(say("{at}, averages as written", at=at), said.written, found.written)
    yield _same(say("{at}, its centroid", at=at), list(said.place), list(found.place))
    yield _texts(say("{at}, headline", at=at), [said.headline], [found.headline])
    yield _texts(say("{at}, facts", at=at), said.facts, found.facts)
    yield _texts(say("{at}, conclusion", at=at), [said.conclusion], [found.conclusion])
    actions = [[f"{action.area}: {action.text}" for action in group.actions] for group in (said, found)]
    yield _texts(say("{at}, what to do", at=at), *actions)


def _pictured(document: ReportDocument) -> list[float | None]:
    held = document.pictured
    return [*held.counts, *(mean for column in held.means for mean in column)]


def _compared(document: ReportDocument) -> list[float | None]:
    form = document.comparing
    return [*form.columns, *form.scales, *form.knees]


def _numbers(what: str, said: float | None, found: float | None) -> Check:
    return Check(what, _written(said), _written(found), holds=_close(said, found))


def _written(value: float | None) -> str:
    return say("nothing") if value is None else number(value)


def _same(what: str, said: Sequence[float | None], found: Sequence[float | None]) -> Check:
    same = len(said) == len(found) and all(map(_close, said, found))
    return Check(what, say("other numbers") if not same else "", "", holds=same)


def _close(said: float | None, found: float | None) -> bool:
    if said is None or found is None:
        return said is found
    return math.isclose(said, found, rel_tol=_CLOSE, abs_tol=_CLOSE**2)


def _texts(what: str, said: Sequence[str], found: Sequence[str]) -> Check:
    return Check(what, " ".join(said), " ".join(found), holds=list(said) == list(found))
