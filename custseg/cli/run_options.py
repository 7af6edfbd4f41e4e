"""How customers are to be segmented, as it was typed, and the run that this is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custseg import Playbook, Recipe, SegmentationModel
from custseg.cli.progress import progress
from custseg.clustering.recipe import AUTO
from custseg.language import mark, say
from custseg.settings import DEFAULT_K, DEFAULT_SEED

if TYPE_CHECKING:
    from custseg import CustomerTable

Seed = Annotated[int, typer.Option(help=mark("The seed that reproduces the result."))]
Feature = Annotated[list[str] | None, typer.Option(help=mark("A column to compare; repeat for more. Default: all."))]
EvenOut = Annotated[bool, typer.Option("--even-out", help=mark("Even out skewed amounts and counts."))]


@dataclass(frozen=True)
class RunOptions:
    """What is compared, how, and in how many segments."""

    k: Annotated[int, typer.Option("-k", help=mark("Number of segments, 2 to 10."))] = DEFAULT_K
    seed: Seed = DEFAULT_SEED
    feature: Feature = None
    even_out: EvenOut = False
    categories: Annotated[
        bool, typer.Option("--categories", help=mark("Compare the categories too; each counts as one number at most."))
    ] = False
    gaps: Annotated[
        str,
        typer.Option(
            help=mark(
                "What becomes of missing values: median fills in that of the column, nearest those of similar "
                "customers, and drop leaves the customer out."
            )
        ),
    ] = "median"
    trim: Annotated[
        float, typer.Option(help=mark("The share of customers, 0 to 0.25, to set apart as farthest from all segments."))
    ] = 0.0
    method: Annotated[
        str, typer.Option(help=mark("How segments are found: k-means, or mixture for segments of any shape and size."))
    ] = "k-means"
    playbook: Annotated[
        Path | None,
        typer.Option(
            help=mark(
                "Names and suggestions: one of retail, online_shop, subscription, bank, or a YAML file of your own. "
                "Default: what suits the table."
            )
        ),
    ] = None

    def run(self, table: CustomerTable, *, without: str | None = None) -> SegmentationModel:
        """Segment the customers; what is ``without`` is not compared unless it was asked for."""
        given: dict[str, Any] = {"missing": self.gaps, "method": self.method}
        recipe = Recipe(log=AUTO if self.even_out else (), categories=self.categories, trim=self.trim, **given)
        book = Playbook.find(self.playbook) if self.playbook is not None else None
        chosen = self._features(table, without)
        model = SegmentationModel(table, playbook=book, k=self.k, seed=self.seed, recipe=recipe, **chosen)
        with progress(say("Finding segments")):
            model.run_clustering()
        return model

    def _features(self, table: CustomerTable, without: str | None) -> dict[str, list[str]]:
        """Return the features to compare, as the model takes them: nothing where they are all."""
        if self.feature or without not in table.features:
            return {"features": self.feature} if self.feature else {}
        return {"features": [name for name in table.features if name != without]}
