"""Parameters that refuse what cannot be had, in the words of ``custseg.settings``."""

from __future__ import annotations

import param

from custseg.settings import (
    check_axis,
    check_features,
    check_k,
    check_ks,
    check_picture,
    check_seed,
    check_share,
    check_size,
)


class SegmentCount(param.Integer[int]):
    """k."""

    def _validate(self, val: object) -> None:
        check_k(val)


class Seed(param.Integer[int | None]):
    """A seed or None."""

    def _validate(self, val: object) -> None:
        check_seed(val)


class Axis(param.Selector[str]):
    """The name of a feature to show."""

    def _validate(self, val: object) -> None:
        check_axis(val, tuple(self.objects), self.name or "the picture")


class Features(param.ListSelector):
    """Names of features."""

    @staticmethod
    def as_list(features: object, available: tuple[str, ...]) -> list[str]:
        """Return features as the list that the parameter holds, or raise SettingError where they can't be had."""
        return list(check_features(features, available))

    def _validate(self, val: object) -> None:
        check_features(val, tuple(self.objects))


class Picture(param.Selector[str]):
    """What the picture shows: two features, or a plane through all."""

    def _validate(self, val: object) -> None:
        check_picture(val)


class SegmentCounts(param.Parameter[list[int]]):
    """The numbers of segments to look at."""

    def _validate(self, val: object) -> None:
        check_ks(val)


class Size(param.Integer[int | None]):
    """A number of customers, or None."""

    def _validate(self, val: object) -> None:
        check_size(val)


class Share(param.Number[float]):
    """A share of the customers."""

    def _validate(self, val: object) -> None:
        check_share(val)
