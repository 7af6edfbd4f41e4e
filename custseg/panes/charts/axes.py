"""What a picture's two axes show: two features, or a plane through all of them. Rows in, places out; no figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from custseg.insight.projections import OnPlane
from custseg.language import say
from custseg.tables.evening_out import EveningOut
from custseg.tables.shapes import OnFeatures, OnLogScales
from custseg.tables.written_values import unsaid_unit
from custseg.wording import capitalised, percent, plain_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.insight.projections import Plane
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.column_roles import Quantity
    from custseg.tables.customers import Sample
    from custseg.tables.shapes import Projection
    from custseg.tables.table import CustomerTable

    Floats = NDArray[np.float64]
    Limits = tuple[tuple[float, float], tuple[float, float]]

_PADDING = 0.04
# How much of the way from the centre to the picture's edge the longest arrow goes.
_REACH = 0.8
_NARROWEST = 1e-6


class Axes(Protocol):
    """Two axes; ``shown`` are the features that they show by themselves."""

    @property
    def key(self) -> object:
        """What is another where customers lie elsewhere."""

    @property
    def titles(self) -> tuple[str, str]:
        """The title of each axis, as plain text."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The features that can be read off an axis."""

    @property
    def quantities(self) -> tuple[Quantity, Quantity]:
        """How the numbers on each axis are written."""

    @property
    def knees(self) -> tuple[float | None, float | None]:
        """What each logarithmic scale counts as amounts up to, and as ratios above; None for an even scale."""

    @property
    def note(self) -> str:
        """What there is to know of these axes, in a sentence; empty where there is nothing."""

    @property
    def projection(self) -> Projection:
        """Where customers lie; NaN for one without a value."""

    def centroids(self, outcome: RunResult) -> Floats:
        """Return where the centroids lie, k x 2."""

    def limits(self, drawn: Sample) -> Limits:
        """Return what each axis spans."""

    def arrows(self, limits: Limits) -> dict[str, list[Any]]:
        """Return where the directions of features lead from the centre, as columns x, y and feature."""


def places_of(sample: Sample, projection: Projection) -> Floats:
    """Return where the customers of a sample lie, customers x 2."""
    return projection.places(sample.matrix(projection.features))


def axes_of(model: SegmentationModel) -> Axes:
    """Return the axes that were asked for; two features where there is no such plane (yet)."""
    if model.plane is None or model.outcome is None:
        return FeatureAxes(model.table, (model.x, model.y), model.log_features)
    return PlaneAxes(model.outcome, model.plane)


@dataclass(frozen=True, eq=False)
class FeatureAxes:
    """Two features, in their own units; ``logged`` are those on a logarithmic scale."""

    table: CustomerTable
    shown: tuple[str, str]
    logged: tuple[str, ...] = ()

    @property
    def key(self) -> object:
        """Two features, each on one of two scales."""
        return self.shown, self._logged

    @property
    def titles(self) -> tuple[str, str]:
        """Each feature and its unit, if one is known, and whether its scale is logarithmic."""
        first, second = (
            feature_title(self.table, name, log=log) for name, log in zip(self.shown, self._logged, strict=True)
        )
        return first, second

    @property
    def quantities(self) -> tuple[Quantity, Quantity]:
        """As those of each feature."""
        return self.table.column(self.shown[0]).quantity, self.table.column(self.shown[1]).quantity

    @property
    def knees(self) -> tuple[float | None, float | None]:
        """What each logarithmic scale counts as amounts up to; None for an even scale."""
        first, second = (
            float(knee) if log else None for knee, log in zip(self._scales.knees, self._logged, strict=True)
        )
        return first, second

    @property
    def note(self) -> str:
        """Say where one feature takes both axes."""
        if self.shown[0] != self.shown[1]:
            return ""
        label = self.table.label(self.shown[0])
        return say(
            "Both axes show {label}, so all customers lie on one line. Choose two features to see more.", label=label
        )

    @property
    def projection(self) -> Projection:
        """Customers lie where their values are."""
        on_features = OnFeatures(self.shown)
        return OnLogScales(on_features, self._scales) if any(self._logged) else on_features

    def centroids(self, outcome: RunResult) -> Floats:
        """Return where the centroids lie, k x 2."""
        return self._scales.apply(np.column_stack([self._centre(outcome, name) for name in self.shown]))

    def limits(self, drawn: Sample) -> Limits:  # noqa: ARG002 - the same whichever are drawn
        """Return what each axis spans: all customers, also those that are not drawn."""
        return self.ends

    @property
    def ends(self) -> Limits:
        """What each axis spans, for all customers."""
        # A larger value never lies before a smaller one, so that nobody between the two ends need be placed.
        ends = [(reading.least, reading.largest) for reading in map(self.table.reading, self.shown)]
        x, y = self.projection.places(np.array(ends).T).T
        return axis_range(x), axis_range(y)

    def arrows(self, limits: Limits) -> dict[str, list[Any]]:  # noqa: ARG002 - the axes themselves are the directions
        """Return no directions: the axes are the features."""
        return {"x": [], "y": [], "feature": []}

    @property
    def _logged(self) -> tuple[bool, bool]:
        return self.shown[0] in self.logged, self.shown[1] in self.logged

    @property
    def _scales(self) -> EveningOut:
        def learn() -> EveningOut:
            return EveningOut.fit(self.table.part.matrix(self.shown), np.array(self._logged))

        return self.table.kept.get(("scales", self.shown, self._logged), learn)

    def _centre(self, outcome: RunResult, feature: str) -> Floats:
        """Return the centroids' values; where a feature was not compared, its mean per segment stands in."""
        result = outcome.segmentation
        if feature in result.features:
            return result.centroids[:, result.features.index(feature)]
        return outcome.profile.averages([feature])[: result.k, 0]


@dataclass(frozen=True, eq=False)
class PlaneAxes:
    """A plane through all features, in prepared units."""

    outcome: RunResult
    plane: Plane
    shown: tuple[str, ...] = ()

    @property
    def key(self) -> object:
        """The plane, which is another after each run."""
        return id(self.plane)

    @property
    def titles(self) -> tuple[str, str]:
        """Which direction it is and how much it shows."""
        what = "variance" if self.plane.kind == "principal" else "separation"
        first, second = (percent(share) for share in self.plane.shares)
        return say("First direction: {first} of the {what}", first=first, what=what), say(
            "Second direction: {second} of the {what}", second=second, what=what
        )

    @property
    def quantities(self) -> tuple[Quantity, Quantity]:
        """Plain numbers: a place on a plane has no unit."""
        return "", ""

    @property
    def knees(self) -> tuple[float | None, float | None]:
        """Even scales: there is no logarithm of a place."""
        return None, None

    @property
    def note(self) -> str:
        """Say what the plane is, and how much it shows."""
        shown = percent(min(1.0, sum(self.plane.shares)))
        if self.plane.kind == "principal":
            return say(
                "The two directions in which customers differ most (principal components) show {shown} of "
                "all that they differ in. An arrow says where more of a feature leads.",
                shown=shown,
            )
        return say(
            "The two directions in which the segments are furthest apart (linear discriminants) show "
            "{shown} of what sets them apart. An arrow says where more of a feature leads.",
            shown=shown,
        )

    @property
    def projection(self) -> Projection:
        """Customers lie where they are on the plane; a missing value is filled."""
        return OnPlane(self.plane, self.outcome.segmentation.preparation)

    def centroids(self, outcome: RunResult) -> Floats:
        """Return where the centroids lie, k x 2."""
        return self.plane.place(outcome.segmentation.prepared_centroids)

    def limits(self, drawn: Sample) -> Limits:
        """Return what each axis spans: the customers that are drawn, and the centroids."""
        places = np.concatenate([places_of(drawn, self.projection), self.centroids(self.outcome)])
        # Neither is so narrow that the rounding of numbers would fill it.
        places[:, np.ptp(places, axis=0) < _NARROWEST * np.ptp(places)] = 0
        return axis_range(places[:, 0]), axis_range(places[:, 1])

    def arrows(self, limits: Limits) -> dict[str, list[Any]]:
        """Return where each feature's direction ends, drawn as long as the picture has room for."""
        # Of a category no direction is more or less.
        ends = self.plane.directions.T[: len(self.outcome.segmentation.features)]
        room = np.array([[-low, high] for low, high in limits])
        # How far each arrow could go before it leaves the picture.
        with np.errstate(divide="ignore", invalid="ignore"):
            factors = np.where(ends < 0, room[:, 0] / -ends, np.where(ends > 0, room[:, 1] / ends, np.inf))
        ends = ends * (_REACH * float(factors.min()))
        result = self.outcome.segmentation
        names = [plain_label(result.schema.label(name)) for name in result.features]
        return {"x": ends[:, 0].tolist(), "y": ends[:, 1].tolist(), "feature": names}


def feature_title(table: CustomerTable, feature: str, *, log: bool = False) -> str:
    """Return what a feature is called, with its unit, if one is known, and its scale, as plain text."""
    label = capitalised(table.label(feature))
    beside = unsaid_unit(label, table.unit(feature)), say("log scale") if log else ""
    said = [one for one in beside if one]
    return plain_label(f"{label} ({', '.join(said)})" if said else label)


def axis_range(places: Floats) -> tuple[float, float]:
    """Return limits that hold all places with a little room."""
    places = places[np.isfinite(places)]
    if not len(places):
        return 0.0, 1.0
    low, high = float(places.min()), float(places.max())
    room = (high - low) * _PADDING or abs(high) * _PADDING or 1.0
    return low - room, high + room
