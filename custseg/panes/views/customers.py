"""The customers one by one, and one of them in detail."""

from __future__ import annotations

from typing import Any

from custseg.panes.parts.customer_detail import CustomerDetail
from custseg.panes.tables.customer_list import Customers
from custseg.panes.views.view import View, section


class CustomersView(View):
    """The list of customers, and the card of the one that is looked at."""

    def lay_out(self) -> list[Any]:
        """Make the parts."""
        self.customers = self.make(Customers)
        self.customer_detail = self.make(CustomerDetail)
        return [section("customers", self.customers, self.customer_detail)]
