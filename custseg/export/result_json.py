"""A result as values that JSON can hold: for programs, in Python and on the command line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from custseg.export.summary_columns import SUMMARY_COLUMNS

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle


def write_result(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write a result as JSON, as ``result_values`` has it."""
    stream.write(json.dumps(plain(result_values(bundle)), ensure_ascii=False, indent=2, allow_nan=False).encode())


def result_values(bundle: ResultBundle) -> dict[str, Any]:
    """Return a result: what it came out of, and each segment with its statistics, averages and words."""
    result = bundle.segmentation
    recipe = result.preparation.recipe
    return {
        "table": result.table.title,
        "customers": len(result.table),
        "k": result.k,
        "seed": result.seed,
        "method": recipe.method,
        "features": list(result.features),
        "preparation": [str(step) for step in result.preparation.steps],
        "inertia": result.inertia,
        "segments": [_segment(bundle, place) for place in range(result.k)],
        "exceptional": bundle.words.exceptional if bundle.words else "",
        "guidance": bundle.words.guidance if bundle.words else "",
        "about_this_data": list(result.table.remarks),
    }


def _segment(bundle: ResultBundle, place: int) -> dict[str, Any]:
    features = bundle.profile.features
    averages = bundle.profile.averages(features)[place]
    statistics = {column.name: _of(column.values(bundle), place) for column in SUMMARY_COLUMNS}
    known = {name: value for name, value in statistics.items() if value is not None}
    return {
        "segment": place + 1,
        **known,
        "averages": dict(zip(features, averages, strict=True)),
        **_words(bundle, place),
    }


def _of(values: Any, place: int) -> Any:
    """Return a statistic of a segment; None where it is not known, which empty text says too."""
    value = None if values is None or len(values) <= place else values[place]
    return None if isinstance(value, str) and not value else value


def _words(bundle: ResultBundle, place: int) -> dict[str, Any]:
    words = bundle.words
    if words is None:
        return {}
    actions = words.actions_for(place + 1)
    return {
        "headline": words.headlines[place],
        "facts": list(words.facts[place]),
        "conclusion": words.conclusions[place],
        "actions": [{"area": each.area, "text": each.text, "evidence": each.evidence} for each in actions],
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it: what is no finite number is null."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
