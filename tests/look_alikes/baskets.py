"""Order lines that many exports share: who ordered what and when, how many and at which price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.values import counts

if TYPE_CHECKING:
    from numpy.random import Generator

PRODUCTS = (
    "Hanging lantern", "Jumbo bag red", "Paper chain kit", "Bread bin", "Glass jar", "Tea towel", "Cake stand",
    "Photo frame", "Wicker heart", "Door mat", "Alarm clock", "Lunch box", "Mug set", "Candle holder", "Doll kit",
    "Water bottle", "Gift tape", "Garden gloves", "Wall clock", "Cushion cover", "Picnic basket", "Key fob",
)  # fmt: skip
GROUPS = ("Lighting", "Bags", "Kitchen", "Decoration")


def order_lines(generator: Generator, customers: int = 60, orders: int = 160, most: int = 5, *,
                start: str = "2022-01-03 08:00", weeks: int = 70) -> pd.DataFrame:  # fmt: skip
    """Make lines of orders, oldest first: each customer orders at least once.

    The columns are ``order``, ``customer`` and ``product`` (positions), ``line`` (from 1 within its order), ``moment``,
    ``quantity`` and ``price``, which is the same for each piece of a product.
    """
    buyers = generator.permutation(
        np.concatenate([np.arange(customers), generator.integers(0, customers, orders - customers)])
    )
    minutes = np.sort(generator.integers(0, weeks * 7 * 24 * 60, orders))
    order = np.repeat(np.arange(orders), generator.integers(1, most + 1, orders))
    frame = pd.DataFrame({"order": order, "customer": buyers[order]})
    # No product comes twice in an order.
    first = generator.integers(0, len(PRODUCTS), orders)
    frame["line"] = frame.groupby("order").cumcount() + 1
    frame["product"] = (first[order] + 3 * frame["line"]) % len(PRODUCTS)
    frame["moment"] = pd.Timestamp(start) + pd.to_timedelta(minutes[order], unit="min")
    frame["quantity"] = counts(generator, len(frame), 2, 1)
    frame["price"] = np.round(generator.lognormal(1.8, 0.7, len(PRODUCTS)), 2)[frame["product"]]
    return frame


def whole_orders(generator: Generator, customers: int = 60, orders: int = 160) -> pd.DataFrame:
    """Make orders with one row each: ``order``, ``customer``, ``moment``, ``items`` and ``total``."""
    lines = order_lines(generator, customers, orders)
    lines["total"] = lines["quantity"] * lines["price"]
    by_order = lines.groupby("order")
    orders_made = by_order[["customer", "moment"]].first()
    orders_made["items"] = by_order["quantity"].sum()
    orders_made["total"] = by_order["total"].sum().round(2)
    return orders_made.reset_index()


def titles(lines: pd.DataFrame) -> list[str]:
    """Return the name of the product of each line."""
    return [PRODUCTS[product] for product in lines["product"]]


def groups(lines: pd.DataFrame) -> list[str]:
    """Return the group that the product of each line belongs to."""
    return [GROUPS[product % len(GROUPS)] for product in lines["product"]]


def of_each(values: list[str] | list[int], positions: pd.Series[int]) -> list[str | int]:
    """Return the value at the position of each row."""
    return [values[position] for position in positions]
