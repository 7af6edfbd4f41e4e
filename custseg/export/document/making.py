"""The document of a result: what scores customers, what was understood, and where it comes from."""

from __future__ import annotations

import datetime as dt
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from custseg.errors import SettingError
from custseg.export.document import content
from custseg.export.document.scoring import category_entries, feature_entries, stored_as
from custseg.export.document.test_rows import draw_test_rows
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.clustering.scoring_model import ScoringModel
    from custseg.clustering.segmentation import Segmentation
    from custseg.export.document.content import ModelContent

_PACKAGES = ("custseg", "numpy", "scikit-learn", "narwhals")


def content_of(result: Segmentation, names: Sequence[str], notes: Sequence[str]) -> ModelContent:
    """Return what the document of a result holds. Raises SettingError where names or notes are not one a segment."""
    for message, given in (
        (mark("Each of the {k} segments needs a name, but got {given}. Give one for each, in order."), names),
        (mark("Each of the {k} segments needs a note, but got {given}. Give one for each, in order."), notes),
    ):
        if len(given) != result.k:
            raise SettingError(say(message, k=result.k, given=len(given)))
    scoring, learned = result.scoring, result.preparation
    frame = result.table.frame
    stored = {name: stored_as(frame.schema[name]) for name in scoring.columns}
    found = content.ModelContent(
        segments=_segments(result, names, notes),
        features=feature_entries(scoring, stored),
        categories=category_entries(scoring, stored),
        preparation=content.PreparationEntry(
            recipe=_recipe(scoring), steps=learned.steps, references=_references(scoring)
        ),
        reach=float(result.reach) if result.reach < float("inf") else None,
        mixture=_mixture(scoring),
        understanding=_understanding(result),
        provenance=_provenance(result),
        test_rows=(),
    )
    return found.model_copy(update={"test_rows": draw_test_rows(found)})


def _segments(result: Segmentation, names: Sequence[str], notes: Sequence[str]) -> tuple[content.Segment, ...]:
    return tuple(
        content.Segment(
            segment=place + 1,
            name=names[place],
            note=notes[place],
            customers=int(result.sizes[place]),
            centroid=tuple(result.centroids[place].tolist()),
            prepared_centroid=tuple(result.prepared_centroids[place].tolist()),
        )
        for place in range(result.k)
    )


def _recipe(scoring: ScoringModel) -> content.RecipeEntry:
    recipe = scoring.preparation.recipe
    return content.RecipeEntry(
        missing=recipe.missing, log=recipe.log, winsorise=recipe.winsorise, exceptional=recipe.exceptional,
        scaling=recipe.scaling, weights=dict(recipe.weights), categories=recipe.categories, trim=recipe.trim,
        method=recipe.method,
    )  # fmt: skip


def _references(scoring: ScoringModel) -> tuple[tuple[float | None, ...], ...] | None:
    """Return of whom missing values are taken, where they decide the segment."""
    learned = scoring.preparation
    if learned.recipe.missing != "nearest" or learned.neighbours is None:
        return None
    rows = learned.neighbours.values.tolist()
    # Only a number is equal to itself.
    return tuple(tuple(cell if cell == cell else None for cell in row) for row in rows)  # noqa: PLR0124


def _mixture(scoring: ScoringModel) -> content.MixtureEntry | None:
    mixture = scoring.mixture
    if mixture is None:
        return None
    return content.MixtureEntry(
        weights=tuple(mixture.weights.tolist()),
        means=tuple(map(tuple, mixture.means.tolist())),
        covariances=tuple(tuple(map(tuple, one)) for one in mixture.covariances.tolist()),
        segments=tuple((mixture.groups + 1).tolist()),
    )


def _understanding(result: Segmentation) -> content.Understanding:
    table, compared = result.table, set(result.scoring.columns)
    others = tuple(
        content.OtherColumn(name=column.name, role=column.role, label=column.label, reason=column.reason)
        for column in result.schema.columns
        if column.name not in compared
    )
    return content.Understanding(title=table.title, source=table.source, remarks=table.remarks, other_columns=others)


def _provenance(result: Segmentation) -> content.Provenance:
    return content.Provenance(
        customers=len(result.table),
        left_out=result.left_out,
        set_apart=result.set_apart,
        data=result.table.fingerprint,
        seed=result.seed,
        random_start=not result.seeded,
        inertia=float(result.inertia),
        iterations=result.iterations,
        engine=result.engine,
        versions={"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        made=dt.datetime.now().astimezone(),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
