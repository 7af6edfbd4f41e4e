"""What is wrong with an entry is said in the reader's language, never in pydantic's own words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from custseg.language import LANGUAGES, spoken
from custseg.wrong_entries import reason_of


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    kind: Literal["large", "small", "none at all"] = "small"
    version: Literal[1] = 1
    whole: Annotated[int, Field(ge=2, le=10)] = 2
    number: Annotated[float, Field(gt=0, lt=1)] = 0.5
    truth: bool = True
    text: Annotated[str, Field(min_length=2, max_length=2000, pattern="^[a-z]*$")] = "ab"
    rows: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)] = (1,)
    names: list[str] = []
    words: dict[str, str] = {}
    part: Part = Part()
    nothing: None = None


def told(**entries: Any) -> str:
    with pytest.raises(ValidationError) as problem:
        Document.model_validate(entries)
    return reason_of(problem.value.errors(include_url=False)[0])


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "huge"}, "this must be “large”, “small” or “none at all”"),
    ({"version": 2}, "this must be 1"),
    ({"whole": 1.5}, "this must be a whole number"),
    ({"whole": "many"}, "this must be a whole number"),
    ({"whole": 1}, "this must be 2 or more"),
    ({"whole": 99}, "this must be 10 or less"),
    ({"number": "half"}, "this must be a number"),
    ({"number": float("inf")}, "this must be a finite number"),
    ({"number": 0.0}, "this must be more than 0"),
    ({"number": 1.0}, "this must be less than 1"),
    ({"truth": "yes"}, "this must be true or false"),
    ({"text": 1}, "this must be a text"),
    ({"text": "a"}, "this text is too short: the least is 2"),
    ({"text": "a" * 2001}, "this text is too long: the most is 2,000"),
    ({"text": "A{B}"}, "this must fit the pattern ^[a-z]*$"),
    ({"rows": 1}, "this must be a list"),
    ({"rows": ()}, "these are too few: the least is 1"),
    ({"rows": (1, 2, 3)}, "these are too many: the most is 2"),
    ({"names": "a"}, "this must be a list"),
    ({"words": []}, "this must be a group of entries"),
    ({"part": 1}, "this must be a group of entries"),
    ({"part": {"more": 1}}, "there is no entry with this name"),
    ({"nothing": 1}, "this must be empty"),
]


@pytest.mark.parametrize(("entries", "reason"), WRONG)
def test_an_entry_that_cannot_be_taken_is_told_what_it_must_be(entries: dict[str, Any], reason: str) -> None:
    assert told(**entries) == reason


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_no_reason_is_in_english_on_a_page_that_is_not(code: str) -> None:
    with spoken(code):
        assert not [reason for entries, reason in WRONG if told(**entries) == reason]


def test_what_is_no_json_says_so_and_a_kind_that_nobody_foresaw_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as problem:
        Document.model_validate_json("{")
    assert reason_of(problem.value.errors()[0]) == "it is not JSON"
    unforeseen: Any = {"type": "url_parsing", "msg": "Input should be a valid URL", "loc": (), "input": ""}
    assert reason_of(unforeseen) == "this must be something else"
