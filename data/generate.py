"""Make the two sample tables that are no one's real customers: ``python data/generate.py`` writes them beside itself.

Each customer is of one kind, and what the customer does is drawn around what is typical of that kind, so that there
are groups to be found. The same seed gives the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

HERE = Path(__file__).parent
SHOP, CARDS = HERE / "online_shop_customers.csv", HERE / "loyalty_cards.parquet"
SEED = 20260101
SHOP_CUSTOMERS, CARD_HOLDERS, RESALE_SHOPS = 5_000, 50_000, 30


@dataclass(frozen=True)
class Shopper:
    """One kind of customer of the online shop: typical values; ``tastes`` weigh electronics, home, fashion and toys."""

    share: float
    orders: float
    basket: float
    recency: float
    tenure: float
    tastes: tuple[float, float, float, float]


SHOPPERS = (
    Shopper(0.18, 14, 65, 20, 900, (2, 4, 8, 2)),  # loyal regulars
    Shopper(0.30, 1, 28, 240, 260, (3, 3, 6, 3)),  # came once, for a bargain
    Shopper(0.10, 3, 480, 90, 600, (9, 3, 1, 1)),  # buy seldom and dear
    Shopper(0.24, 5, 55, 420, 800, (2, 5, 4, 3)),  # have not come for long
    Shopper(0.18, 2, 60, 25, 60, (2, 3, 3, 8)),  # newcomers, many of them parents
)
COUNTRIES = {
    "Germany": 0.38,
    "Austria": 0.16,
    "France": 0.18,
    "Netherlands": 0.12,
    "Spain": 0.12,
    "Türkiye": 0.04,
}
CATEGORIES = ("electronics", "home", "fashion", "toys")


def make_shop(customers: int = SHOP_CUSTOMERS) -> pd.DataFrame:
    """Make customers of an online shop as recency, frequency and monetary value."""
    generator = np.random.default_rng(SEED)
    kinds = generator.choice(len(SHOPPERS), customers, p=[kind.share for kind in SHOPPERS])

    def typical(name: str) -> np.ndarray:
        return np.array([getattr(kind, name) for kind in SHOPPERS])[kinds]

    orders = 1 + generator.poisson(typical("orders") - 1)
    recency = np.minimum(generator.gamma(2.0, typical("recency") / 2).round(), 1500).astype(int)
    # A customer who came once has known the shop for as long as that one order is ago.
    tenure = np.where(orders == 1, recency, recency + generator.gamma(4.0, typical("tenure") / 4).round().astype(int))
    revenue = (orders * typical("basket") * generator.lognormal(0, 0.35, customers)).clip(1).round(2)
    tastes = np.array([generator.dirichlet(SHOPPERS[kind].tastes) for kind in kinds])
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05}" for number in range(1, customers + 1)],
            "country": generator.choice(list(COUNTRIES), customers, p=list(COUNTRIES.values())),
            "recency_days": recency,
            "orders": orders,
            "revenue": revenue,
            "average_basket": (revenue / orders).round(2),
            "tenure_days": tenure,
        }
        | dict(zip([f"share_{name}" for name in CATEGORIES], _thousandths(tastes).T, strict=True))
    )


def _thousandths(shares: np.ndarray) -> np.ndarray:
    """Round shares to three decimals that still sum to 1: the largest takes what rounding left over."""
    whole = np.rint(shares * 1000).astype(int)
    rows = np.arange(len(whole))
    whole[rows, shares.argmax(axis=1)] += 1000 - whole.sum(axis=1)
    return np.asarray(whole / 1000)


@dataclass(frozen=True)
class Household:
    """One kind of card holder: typical values, with the spend a year on fresh food, household, drinks and others."""

    share: float
    age: float
    companions: float
    visits: float
    spend: tuple[float, float, float, float]
    app: float


HOUSEHOLDS = (
    Household(0.26, 44, 2.4, 9.0, (1900, 520, 380, 900), 6.0),  # families with the weekly shop
    Household(0.30, 63, 0.9, 5.0, (1100, 160, 220, 240), 0.2),  # older couples who cook
    Household(0.24, 27, 0.4, 3.5, (180, 60, 460, 150), 9.0),  # young, drinks and snacks
    Household(0.20, 39, 0.9, 1.2, (60, 190, 40, 70), 0.5),  # come for offers on household goods
)
STORES = (
    "Abbey Road",
    "Bridge Street",
    "Castle Hill",
    "Docks",
    "East Gate",
    "Fairground",
    "Garden City",
    "Harbour",
    "Market Square",
    "North End",
    "Station",
    "University",
)
REMARKS = (
    "moved house, new address to follow",
    "lost the card; replaced it at the till",
    "asked for a paper receipt",
    "prefers to be called, not written to",
    "complained of a mouldy melon, got a voucher",
    "allergic to nuts",
    "surname changed",
    "two cards in one household?",
)
SPEND = ("spend_fresh", "spend_household", "spend_drinks", "spend_other")
MISSING = {"age": 0.12, "household_size": 0.30, **dict.fromkeys(SPEND, 0.03), "remark": 0.98}


def make_cards(holders: int = CARD_HOLDERS) -> pd.DataFrame:
    """Make holders of a supermarket's loyalty card, with gaps, a few resellers, and columns that say nothing."""
    generator = np.random.default_rng(SEED + 1)
    kinds = generator.choice(len(HOUSEHOLDS), holders, p=[kind.share for kind in HOUSEHOLDS])

    def typical(name: str) -> np.ndarray:
        return np.array([getattr(kind, name) for kind in HOUSEHOLDS])[kinds]

    # Whoever comes often buys more of everything, so the columns of one kind go together.
    loyalty = generator.lognormal(0, 0.3, holders)
    visits = typical("visits") * loyalty * generator.lognormal(0, 0.3, holders)
    cards = pd.DataFrame(
        {
            "card_number": 700_000_000 + generator.choice(9 * holders, holders, replace=False),
            "joined": np.datetime64("2016-01-01") + generator.integers(0, 3650, holders).astype("timedelta64[D]"),
            "home_store": generator.choice(STORES, holders),
            "newsletter": generator.random(holders) < 0.35,
            "age": generator.normal(typical("age"), 8).round().clip(18, 95),
            "household_size": 1.0 + generator.poisson(typical("companions")),
            "visits_per_month": visits.clip(0.1).round(1),
        }
        | dict(zip(SPEND, _spend(generator, typical("spend") * loyalty[:, None]).T, strict=True))
        | {
            "returns_share": generator.beta(1.2, 40, holders).round(3),
            "app_sessions": generator.poisson(typical("app") * (generator.random(holders) < 0.4)),
            "remark": generator.choice(REMARKS, holders),
            "programme": "Green card",
        }
    )
    return cards.assign(**{name: cards[name].mask(generator.random(holders) < MISSING[name]) for name in MISSING})


def _spend(generator: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """Draw spend around what is expected, in EUR, and let a few be corner shops that buy for resale."""
    spend = expected * generator.lognormal(0, 0.5, expected.shape)
    shops = generator.choice(len(spend), RESALE_SHOPS, replace=False)
    # A hundred times the normal whatever the kind, so that each of them stands out.
    spend[shops] = np.median(spend, axis=0) * generator.lognormal(np.log(100), 0.3, (RESALE_SHOPS, len(SPEND)))
    return np.asarray(spend.round(2))


def to_arrow(cards: pd.DataFrame) -> pa.Table:
    """Return the cards as they are stored: pandas knows points in time, Parquet also plain dates."""
    table = pa.Table.from_pandas(cards, preserve_index=False).replace_schema_metadata()
    place = table.column_names.index("joined")
    return table.set_column(place, "joined", table["joined"].cast(pa.date32()))


def main() -> None:
    """Write both tables."""
    make_shop().to_csv(SHOP, index=False, lineterminator="\n")
    parquet.write_table(to_arrow(make_cards()), CARDS, compression="zstd")


if __name__ == "__main__":
    main()
