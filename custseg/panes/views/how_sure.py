"""How many segments there should be, and how sure one can be of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.how_many import HowManyAdvice
from custseg.panes.parts.influence import InfluenceBars
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.second_opinion import SecondOpinionPart
from custseg.panes.parts.worth import WorthPart
from custseg.panes.views.view import View, pair, section, stack

if TYPE_CHECKING:
    from collections.abc import Iterator


class HowSure(View):
    """Advice on the number, certainty, other settings, a second opinion, what decided, and what acting is worth."""

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.certainty = self.make(CertaintyPart)
        yield section("certainty", self.certainty)
        self.how_many_advice = self.make(HowManyAdvice)
        self.other_settings = self.make(OtherSettings)
        self.second_opinion = self.make(SecondOpinionPart)
        self.influence = self.make(InfluenceBars)
        yield pair(
            stack(
                section("how_many_advice", self.how_many_advice),
                section("second_opinion", self.second_opinion),
                section("other_settings", self.other_settings),
            ),
            section("influence", self.influence),
        )
        self.worth = self.make(WorthPart)
        yield self.worth
