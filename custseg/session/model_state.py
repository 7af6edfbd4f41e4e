"""All that a model holds, as frozen values: another model can take them over, also one in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.change.comparison import Comparison
    from custseg.change.evened_out import EvenedOutComparison
    from custseg.change.migration import Migration
    from custseg.session.model_outputs import ModelOutputs
    from custseg.session.run_result import RunResult
    from custseg.session.searches import Findings
    from custseg.session.selection import Selection
    from custseg.tables.table import CustomerTable

# What a person set.
_SETTINGS = (
    "features",
    "x",
    "y",
    "picture",
    "axes_chosen",
    "log_scale",
    "k",
    "seed",
    "recipe",
    "playbook",
    "ks",
    "smallest_share",
    "smallest_size",
)


@dataclass(frozen=True, eq=False)
class ModelState:
    """What a model holds.

    Attributes
    ----------
    table, settings
        The customers, and what a person set, by the names of parameters.
    runs, compared
        The runs that are kept, and what was compared of them.
    outcome, migration, evened_out
        The run that is shown, and what was found of it beside.
    findings
        What was looked for and found.
    selected
        The customers that are selected.

    """

    table: CustomerTable
    settings: Mapping[str, Any]
    runs: tuple[RunResult, ...]
    compared: Comparison | None
    outcome: RunResult | None
    migration: Migration | None
    evened_out: EvenedOutComparison | None
    findings: Findings
    selected: Selection | None

    @classmethod
    def of(cls, model: ModelOutputs, findings: Findings) -> ModelState:
        """Return what a model holds now."""
        return cls(
            table=model.table,
            settings={name: getattr(model, name) for name in _SETTINGS},
            runs=model.runs.runs,
            compared=model.runs.compared,
            outcome=model.outcome,
            migration=model.migration,
            evened_out=model.evened_out,
            findings=findings,
            selected=model.selected,
        )
