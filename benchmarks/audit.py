"""Whether groups are found where they are, and none where there are none: family by family, beside peers.

Of planted tables only those count in which K-Means can recover the groups: at the planted k, its adjusted Rand index
against them is RECOVERABLE or more. The rules in ``custseg.how_many`` were made on other seeds. scikit-learn and kneed
run live; mclust, cluster and fpc were run by ``audit_peers.R`` on the same tables.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from kneed import KneeLocator
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, silhouette_score

import custseg
from benchmarks.families import AMOUNTS, EMPTY, PLANTED, logged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.families import Floats, Labels

FIRST_SEED, TABLES_A_FAMILY = 700_000, 4
RECOVERABLE = 0.8
KS = range(2, 10)
R_ANSWERS = Path(__file__).parent / "audit_peers.json"
_MOST_ROWS = 2000


@dataclass(frozen=True, eq=False)
class AuditTable:
    """A table of a family: its standardised values, the planted group of each customer, and a name for files."""

    family: str
    name: str
    values: Floats
    labels: Labels | None

    @property
    def groups(self) -> int:
        """How many groups were planted; 0 for none."""
        return 0 if self.labels is None else int(self.labels.max()) + 1

    @property
    def recoverable(self) -> bool:
        """Whether K-Means finds the planted groups once it is told how many there are."""
        if self.labels is None:
            return True
        found = KMeans(self.groups, n_init=10, random_state=0).fit_predict(self.standardised)
        return bool(adjusted_rand_score(self.labels, found) >= RECOVERABLE)

    @property
    def standardised(self) -> Floats:
        """The features that differ between customers, each with mean 0 and standard deviation 1."""
        spread = self.values.std(axis=0)
        return np.asarray((self.values - self.values.mean(axis=0))[:, spread > 0] / spread[spread > 0])

    @property
    def customers(self) -> custseg.CustomerTable:
        """The table as custseg reads it."""
        names = [f"feature_{position}" for position in range(self.values.shape[1])]
        return custseg.CustomerTable.read(pd.DataFrame(self.values, columns=names))


def generator_of(family: str, seed: int) -> np.random.Generator:
    """Return the random generator of a table, which differs between families of the same seed."""
    return np.random.default_rng([zlib.crc32(family.encode()), seed])


def tables(first: int = FIRST_SEED, count: int = TABLES_A_FAMILY) -> Iterator[AuditTable]:
    """Yield so many tables of each family, raw and by log1p, the planted ones as far as they are recoverable."""
    for family, draw in EMPTY.items():
        for seed in range(first, first + count):
            values = draw(generator_of(family, seed))
            yield AuditTable(family, f"empty {family} raw {seed}", values, None)
            yield AuditTable(f"{family}, log1p", f"empty {family} log1p {seed}", logged(values), None)
    for family, plant in PLANTED.items():
        for seed in range(first, first + count):
            values, labels = plant(generator_of(f"planted {family}", seed))
            made = [AuditTable(family, f"planted {family} raw {seed}", values, labels)]
            if family in AMOUNTS:
                made.append(AuditTable(f"{family}, log1p", f"planted {family} log1p {seed}", logged(values), labels))
            yield from (table for table in made if table.recoverable)


def write_tables(folder: Path, first: int = FIRST_SEED, count: int = TABLES_A_FAMILY) -> None:
    """Write each table as a CSV file without a header, for ``audit_peers.R``."""
    for table in tables(first, count):
        np.savetxt(folder / f"{table.name.replace('/', '_')}.csv", table.standardised, delimiter=",", fmt="%.6g")


def answers(table: AuditTable, from_r: dict[str, dict[str, int | None]]) -> dict[str, int]:
    """Return how many groups each method finds; 0 for none, which silhouette and Calinski-Harabasz cannot say."""
    advice = custseg.advise(table.customers, ks=KS, seed=0)
    found = {"custseg": advice.suggested if advice.natural_groups else 0}
    found |= _indices(table.standardised) | {"HDBSCAN": _hdbscan(table.standardised)}
    for peer, groups in from_r.get(table.name.replace("/", "_"), {}).items():
        found[peer.replace("_", " ")] = groups or 0
    return found


def _indices(values: Floats) -> dict[str, int]:
    generator = np.random.default_rng(0)
    rows = generator.permutation(len(values))[:_MOST_ROWS]
    values, fits = values[rows], {}
    for k in KS:
        fits[k] = KMeans(k, n_init=10, random_state=0).fit(values)
    silhouettes = {k: silhouette_score(values, fit.labels_) for k, fit in fits.items()}
    ratios = {k: calinski_harabasz_score(values, fit.labels_) for k, fit in fits.items()}
    inertias = [fit.inertia_ for fit in fits.values()]
    elbow = KneeLocator(list(KS), inertias, curve="convex", direction="decreasing").elbow
    return {
        "silhouette": max(silhouettes, key=silhouettes.__getitem__),
        "Calinski-Harabasz": max(ratios, key=ratios.__getitem__),
        "elbow (kneed)": int(elbow or 0),
    }


def _hdbscan(values: Floats) -> int:
    labels = HDBSCAN(min_cluster_size=max(10, len(values) // 50), copy=True).fit_predict(values)
    return int(labels.max()) + 1


def measure(first: int = FIRST_SEED, count: int = TABLES_A_FAMILY) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return by family and method how often groups are found where none are, and the planted number where they are."""
    from_r = json.loads(R_ANSWERS.read_text()) if R_ANSWERS.exists() else {}
    wrong: dict[str, list[dict[str, bool]]] = defaultdict(list)
    right: dict[str, list[dict[str, bool]]] = defaultdict(list)
    for table in tables(first, count):
        found = answers(table, from_r)
        if table.groups:
            right[table.family].append({method: groups == table.groups for method, groups in found.items()})
        else:
            wrong[table.family].append({method: groups > 0 for method, groups in found.items()})
    return _shares(wrong), _shares(right)


def _shares(outcomes: dict[str, list[dict[str, bool]]]) -> pd.DataFrame:
    """Return a row for each family with its number of tables and the share of each method, and one for all."""
    rows = {family: pd.DataFrame(tables).mean() for family, tables in outcomes.items()}
    everything = pd.DataFrame([table for tables in outcomes.values() for table in tables])
    frame = pd.DataFrame({**rows, "all": everything.mean()}).T
    frame.insert(0, "tables", [*map(len, outcomes.values()), len(everything)])
    return frame
