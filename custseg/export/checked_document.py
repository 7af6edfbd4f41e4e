"""Documents that may come from anywhere: what their parts have in common, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


class Entry(BaseModel):
    """A part of a document: frozen, of exact types, with finite numbers and nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def first_error(problem: ValidationError) -> tuple[ErrorDetails, str]:
    """Return the first thing that is wrong with a document, and where in it that is."""
    first = problem.errors(include_url=False)[0]
    return first, place_of(first)


def place_of(error: ErrorDetails) -> str:
    """Return where in a document something is wrong; empty where it is all of it."""
    return ", ".join(str(step) for step in error["loc"])
