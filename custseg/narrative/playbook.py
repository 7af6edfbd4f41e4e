"""The names and suggestions for segments: a YAML file that a company can replace with its own."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from custseg.errors import SettingError, quote
from custseg.narrative.claims import Claim, Statistic
from custseg.wording import count, number, percent, times

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from os import PathLike

Area = Literal["stock", "marketing", "upselling"]
PLACEHOLDERS = ("product", "feature", "times", "value", "average", "share", "customers")
_BUNDLED = Path(__file__).with_suffix(".yaml")
_LARGEST = 1_000_000
# These words say that a column is spend, but not on what.
_OF_MONEY = {
    *("spend", "spent", "spending", "amount", "total", "sum", "sales", "revenue", "turnover", "value", "monetary"),
    *("eur", "euro", "usd", "dollars", "gbp", "in", "on", "of", "per", "year", "yearly", "annual", "month", "monthly"),
}
# Money that is not spent on anything that could be kept in stock.
_NOT_BOUGHT = {
    *("refund", "refunds", "return", "returns", "discount", "discounts", "shipping", "price", "paid", "cost", "costs"),
    *("fee", "fees", "tax", "taxes", "balance", "limit", "credit", "debt", "income", "salary", "margin", "profit"),
    *("num", "number", "count", "calls", "deals", "orders", "basket", "purchases", "average", "mean"),
}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")


def _check_placeholders(text: str) -> str:
    try:
        names = [name for _, name, specification, conversion in Formatter().parse(text) if name is not None]
        plain = all(not specification and not conversion for _, _, specification, conversion in Formatter().parse(text))
    except ValueError as problem:
        msg = f"the braces don't match ({problem})"
        raise ValueError(msg) from problem
    unknown = [name for name in names if name not in PLACEHOLDERS]
    if unknown or not plain:
        msg = f"only {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)} can be filled in"
        raise ValueError(msg)
    return text


_Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
_Template = Annotated[_Text, AfterValidator(_check_placeholders)]
_Bound = Annotated[float, Field(allow_inf_nan=False)]
_Columns = Annotated[tuple[_Text, ...], Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Product(_Entry):
    """What the spend in some columns buys, in everyday words, and what customers who buy much of it are called."""

    columns: _Columns
    word: _Text
    buyers: _Text = "buyers"


class Trait(_Entry):
    """What to call customers who are above or below others in some columns."""

    columns: _Columns
    high: _Text
    low: _Text


class Condition(_Entry):
    """The claim that a suggestion needs. Bounds are shares where the claim is one, else multiples of the average."""

    says: Statistic
    about: Literal["money", "other"] | _Columns | None = None
    category: _Text | None = None
    at_least: _Bound | None = None
    at_most: _Bound | None = None
    customers_at_most: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> Condition:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            msg = "at_least is above at_most, so this never applies"
            raise ValueError(msg)
        return self

    def met_by(self, claim: Claim, money: Collection[str]) -> bool:
        """Return whether a claim meets this condition; ``money`` are the columns that are spend."""
        if claim.statistic != self.says or self.category not in (None, claim.category):
            return False
        if self.customers_at_most is not None and claim.customers > self.customers_at_most:
            return False
        return self._is_about(claim.feature or "", money) and self._within_bounds(claim)

    def _is_about(self, feature: str, money: Collection[str]) -> bool:
        if self.about == "money":
            # Total spend is not something that can be kept in stock.
            return feature in money and is_product(feature)
        if self.about == "other":
            return feature not in money
        return self.about is None or key(feature) in {key(name) for name in self.about}

    def _within_bounds(self, claim: Claim) -> bool:
        measure = claim.value if claim.statistic.startswith("share") or claim.statistic == "spend rank" else claim.ratio
        if measure is None:
            return self.at_least is None and self.at_most is None
        return (self.at_least is None or measure >= self.at_least) and (self.at_most is None or measure <= self.at_most)


class Suggestion(_Entry):
    """What to do for a segment that meets a condition."""

    area: Area
    when: Condition
    suggest: _Template

    def about(self, claim: Claim, product: str) -> str:
        """Return the suggestion as plain text, with the claim's numbers and the product filled in."""
        filled = {
            "product": product,
            "feature": claim.feature or "",
            "times": times(claim.ratio) if claim.ratio is not None else "",
            "value": number(claim.value),
            "average": number(claim.baseline),
            "share": percent(claim.value),
            "customers": count(claim.customers, "customer"),
        }
        return self.suggest.format(**filled)


class Playbook(_Entry):
    """Words for columns, and suggestions with the claims that justify them."""

    products: tuple[Product, ...] = ()
    traits: tuple[Trait, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @staticmethod
    def bundled() -> Playbook:
        """Return the playbook that comes with custseg."""
        return _bundled()

    @staticmethod
    def read(path: str | PathLike[str]) -> Playbook:
        """Read a YAML file.

        Raises
        ------
        SettingError
            The file cannot be read or contains a mistake; the message gives the line and the reason.

        """
        # Its name alone: on a server, visitors see the message.
        name = Path(path).name
        try:
            data = Path(path).read_bytes()
            text = data[: _LARGEST + 1].decode("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it is not text in UTF-8"
            msg = f"The playbook {quote(name)} cannot be read: {reason}. Name another file, or leave it out."
            raise SettingError(msg) from problem
        if len(data) > _LARGEST:
            msg = f"The playbook {quote(name)} is larger than 1 MB. Name a smaller file, or leave it out."
            raise SettingError(msg)
        return _parse(text, name)

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


@lru_cache(maxsize=4096)
def key(column: str) -> frozenset[str]:
    """Return the words of a column's name, without regard to capitals, underscores and words for money."""
    return frozenset(word.lower() for word in _WORDS.findall(column)) - _OF_MONEY


def is_product(column: str) -> bool:
    """Return whether a column of spend says what it is spent on; a total or a fee does not."""
    words = key(column)
    return bool(words) and not words & _NOT_BOUGHT


@cache
def _bundled() -> Playbook:
    return Playbook.read(_BUNDLED)


def _parse(text: str, name: str) -> Playbook:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Playbook()
        _check_keys(node, name)
        content = loader.construct_document(node)
    except SettingError:
        raise
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise _mistake(name, line, str(problem.problem or problem.context)) from problem
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise _mistake(name, 1, "it is not YAML") from problem
    finally:
        loader.dispose()
    try:
        return Playbook.model_validate(content)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise _mistake(name, _line_of(node, first["loc"]), _reason(first)) from problem


def _check_keys(node: Any, name: str) -> None:
    """Refuse an entry that appears twice: YAML would silently take the last one."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for entry, value in node.value:
            if entry.value in seen:
                raise _mistake(name, entry.start_mark.line + 1, f"{quote(str(entry.value))} appears twice")
            seen.add(entry.value)
            _check_keys(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _check_keys(entry, name)


def _line_of(node: Any, location: Iterable[int | str]) -> int:
    """Follow a location such as ("suggestions", 3, "when") as far as the file goes, and return its line, from 1."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            children = [value for name, value in node.value if name.value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            children = node.value[step : step + 1]
        else:
            children = []
        if not children:
            continue
        node = children[0]
    return int(node.start_mark.line) + 1


# In place of messages in which pydantic mentions Python types.
_MESSAGES = {
    "tuple_type": "this must be a list",
    "model_type": "this must be a group of entries, such as “area: stock”",
    "extra_forbidden": "there is no entry with this name",
    "missing": "this is required",
}


def _reason(error: Any) -> str:
    location = ".".join(str(step) for step in error["loc"] if isinstance(step, str) and step.isidentifier())
    message = _MESSAGES.get(error["type"], error["msg"].removeprefix("Value error, "))
    received = "" if error["type"] in ("missing", "value_error") else f", but got {quote(error['input'])}"
    return f"{location or 'the whole file'}: {message[:1].lower()}{message[1:]}{received}"


def _mistake(name: str, line: int, reason: str) -> SettingError:
    return SettingError(
        f"The playbook {quote(name)} has a mistake in line {line}: {reason}. Correct that line, or leave out the "
        "playbook to use the one that comes with custseg."
    )
