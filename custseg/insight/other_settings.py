"""Other defensible settings for the same question: one change to those of a result, or two at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from custseg.clustering.recipe import AUTO
from custseg.clustering.segmentation import segment
from custseg.language import mark, say
from custseg.settings import K_RANGE, LARGEST_SEED
from custseg.tables.skewness import skewed_features
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation

Kind = Literal["transform", "scaling", "outliers", "column", "k", "seed"]
# What people call each kind, and last, two changes at once.
KINDS = {
    "transform": mark("Skew"),
    "scaling": mark("Scale"),
    "outliers": mark("Outliers"),
    "column": mark("Left out"),
    "k": mark("Segments"),
    "seed": mark("Seed"),
    "pair": mark("Two changes"),
}
# So many settings are tried, where there are as many; of more columns than this, those that decided most are left out.
MOST_SETTINGS, MOST_LEFT_OUT = 64, 24
_SEEDS = 2
_WINSORISED, _EXCEPTIONAL = (0.01, 0.99), 4.0
_SCALINGS = {
    "standard": mark("when standardised"), "robust": mark("when scaled robustly"),
    "minmax": mark("when scaled by range"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deviation:
    """One change to the settings of a result.

    Attributes
    ----------
    kind
        What is changed; two of a kind exclude each other.
    words
        The change, to stand after what happens under it: “without Frozen”.
    needs
        The opposite, to stand after “only”: “with Frozen”; empty where there is more than one.
    recipe
        What differs in the recipe.
    left_out
        The column that is not compared; None where all are.
    k, seed
        What they are; None as in the result.

    """

    kind: Kind
    words: str
    needs: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict, hash=False)
    left_out: str | None = None
    k: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class OtherSetting:
    """The settings of a result but for one or two deviations."""

    deviations: tuple[Deviation, ...]

    @property
    def words(self) -> str:
        """What is different: “without Frozen, with 5 segments”."""
        return ", ".join(deviation.words for deviation in self.deviations)

    @property
    def kind(self) -> str:
        """Which of KINDS it is."""
        return self.deviations[0].kind if len(self.deviations) == 1 else "pair"

    def segment(self, result: Segmentation) -> Segmentation:
        """Segment the customers of a result so. Raises DataError and SettingError as ``segment`` does."""
        features, recipe, k, seed = result.features, result.preparation.recipe, result.k, result.seed
        for deviation in self.deviations:
            recipe = replace(recipe, **deviation.recipe)
            features = tuple(name for name in features if name != deviation.left_out)
            k, seed = deviation.k or k, seed if deviation.seed is None else deviation.seed
        return segment(result.part.table, features=features, k=k, seed=seed, recipe=recipe, engine=result.part.engine)


def other_settings(result: Segmentation, seed: int = 0) -> tuple[OtherSetting, ...]:
    """Return up to MOST_SETTINGS other settings for a result: each deviation alone, then pairs of different kinds.

    The deviations are skewed features evened out or as they are; the two other scalings; outliers moved to the 1% and
    99% quantiles, and customers beyond 4 times the typical distance set apart; each compared column left out; one
    segment more and one less; two other seeds. Pairs are drawn so that each deviation is in about as many of them; a
    seed stands alone.
    """
    generator = np.random.default_rng(seed)
    deviations = _deviations(result, generator)
    singles = [OtherSetting((deviation,)) for deviation in deviations][:MOST_SETTINGS]
    wanted = MOST_SETTINGS - len(singles)
    return (*singles, *(OtherSetting(pair) for pair in _balanced_pairs(deviations, wanted, generator)))


def _deviations(result: Segmentation, generator: np.random.Generator) -> list[Deviation]:
    recipe = result.preparation.recipe
    seeds = generator.integers(LARGEST_SEED, size=_SEEDS, endpoint=True).tolist()
    return [
        *_transforms(result),
        *(
            Deviation("scaling", say(words), recipe={"scaling": scaling})
            for scaling, words in _SCALINGS.items()
            if scaling != recipe.scaling
        ),
        *_treatments_of_outliers(recipe),
        *_columns_left_out(result),
        *(
            Deviation("k", say("with {segments}", segments=count(k, "segment")), k=k)
            for k in (result.k - 1, result.k + 1)
            if K_RANGE[0] <= k <= K_RANGE[1]
        ),
        *(Deviation("seed", say("with another seed"), seed=other) for other in seeds if other != result.seed),
    ]


def _transforms(result: Segmentation) -> Iterator[Deviation]:
    """Take back the transform where there is one; else offer that of skewed features, where some are."""
    with_it, without_it = say("with skewed amounts evened out"), say("with skewed amounts as they are")
    if result.preparation.evening.evened.any():
        yield Deviation("transform", without_it, with_it, {"log": ()})
    elif skewed_features(result.part.table.matrix(result.features), result.features):
        yield Deviation("transform", with_it, without_it, {"log": AUTO})


def _treatments_of_outliers(recipe: Recipe) -> Iterator[Deviation]:
    as_they_are: dict[str, Any] = {"winsorise": None, "exceptional": None}
    if recipe.winsorise is not None or recipe.exceptional is not None:
        yield Deviation("outliers", say("with outliers as they are"), recipe=as_they_are)
    if recipe.winsorise is None:
        moved = as_they_are | {"winsorise": _WINSORISED}
        yield Deviation("outliers", say("with outliers moved in"), recipe=moved)
    if recipe.exceptional is None:
        apart = as_they_are | {"exceptional": _EXCEPTIONAL}
        yield Deviation("outliers", say("with exceptional customers set apart"), recipe=apart)


def _columns_left_out(result: Segmentation) -> Iterator[Deviation]:
    """Leave out each compared column; the features can't all be left out."""
    ranked = [name for name, _ in result.influence.ranked][:MOST_LEFT_OUT]
    for name in (*result.features, *result.categories):
        if name not in ranked or result.features == (name,):
            continue
        label = result.schema.label(name)
        others = tuple(other for other in result.categories if other != name) or False
        change = {"categories": others} if name in result.categories else {}
        yield Deviation(
            "column", say("without {column}", column=label), say("with {column}", column=label), change, left_out=name
        )


def _balanced_pairs(
    deviations: list[Deviation], wanted: int, generator: np.random.Generator
) -> Iterator[tuple[Deviation, ...]]:
    """Draw pairs of different kinds, next always one of which both were drawn least."""
    pairs = [
        pair
        for pair in combinations([one for one in deviations if one.kind != "seed"], 2)
        if pair[0].kind != pair[1].kind
    ]
    pairs = [pairs[place] for place in generator.permutation(len(pairs))]
    drawn: Counter[str] = Counter()
    for _ in range(min(wanted, len(pairs))):
        pair = min(pairs, key=lambda pair: sum(drawn[one.words] for one in pair))
        pairs.remove(pair)
        drawn.update(one.words for one in pair)
        yield pair
