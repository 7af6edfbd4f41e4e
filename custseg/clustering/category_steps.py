"""What was done to categories so that they take part, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.category_coding import Indicators, RankScores
from custseg.language import say, say_many
from custseg.tables.levels import MOST_LEVELS
from custseg.wording import capitalised, count, join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custseg.clustering.category_coding import CategoryCoding
    from custseg.clustering.recipe import Recipe


def describe_categories(
    codings: tuple[CategoryCoding, ...],
    missing: tuple[int, ...],
    recipe: Recipe,
    called: Mapping[str, str],
) -> tuple[str, ...]:
    """Say which categories are compared and how, and what became of rare and missing levels.

    ``missing`` is how many customers have no value of each; ``called`` is what people call columns.
    """
    if not codings:
        return (say("No category could be compared: the table has none that differs."),) if recipe.categories else ()
    names = join_words([_name(coding, called) for coding in codings])
    heading = say(
        "Categories compared too: {names}. Unless it has a weight, each counts as one number at most.", names=names
    )
    ranked = [coding for coding in codings if isinstance(coding, RankScores)]
    steps = [
        say(
            "{category} counts by rank: {levels}.",
            category=capitalised(_name(coding, called)),
            levels=_in_order(coding.category.level.levels),
        )
        for coding in ranked
    ]
    steps += [
        say_many(
            "{category}: the {most} most frequent levels are told apart, {quantity:,} rarer one counts as one.",
            "{category}: the {most} most frequent levels are told apart, {quantity:,} rarer ones count as one.",
            coding.category.merged,
            category=capitalised(_name(coding, called)),
            most=MOST_LEVELS,
        )
        for coding in codings
        if coding.category.merged
    ]
    return (heading, *steps, *_gaps(codings, missing, recipe, called))


def _name(coding: CategoryCoding, called: Mapping[str, str]) -> str:
    return called.get(coding.category.column, coding.category.column)


def _in_order(levels: Iterable[str | None]) -> str:
    return ", ".join(str(level) for level in levels)


def _gaps(
    codings: tuple[CategoryCoding, ...], missing: tuple[int, ...], recipe: Recipe, called: Mapping[str, str]
) -> list[str]:
    """Say where no value counts as a level, and where it was filled, or its customer left out."""
    steps = []
    own = [_name(coding, called) for coding in codings if isinstance(coding, Indicators) and _has_gap_level(coding)]
    if own:
        steps.append(say("No value counts as a level of its own in {names}.", names=join_words(own)))
    for coding, gaps in zip(codings, missing, strict=True):
        if gaps and recipe.missing == "drop":
            steps.append(
                say(
                    "{customers} left out because of a missing value in {category}.",
                    customers=count(gaps, "customer"),
                    category=_name(coding, called),
                )
            )
        elif gaps:
            steps.append(
                say(
                    "{values} in {category} filled with the median rank.",
                    values=count(gaps, "missing value"),
                    category=_name(coding, called),
                )
            )
    return steps


def _has_gap_level(coding: Indicators) -> bool:
    return None in coding.category.level.levels
