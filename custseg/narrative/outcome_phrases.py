"""What became of the customers of a segment, in words: “48% left, 1.8 times the average (95% interval 46 to 50%)”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.insight.outcomes import TELLING_FACTOR
from custseg.language import mark, say
from custseg.narrative.claims import Claim, Phrase
from custseg.tables.outcome_words import event_in_words
from custseg.wording import AVERAGE, count, fixed, multiple, percent, percentage, read_back

if TYPE_CHECKING:
    from custseg.insight.outcomes import Outcome
    from custseg.insight.profile import Profile

# How many decimals of a percentage a share needs, or what is left to 1, from each of these on; less needs one more.
_DECIMALS = ((0.1, 0), (0.001, 1), (0.0001, 2))
_MOST_DECIMALS = 3


def outcome_phrases(profile: Profile, position: int) -> tuple[Phrase, ...]:
    """Return a phrase, with its claim, for each outcome column of the table; a full stop makes it a sentence.

    ``position`` is the segment's, from 0. Of a column with more than two levels it is about the event, or where none is
    the event, about the level that most sets the segment apart.
    """
    columns: dict[str, list[Outcome]] = {}
    for outcome in profile.outcomes:
        columns.setdefault(outcome.column, []).append(outcome)
    return tuple(_phrase(_most_telling(outcomes, position), position) for outcomes in columns.values())


def _most_telling(outcomes: list[Outcome], position: int) -> Outcome:
    """Return the main outcome of a column, else what is far more frequent here than elsewhere, else the usual one."""

    def rank(outcome: Outcome) -> tuple[bool, float, int]:
        lift = float(outcome.lifts[position])
        return outcome.main, lift if outcome.telling[position] and lift > 1 else 0.0, int(outcome.events.sum())

    return max(outcomes, key=rank)


def _phrase(outcome: Outcome, position: int) -> Phrase:
    if not outcome.known[position]:
        return Phrase(say("{label} is not known for any customer here", label=outcome.label))
    here = _written(float(outcome.shares[position]), _decimals(float(outcome.shares[position])))
    if outcome.said:
        happened = say("{share} {did}", share=here, did=event_in_words(outcome.said))
    else:
        happened = say("{event} for {share}", event=outcome.words, share=here)
    brief = say("{happened}, {compared}", happened=happened, compared=_compared(outcome, position, here))
    text = say("{happened} ({sure})", happened=brief, sure=_how_sure(outcome, position))
    return Phrase(text, _claim(outcome, position), brief)


def _compared(outcome: Outcome, position: int, here: str) -> str:
    """Say how a share compares with that of all, as far as chance does not explain it."""
    share, overall, lift = float(outcome.shares[position]), outcome.overall, float(outcome.lifts[position])
    telling, least = bool(outcome.telling[position]), _decimals(overall)
    if telling and lift >= TELLING_FACTOR:
        return multiple(lift, AVERAGE)
    if not outcome.differs[position]:
        average = _written(overall, least)
        if average == here:
            return say("about the average")
        return say("not clearly different from the average of {average}", average=average)
    # What differs shall not read as if it were the same.
    average = next(
        (text for decimals in range(least, _MOST_DECIMALS + 1) if (text := _written(overall, decimals)) != here), here
    )
    if share > overall:
        message = mark("more than the average of {average}"), mark("slightly more than the average of {average}")
    else:
        message = mark("less than the average of {average}"), mark("slightly less than the average of {average}")
    return say(message[not telling], average=average)


def _how_sure(outcome: Outcome, position: int) -> str:
    share, missing = float(outcome.shares[position]), int(outcome.missing[position])
    low, high = outcome.intervals[position].tolist()
    decimals = _decimals(high - low if share in (0, 1) else share)
    low, high = fixed(100 * low, decimals), fixed(100 * high, decimals)
    interval = say("95% interval {low} to {high}", low=low, high=percentage(high))
    if not missing:
        return interval
    return say("{interval}; not known for {customers}", interval=interval, customers=count(missing, "customer"))


def _claim(outcome: Outcome, position: int) -> Claim:
    low, high = outcome.intervals[position].tolist()
    return Claim(
        position + 1,
        "share of outcome",
        outcome.column,
        float(outcome.shares[position]),
        outcome.overall,
        int(outcome.known[position]),
        int(outcome.known.sum()),
        category=outcome.event,
        interval=(low, high),
        said=outcome.said,
        telling=bool(outcome.telling[position]),
        label="" if outcome.label == outcome.column else outcome.label,
    )


def _decimals(share: float) -> int:
    smaller = min(share, 1 - share)
    return 0 if smaller == 0 else next((few for least, few in _DECIMALS if smaller >= least), _MOST_DECIMALS)


def _written(share: float, decimals: int) -> str:
    """Write a share; where it would round to 0 or 100, as “under 1%” and “over 99%”."""
    rounded = read_back(fixed(100 * share, decimals))
    if decimals == 0 or share in (0, 1) or rounded in (0, 100):
        return percent(share)
    return percentage(fixed(100 * share, decimals))
