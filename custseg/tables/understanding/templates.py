"""Exports that many shops share, told by the names of their columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custseg.tables.purchase_columns import TransactionColumns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.tables.understanding.facts import Facts


@dataclass(frozen=True, slots=True)
class Template:
    """What an export is called, and which of its columns is which; it is told by those that it needs."""

    title: str
    columns: TransactionColumns
    needs: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        columns = self.columns
        named = (columns.customer, columns.date, columns.order, columns.category, columns.currency, columns.status)
        return (*self.needs, *(name for name in named if name is not None))


def _shopify() -> TransactionColumns:
    return TransactionColumns(
        "Email", "Created at", "Total", category="Lineitem name", order="Name", currency="Currency",
        status="Financial Status", not_bought=("voided", "expired"),
    )  # fmt: skip


_RETAIL = TransactionColumns(
    "CustomerID", "InvoiceDate", "Quantity * UnitPrice", category="Description", order="InvoiceNo", return_mark="C"
)
_RETAIL_2 = replace(_RETAIL, customer="Customer ID", amount="Quantity * Price", order="Invoice")
_OLIST = TransactionColumns(
    "customer_unique_id", "order_purchase_timestamp", "price", order="order_id", status="order_status",
    not_bought=("canceled", "unavailable"),
)  # fmt: skip
_STRIPE = TransactionColumns(
    "Customer ID", "Created date (UTC)", "Amount - Amount Refunded", order="id", currency="Currency",
    status="Status", not_bought=("Failed", "Canceled", "Blocked", "requires_payment_method"),
)  # fmt: skip
_WOOCOMMERCE = TransactionColumns(
    "Email (Billing)", "Order Date", "Order Total Amount - Order Refund Amount", "Item Name", "Order Number",
    status="Order Status", not_bought=("Failed", "Cancelled", "wc-failed", "wc-cancelled"),
)  # fmt: skip
_AMAZON = TransactionColumns(
    "buyer-email", "purchase-date", "item-price", "product-name", "order-id", currency="currency"
)
_INSTACART = TransactionColumns("user_id", None, None, order="order_id", category="department")
TEMPLATES: tuple[Template, ...] = (
    Template("Online Retail", _RETAIL, ("StockCode", "Quantity", "UnitPrice")),
    Template("Online Retail without dates", replace(_RETAIL, date=None), ("StockCode", "Quantity", "UnitPrice")),
    Template("Online Retail II", _RETAIL_2, ("StockCode", "Quantity", "Price")),
    Template(
        "Superstore", TransactionColumns("Customer ID", "Order Date", "Sales", "Category", "Order ID"), ("Row ID",)
    ),
    Template("Shopify orders", replace(_shopify(), amount="Total - Refunded Amount"), ("Refunded Amount", "Total")),
    Template("Shopify orders", _shopify(), ("Total", "Lineitem quantity")),
    Template("Stripe payments", _STRIPE, ("Amount", "Amount Refunded")),
    Template("Stripe payments", replace(_STRIPE, date="Created (UTC)"), ("Amount", "Amount Refunded")),
    Template("WooCommerce orders", _WOOCOMMERCE, ("Order Total Amount", "Order Refund Amount")),
    Template("Amazon order report", _AMAZON, ("quantity-purchased", "item-price")),
    Template("Olist", replace(_OLIST, category="product_category_name"), ("price",)),
    Template("Olist", _OLIST, ("price",)),
    Template("Instacart", _INSTACART, ("product_id",)),
    Template("Instacart", replace(_INSTACART, category="product_name"), ("product_id",)),
)


def find_template(names: Iterable[str]) -> Template | None:
    """Return the export whose columns are all there, None where it is no known one."""
    there = set(names)
    return next((template for template in TEMPLATES if there.issuperset(template.required)), None)


def fits_cdnow(facts: Facts) -> bool:
    """Whether it is like the purchases of CDNOW: no header, then customer, day, pieces and amount in four columns."""
    columns = list(facts.values())
    if len(columns) != 4 or not all(column.name.lower().startswith("column") for column in columns):
        return False
    customer, date, pieces, amount = columns
    return (
        customer.repeats
        and date.is_date
        and pieces.whole
        and amount.numeric
        and not amount.whole
        and pieces.distinct < 100
    )
