"""The customers one by one, and one of them in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.style import CUSTOMERS_VIEW_STYLE
from custseg.panes.parts.customer_detail import CustomerDetail
from custseg.panes.parts.typing_form import TypingQuestions
from custseg.panes.tables.customer_list import Customers
from custseg.panes.views.view import WIDE, View, section

if TYPE_CHECKING:
    from collections.abc import Iterator


class CustomersView(View):
    """The list of customers, beside it the card of the one that is looked at, and the questions to place a new one."""

    def lay_out(self) -> Iterator[Any]:
        """Make the parts."""
        self.customers = self.make(Customers)
        self.customer_detail = self.make(CustomerDetail)
        both = (
            section("customers", self.customers),
            section("customer_detail", self.customer_detail, classes=("customer-card",)),
        )
        yield pn.Column(*both, css_classes=["list-and-card"], stylesheets=[CUSTOMERS_VIEW_STYLE], **WIDE)
        self.typing_questions = self.make(TypingQuestions)
        yield section("typing_questions", self.typing_questions)
