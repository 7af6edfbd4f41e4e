"""Names for segments: how much is spent, what is bought, who they are; no two the same, none against another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custseg.narrative.playbook import is_product
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from custseg.narrative.contrasts import Contrast
    from custseg.narrative.playbook import Playbook, Product, Trait
    from custseg.narrative.segment_description import Portrait

_MOST = 2


@dataclass(frozen=True, slots=True)
class _Name:
    """What a segment is called, and what a reader takes from it, in whatever order it is said."""

    text: str
    meaning: tuple[object, ...]

    def with_more(self, what: str) -> _Name:
        return _Name(f"{self.text} ({what})", (*self.meaning, what)) if what else self


class Vocabulary:
    """The playbook's words for the columns of one table.

    Where two columns would be called the same, they keep their own names: else “little milk” could be said beside
    “milk buyers”.
    """

    def __init__(self, features: Sequence[str], money: Sequence[str], playbook: Playbook) -> None:
        self._products = _unambiguous(money, playbook.product)
        self._traits = _unambiguous([name for name in features if name not in money], playbook.trait)

    @staticmethod
    def is_product(contrast: Contrast) -> bool:
        """Whether this is spend on something; how much is spent in all is said otherwise."""
        return contrast.money and is_product(contrast.feature)

    def word(self, column: str) -> str:
        """Return what a column of spend is bought for, or the column's name."""
        product = self._products.get(column)
        return product.word if product else column

    def bought(self, contrasts: Sequence[Contrast]) -> str:
        """Name who buys much of these: “grocery and cleaning stock-ups”."""
        products = [self._products.get(one.feature) for one in contrasts]
        words = [
            product.word.replace(" ", "-") if product else one.feature
            for one, product in zip(contrasts, products, strict=True)
        ]
        kinds = {product.buyers if product else "buyers" for product in products}
        return f"{join_words(words)} {kinds.pop() if len(kinds) == 1 else 'buyers'}" if words else ""

    def left(self, contrasts: Sequence[Contrast]) -> str:
        """Name what is bought little of."""
        words = [self.word(one.feature) for one in contrasts]
        return f"little {join_words(words)}" if words else ""

    def traits(self, contrasts: Sequence[Contrast]) -> list[str]:
        """Say who they are, in the order given; columns without words are called high or low, together."""
        said = [
            trait.high if one.distance > 0 else trait.low
            for one in contrasts
            if (trait := self._traits.get(one.feature))
        ]
        for word, above in (("high", True), ("low", False)):
            names = [
                one.feature for one in contrasts if one.feature not in self._traits and (one.distance > 0) == above
            ]
            said += [f"{word} {join_words(names)}"] if names else []
        return said


def _unambiguous(columns: Sequence[str], look_up: Callable[[str], Product | Trait | None]) -> dict[str, Any]:
    found = {name: entry for name in columns if (entry := look_up(name)) is not None}
    used = Counter(id(entry) for entry in found.values())
    return {name: entry for name, entry in found.items() if used[id(entry)] == 1}


def distinct_names(portraits: Sequence[Portrait], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Name every segment; where two would be called the same, name more features, then how much, then the number."""
    features = max(len(portrait.more) + len(portrait.less) for portrait in portraits)
    names = [_name(portrait, vocabulary, _MOST) for portrait in portraits]
    for most in range(_MOST + 1, features + 1):
        names = _where_repeated(names, [_name(portrait, vocabulary, most) for portrait in portraits])
    plain = names
    for more in ([portrait.measure for portrait in portraits], [portrait.detail for portrait in portraits]):
        names = _where_repeated(names, [name.with_more(what) for name, what in zip(plain, more, strict=True)])
    return make_unique([name.text for name in names])


def make_unique(names: Sequence[str], fixed: Sequence[bool] | None = None) -> tuple[str, ...]:
    """Put a segment's number behind a name that a reader would take for another's, unless it is fixed."""
    told: list[str] = []
    keep = [False] * len(names) if fixed is None else fixed
    used = Counter(name.casefold() for name in names)
    for position, (name, stays) in enumerate(zip(names, keep, strict=True), start=1):
        text = name
        while not stays and used[text.casefold()] > (text == name):
            text = f"{text} ({position})"
        used[text.casefold()] += text != name
        told.append(text)
    return tuple(told)


def _name(portrait: Portrait, vocabulary: Vocabulary, most: int) -> _Name:
    """Say how much, of what, and who, naming that many features of each kind."""
    more = [one for one in portrait.more if vocabulary.is_product(one)][:most]
    less = [] if more else [one for one in portrait.less if vocabulary.is_product(one)][:most]
    others = sorted((one for one in (*portrait.more, *portrait.less) if not one.money), key=lambda o: -abs(o.distance))
    parts = [vocabulary.bought(more), vocabulary.left(less), *vocabulary.traits(others[:most])]
    said = [part for part in parts if part]
    text = ", ".join(said)
    if portrait.level:
        text = f"{portrait.level}: {text}" if text else portrait.level
    meaning = (
        portrait.level,
        *(frozenset(one.feature for one in kind) for kind in (more, less)),
        frozenset(said[1 if more or less else 0 :]),
    )
    return _Name(capitalised(text) or "Close to the average", meaning)


def _where_repeated(names: list[_Name], longer: list[_Name]) -> list[_Name]:
    used = Counter(name.meaning for name in names)
    return [more if used[name.meaning] > 1 else name for name, more in zip(names, longer, strict=True)]
