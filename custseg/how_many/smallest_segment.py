"""How small a suggested segment may be: a share of the customers, or so many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.language import say
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of a segment that a sample holds fewer customers of, nothing can be said of its size in the table.
FEWEST_SEEN = 10


@dataclass(frozen=True, slots=True)
class SmallestSegment:
    """A segment is large enough with this ``share`` of the customers, or with this ``size`` where it is not None."""

    share: float
    size: int | None
    customers: int
    sample_size: int

    def allows(self, sizes: Sequence[int]) -> bool:
        """Whether the smallest segment is large enough; ``sizes`` are those in the sample."""
        return min(sizes) * self.customers >= self._least * self.sample_size

    @property
    def shortfall(self) -> str:
        """What a segment that is too small has, in words."""
        if self._least < self.share * self.customers:
            return say("fewer than {least:,.0f} customers", least=self._least)
        return say("under {share} of customers", share=percent(self.share))

    @property
    def _least(self) -> float:
        by_share = self.share * self.customers
        if self.size is None:
            return by_share
        return min(by_share, max(self.size, FEWEST_SEEN * self.customers / self.sample_size))
