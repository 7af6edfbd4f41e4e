"""What an alarm found, as kind and figures that a ledger keeps, and how it is said to whoever reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from custseg.change.category_drift import CategoryDrift
from custseg.change.correlation_drift import CorrelationDrift
from custseg.change.drift import Drift
from custseg.change.segment_fit import say_far
from custseg.language import mark, say
from custseg.wording import count, percent


class _Finding(BaseModel):
    """Figures, which may be NaN; ``sentence`` says them, with ``{segment}`` for the name of a segment."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="constants")


class Shrunk(_Finding):
    """A segment that has lost customers: its share of them, and how many they were and are."""

    kind: Literal["shrunk"] = "shrunk"
    share_before: float
    before: int
    share_now: float
    now: int

    @property
    def sentence(self) -> str:
        """What has changed."""
        return say(
            "{{segment}} has shrunk from {share_before} of the customers ({before:,}) to {share_now} ({now:,}).",
            share_before=percent(self.share_before), before=self.before,
            share_now=percent(self.share_now), now=self.now,
        )  # fmt: skip


class Drifted(_Finding):
    """A segment whose columns have shifted: the most shifted one, and how many others."""

    kind: Literal["drifted"] = "drifted"
    most: Drift
    others: int

    @property
    def sentence(self) -> str:
        """What has changed."""
        before, now = self.most.medians
        # The segment is named by who reads it: its name may change.
        if not self.others:
            message = mark("{{segment}} has drifted: {label}, usually {before} before, is now usually {now}.")
            return say(message, label=self.most.label, before=before, now=now)
        return say(
            "{{segment}} has drifted: {label}, usually {before} before, is now usually {now}, and {columns}.",
            label=self.most.label, before=before, now=now, columns=count(self.others, "other column"),
        )  # fmt: skip


class Shifted(_Finding):
    """A column that has shifted among all customers."""

    kind: Literal["column"] = "column"
    drift: Drift | CategoryDrift

    @property
    def sentence(self) -> str:
        """What has changed."""
        return self.drift.sentence


class Parted(_Finding):
    """Two features that go together in another way."""

    kind: Literal["pair"] = "pair"
    drift: CorrelationDrift

    @property
    def sentence(self) -> str:
        """What has changed."""
        return self.drift.sentence


class Far(_Finding):
    """Which share of the customers is far from the centroid of its segment; None where nobody is in one."""

    kind: Literal["distance"] = "distance"
    share: float | None

    @property
    def sentence(self) -> str:
        """What has changed."""
        return say_far(self.share)


class Altogether(_Finding):
    """All columns together."""

    kind: Literal["whole"] = "whole"

    @property
    def sentence(self) -> str:
        """What has changed."""
        return say("Taken as a whole, the customers have changed, though no single column has changed much.")


Finding = Shrunk | Drifted | Shifted | Parted | Far | Altogether
_FINDING: TypeAdapter[Finding] = TypeAdapter(Annotated[Finding, Field(discriminator="kind")])


def read_finding(text: str) -> Finding:
    """Return what ``as_text`` wrote. Raises ValidationError for anything else."""
    return _FINDING.validate_json(text)


def as_text(finding: Finding) -> str:
    """Write a finding, to be kept."""
    return finding.model_dump_json()
