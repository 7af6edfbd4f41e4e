"""The names and suggestions for segments of one kind of business: a YAML file that a company can replace by its own."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from custseg.errors import SettingError, listed, quote
from custseg.language import say
from custseg.narrative.column_words import is_product, key
from custseg.narrative.conditions import MONEY, OTHER, SHARES, Columns, Condition, Entry, Text
from custseg.narrative.playbook_file import UNKNOWN_NAME, parse, read_text
from custseg.tables.column_roles import Role
from custseg.tables.outcome_words import event_in_words
from custseg.wording import capitalised, count, join_choices, line_start, multiple, percent, straight, times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike

    from custseg.narrative.claims import Claim

__all__ = ["Area", "Clue", "Condition", "Playbook", "Product", "Suggestion", "Trait", "is_product", "key"]

PLACEHOLDERS = ("product", "feature", "category", "outcome", "times", "value", "average", "share", "customers")
_NOUN_FOLLOWS, _SENTENCE_ENDS = re.compile(r"\s(?!as\b)\w"), (". ", "? ")
_BUNDLED = Path(__file__).parent / "playbooks"
# The first is for tables that say nothing of the business.
_NAMES = ("retail", "online_shop", "subscription", "bank")


def _as_list(given: object) -> object:
    return (given,) if isinstance(given, dict | Condition) else given


def _as_area(given: object) -> object:
    return {"name": given} if isinstance(given, str) else given


class Product(Entry):
    """What the spend in some columns buys, in everyday words, and what customers who buy much of it are called."""

    columns: Columns
    word: Text
    buyers: Text = "buyers"


class Trait(Entry):
    """What to call customers who are above or below others in some columns."""

    columns: Columns
    high: Text
    low: Text


class Clue(Entry):
    """Columns that tell what kind of business a table is from: any of these, in this role if one is given."""

    columns: Columns
    role: Role | None = None
    points: Annotated[int, Field(ge=1, le=5)] = 1


class Area(Entry):
    """What suggestions are given in, such as marketing; one for ``goods`` only where a table says what is bought."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
    goods: bool = False


class Suggestion(Entry):
    """What to do for a segment that meets all its conditions."""

    area: Text
    when: Annotated[tuple[Condition, ...], Field(min_length=1), BeforeValidator(_as_list)]
    suggest: Text

    @field_validator("suggest")
    @classmethod
    def _check_placeholders(cls, text: str, info: ValidationInfo) -> str:
        allowed = _placeholders(len(info.data.get("when", ())))
        try:
            parts = [part for part in Formatter().parse(text) if part[1] is not None]
        except ValueError as problem:
            msg = say("the braces don't match ({problem})", problem=problem)
            raise ValueError(msg) from problem
        if any(name not in allowed or specification or conversion for _, name, specification, conversion in parts):
            msg = say("only {names} can be filled in", names=", ".join(f"{{{name}}}" for name in allowed))
            raise ValueError(msg)
        return text

    def about(self, claims: Sequence[Claim], products: Sequence[str], labels: Sequence[str]) -> str:
        """Return the suggestion as plain text, with numbers and words for each of its claims filled in."""
        filled: dict[str, str] = {}
        for position, (claim, product, label) in enumerate(zip(claims, products, labels, strict=True), start=1):
            written = {
                "product": product,
                "feature": label,
                "category": straight(claim.category or ""),
                "outcome": event_in_words(claim.said) if claim.said else straight(f"{label}: {claim.category}"),
                "times": times(claim.ratio) if claim.ratio is not None else "",
                "times_of": multiple(claim.ratio, "").strip() if claim.ratio is not None else "",
                "value": _amount(claim, 0),
                "average": _amount(claim, 1),
                "share": percent(claim.value),
                "customers": count(claim.customers, "customer"),
            }
            filled |= {_numbered(name, position): text for name, text in written.items()}
        return _filled_in(say(self.suggest), filled)


def _filled_in(template: str, filled: Mapping[str, str]) -> str:
    """Fill in words and numbers as the text around them needs it: a sentence begins with a capital."""
    text, parts = "", list(Formatter().parse(template))
    for (before, name, *_), (after, *_) in zip(parts, [*parts[1:], ("", None)], strict=True):
        text += before
        if name is None:
            continue
        # “A fifth of the average”, but “a fifth as much as the average”.
        of_something = name.startswith("times") and _NOUN_FOLLOWS.match(after or "")
        word = filled[name.replace("times", "times_of") if of_something else name]
        if text.endswith("average for "):
            word = word.removeprefix("average ")
        if not text or text.endswith(_SENTENCE_ENDS):
            # What comes from the table may be a name.
            word = (
                line_start(word) if name.partition("_")[0] in ("product", "feature", "category") else capitalised(word)
            )
        text += word
    return text


def _numbered(name: str, position: int) -> str:
    return name if position == 1 else f"{name}_{position}"


def _placeholders(conditions: int) -> list[str]:
    """Name what can be filled in: of the first condition's claim as it is, of the others with their number."""
    return [_numbered(name, position) for position in range(1, max(conditions, 1) + 1) for name in PLACEHOLDERS]


def _amount(claim: Claim, place: int) -> str:
    if claim.statistic.startswith("share"):
        return percent((claim.value, claim.baseline)[place])
    return claim.figures[place]


class Playbook(Entry):
    """Words for columns, and suggestions by area, each with the claims that justify it.

    Attributes
    ----------
    name, title
        What it is called in an address or a command, and by people.
    fits
        What tells that a table is of this kind of business.
    areas
        What suggestions are given in, in order.
    groups
        Columns that mean the same, for conditions to name.
    products, traits, suggestions
        The words for columns, and what to do.

    """

    name: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")] = ""
    title: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = ""
    fits: tuple[Clue, ...] = ()
    areas: Annotated[tuple[Annotated[Area, BeforeValidator(_as_area)], ...], Field(min_length=1, max_length=8)] = (
        Area(name="stock"),
        Area(name="marketing"),
        Area(name="upselling"),
    )
    groups: dict[Text, Columns] = Field(default_factory=dict)
    products: tuple[Product, ...] = ()
    traits: tuple[Trait, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @model_validator(mode="after")
    def _check_names(self) -> Playbook:
        for place, reason in _unknown_names(self):
            # The reason may hold braces, which pydantic would fill in.
            raise PydanticCustomError(UNKNOWN_NAME, "{reason}", {"reason": reason, "place": place})
        return self

    @staticmethod
    def names() -> tuple[str, ...]:
        """Name the playbooks that come with custseg."""
        return _NAMES

    @staticmethod
    def bundled(name: str = _NAMES[0]) -> Playbook:
        """Return a playbook that comes with custseg. Raises SettingError where there is none of that name."""
        if name not in _NAMES:
            msg = say(
                "There is no playbook called {name}. Choose from {names}, or bring your own file.",
                name=quote(name),
                names=listed(_NAMES),
            )
            raise SettingError(msg)
        return _bundled(name)

    @staticmethod
    def read(path: str | PathLike[str]) -> Playbook:
        """Read a YAML file.

        Raises
        ------
        SettingError
            The file cannot be read or contains a mistake; the message gives the line and the reason.

        """
        return parse(read_text(path), Path(path).name, Playbook)

    @staticmethod
    def find(wanted: str | PathLike[str]) -> Playbook:
        """Return the bundled playbook of that name, else read the file there. Raises SettingError as ``read`` does."""
        bundled = str(wanted) in _NAMES and not Path(wanted).exists()
        return _bundled(str(wanted)) if bundled else Playbook.read(wanted)

    @staticmethod
    def text(name: str) -> str:
        """Return a bundled playbook as YAML to change, below what each entry means."""
        form, book = (_BUNDLED / f"{each}.yaml" for each in ("form", Playbook.bundled(name).name))
        return f"{form.read_text(encoding='utf-8')}\n{book.read_text(encoding='utf-8')}"

    @property
    def is_bundled(self) -> bool:
        """Whether it is one of those that come with custseg."""
        return self.name in _NAMES and self == _bundled(self.name)

    @cached_property
    def _products(self) -> dict[frozenset[str], Product]:
        return {key(name): product for product in self.products for name in product.columns}

    @cached_property
    def _traits(self) -> dict[frozenset[str], Trait]:
        return {key(name): trait for trait in self.traits for name in trait.columns}

    def product(self, column: str) -> Product | None:
        """Return what a column of spend buys, or None where the playbook has no word for it."""
        return self._products.get(key(column))

    def trait(self, column: str) -> Trait | None:
        """Return what to call customers high or low in a column, or None where the playbook has no words for it."""
        return self._traits.get(key(column))


def _unknown_names(book: Playbook) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Say where a suggestion names an area or a group that the playbook does not have."""
    areas = [area.name for area in book.areas]
    for position, suggestion in enumerate(book.suggestions):
        if suggestion.area not in areas:
            choice = join_choices([quote(name) for name in areas])
            reason = say("this must be {choice}, but got {received}", choice=choice, received=quote(suggestion.area))
            yield ("suggestions", position, "area"), reason
        for number_of, condition in enumerate(suggestion.when):
            reason = _unknown_group(condition, book.groups)
            if reason:
                yield ("suggestions", position, "when", number_of, "about"), reason


def _unknown_group(condition: Condition, groups: Mapping[str, Any]) -> str:
    about = condition.about
    if not isinstance(about, str) or about in (MONEY, OTHER, SHARES, *groups):
        return ""
    return say(
        "this must be {choice}, or a list of columns such as [{about}], but got {received}",
        choice=", ".join((MONEY, OTHER, SHARES, *groups)),
        about=about,
        received=quote(about),
    )


@cache
def _bundled(name: str) -> Playbook:
    return Playbook.read(_BUNDLED / f"{name}.yaml")
