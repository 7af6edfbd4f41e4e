"""Generated look-alikes of real exports that people segment, grouped by kind, each with its right answer."""

from __future__ import annotations

from tests.look_alikes import banking, retail
from tests.look_alikes.look_alike import CustomersLookAlike, LookAlike, PurchasesLookAlike

__all__ = ["CUSTOMERS", "LOOK_ALIKES", "PURCHASES", "CustomersLookAlike", "LookAlike", "PurchasesLookAlike"]

CUSTOMERS: list[CustomersLookAlike] = [*retail.LOOK_ALIKES, *banking.LOOK_ALIKES]
PURCHASES: list[PurchasesLookAlike] = []
LOOK_ALIKES: list[LookAlike] = [*CUSTOMERS, *PURCHASES]
