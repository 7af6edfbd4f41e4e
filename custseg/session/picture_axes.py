"""The features that the picture shows: those that a person chose, or those that separate the segments best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.insight.separating_features import evened_out_amounts, without_years

if TYPE_CHECKING:
    from custseg.session.model_parameters import ModelParameters
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable


class PictureAxes:
    """The x and y of a model, and whether they are a person's choice."""

    def __init__(self, model: ModelParameters) -> None:
        self._model = model
        # The last ones that nobody chose.
        self._found: tuple[str, str] | None = None

    def note_choice(self) -> None:
        """Take axes for chosen, unless they are those that were found here."""
        if (self._model.x, self._model.y) != self._found:
            self._model.axes_chosen = True

    def for_run(self, run: RunResult) -> dict[str, Any]:
        """Return the axes that a run is shown on, as parameters: those of a person stay."""
        model = self._model
        pair = None if model.axes_chosen else separating_pair(model, run)
        return {} if pair is None or set(pair) == {model.x, model.y} else self._as_parameters(*pair)

    def for_table(self, table: CustomerTable, *, same_customers: bool) -> dict[str, Any]:
        """Return the axes that another table is shown on, as parameters: those that it has stay."""
        model, features = self._model, table.features
        # Axes that were chosen for other customers say nothing of these, unless both are there.
        chosen = model.axes_chosen and (same_customers or {model.x, model.y} <= set(features))
        free = iter([name for name in features if name not in (model.x, model.y)])
        x, y = (name if name in features else next(free, features[0]) for name in (model.x, model.y))
        return {**self._as_parameters(x, y), "axes_chosen": chosen}

    def _as_parameters(self, x: str, y: str) -> dict[str, Any]:
        self._found = x, y
        return {"x": x, "y": y}


def log_features(model: ModelParameters) -> tuple[str, ...]:
    """Return the features that are shown on a logarithmic scale: where nobody chose, the skewed amounts."""
    if model.log_scale is None:
        return evened_out_amounts(model.table)
    return without_years(model.table, model.table.features if model.log_scale else ())


def separating_pair(model: ModelParameters, run: RunResult | None) -> tuple[str, str] | None:
    """Return the two features whose picture separates the segments of a run best; None where there are no two."""
    pair = None if run is None else run.overlaps.separating_pair(log_features(model))
    # What was compared may be no feature by now.
    return pair if pair is not None and set(pair) <= set(model.table.features) else None
