"""What a run comes out of, beside the customers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custseg.clustering.recipe import Recipe
    from custseg.narrative.playbook import Playbook


@dataclass(frozen=True)
class RunSettings:
    """What a run comes out of, beside the customers. Seed None is a random start.

    The playbook says it in words, and makes no other result.
    """

    features: tuple[str, ...]
    k: int
    seed: int | None
    recipe: Recipe
    playbook: Playbook | None = field(default=None, compare=False)

    def as_parameters(self) -> dict[str, Any]:
        """Return what makes the result as the model holds it."""
        held = {setting.name: getattr(self, setting.name) for setting in fields(self) if setting.compare}
        return held | {"features": list(self.features)}
