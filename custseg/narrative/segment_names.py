"""Distinct names for segments: how much is spent, what is bought, and who the customers are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custseg.language import ENGLISH, current, mark, say
from custseg.narrative.column_words import goods_of
from custseg.narrative.playbook import is_product
from custseg.narrative.spending_level import LIKE_MOST
from custseg.wording import capitalised, join_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from custseg.narrative.contrasts import Contrast
    from custseg.narrative.playbook import Playbook, Product, Trait
    from custseg.narrative.segment_description import SegmentDescription
    from custseg.tables.schema import ColumnsByRole

_MOST = 2
# What playbooks call customers who have been some for less long than others.
_NEW = "newer"


@dataclass(frozen=True, slots=True)
class _Name:
    """What a segment is called, and what that means to a reader whatever the order of the words."""

    text: str
    meaning: tuple[object, ...]

    def with_addition(self, addition: str) -> _Name:
        return _Name(f"{self.text} ({addition})", (*self.meaning, addition)) if addition else self


class Vocabulary:
    """The playbook's words for the columns of one table.

    Columns that would be called the same keep their own names: otherwise one segment could be “milk buyers” for one
    column, and another “little milk” for the other.
    """

    def __init__(
        self, schema: ColumnsByRole, features: Sequence[str], money: Sequence[str], playbook: Playbook
    ) -> None:
        self._label = schema.label
        self._products = _unambiguous(money, playbook.product)
        others = [name for name in features if name not in money]
        # An age is one whatever its column is called.
        self._traits = _unambiguous(others, lambda name: playbook.trait(name) or playbook.trait(schema.label(name)))

    @staticmethod
    def is_product(contrast: Contrast) -> bool:
        """Whether this is spend on a product, not a total."""
        return contrast.money and is_product(contrast.feature)

    def word(self, column: str) -> str:
        """Return what a column of spend buys, or what people call the column."""
        product = self._products.get(column)
        return say(product.word) if product else goods_of(self._label(column))

    def is_new(self, contrasts: Sequence[Contrast]) -> bool:
        """Whether one of these says that the customers are new."""
        traits = [self._traits.get(contrast.feature) for contrast in contrasts if contrast.distance < 0]
        return any(trait is not None and trait.low == _NEW for trait in traits)

    def bought(self, contrasts: Sequence[Contrast]) -> str:
        """Name customers who buy much of these: “grocery and cleaning stock-ups”."""
        products = [self._products.get(contrast.feature) for contrast in contrasts]
        words = [
            (say(product.word) if current() != ENGLISH else product.word.replace(" ", "-"))
            if product
            else goods_of(contrast.claim.called)
            for contrast, product in zip(contrasts, products, strict=True)
        ]
        kinds = {product.buyers if product else "buyers" for product in products}
        kind = say(kinds.pop() if len(kinds) == 1 else mark("buyers"))
        return say("{goods} {buyers}", goods=join_words(words), buyers=kind) if words else ""

    def left(self, contrasts: Sequence[Contrast]) -> str:
        """Name what they buy little of."""
        words = [self.word(contrast.feature) for contrast in contrasts]
        return say("little {goods}", goods=join_words(words)) if words else ""

    def has_words(self, contrast: Contrast) -> bool:
        """Whether the playbook has words for who is high or low in this, or “high” and “low” say something of it."""
        return contrast.feature in self._traits or not contrast.small_count

    def traits(self, contrasts: Sequence[Contrast]) -> list[str]:
        """Say who they are, in the order given; columns that have no words are listed as many, few, high or low."""
        words = [
            say(trait.high if contrast.distance > 0 else trait.low)
            for contrast in contrasts
            if (trait := self._traits.get(contrast.feature))
        ]
        without_words = [contrast for contrast in contrasts if contrast.feature not in self._traits]
        for above in (True, False):
            listed: dict[str, list[str]] = {}
            for contrast in without_words:
                if contrast.more == above:
                    listed.setdefault(contrast.degree.level, []).append(contrast.degree.label)
            words += [say(level, label=join_words(names)) for level, names in listed.items()]
        return words


def _unambiguous(columns: Sequence[str], look_up: Callable[[str], Product | Trait | None]) -> dict[str, Any]:
    entries = {name: entry for name in columns if (entry := look_up(name)) is not None}
    used = Counter(id(entry) for entry in entries.values())
    return {name: entry for name, entry in entries.items() if used[id(entry)] == 1}


def distinct_names(descriptions: Sequence[SegmentDescription], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Name every segment; where two would be called the same, add more features, then amounts, then the number."""
    features = max(len(each.more) + len(each.less) for each in descriptions)
    names = [_name(each, vocabulary, _MOST) for each in descriptions]
    for most in range(_MOST + 1, features + 1):
        names = _where_repeated(names, [_name(each, vocabulary, most) for each in descriptions])
    plain = names
    for additions in ([each.detail for each in descriptions], [each.measure for each in descriptions]):
        longer = [name.with_addition(addition) for name, addition in zip(plain, additions, strict=True)]
        names = _where_repeated(names, longer)
    return make_unique([name.text for name in names])


def make_unique(names: Sequence[str], fixed: Sequence[bool] | None = None) -> tuple[str, ...]:
    """Add a segment's number to a name that a reader could take for another's, unless the name is fixed."""
    distinct: list[str] = []
    keep = [False] * len(names) if fixed is None else fixed
    used = Counter(name.casefold() for name in names)
    for segment, (name, stays) in enumerate(zip(names, keep, strict=True), start=1):
        text = name
        while not stays and used[text.casefold()] > (text == name):
            text = f"{text} ({segment})"
        used[text.casefold()] += text != name
        distinct.append(text)
    return tuple(distinct)


def _name(description: SegmentDescription, vocabulary: Vocabulary, most: int) -> _Name:
    """Say how much, of what, and who, with up to ``most`` features of each kind."""
    more = [contrast for contrast in description.more if vocabulary.is_product(contrast)][:most]
    less = [] if more else [contrast for contrast in description.less if vocabulary.is_product(contrast)][:most]
    traits = _telling(description, vocabulary, alone=not (description.level or more or less))
    # Beside what they buy one is enough, unless another segment is called the same: a name has to fit on a line.
    few = min(_MOST, most - 1) if more or less else _MOST
    words = [vocabulary.bought(more), vocabulary.left(less), *vocabulary.traits(traits[:few])]
    parts = [part for part in words if part]
    text = ", ".join(parts)
    # A few amounts may set the average apart all the same, which a fact then tells.
    if description.level and not (text and description.level == LIKE_MOST):
        level = say(description.level)
        text = say("{level}: {text}", level=level, text=text) if text else level
    meaning = (
        description.level,
        *(frozenset(contrast.feature for contrast in kind) for kind in (more, less)),
        frozenset(parts[1 if more or less else 0 :]),
    )
    return _Name(capitalised(text) or say(description.ordinary), meaning)


def _telling(description: SegmentDescription, vocabulary: Vocabulary, *, alone: bool) -> list[Contrast]:
    """Return what tells who they are, the largest differences first; what has no words only where nothing else does."""
    traits = [one for one in description.contrasts if not (one.money or one.total)]
    in_words = [one for one in traits if vocabulary.has_words(one)]
    return in_words or (traits if alone else [])


def _where_repeated(names: list[_Name], longer: list[_Name]) -> list[_Name]:
    used = Counter(name.meaning for name in names)
    return [more if used[name.meaning] > 1 else name for name, more in zip(names, longer, strict=True)]
