"""The page's peer: a first version with Panel and hvPlot, with the same table and controls in a plain column."""

from __future__ import annotations

from pathlib import Path

import holoviews as hv
import hvplot.pandas  # noqa: F401 - gives DataFrame its .hvplot
import pandas as pd
import panel as pn
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

FEATURES = ["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"]

pn.extension("tabulator")
customers = pd.read_csv(Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv")
across = pn.widgets.Select(name="Across (x)", options=FEATURES, value="Fresh")
up = pn.widgets.Select(name="Up (y)", options=FEATURES, value="Milk")
k = pn.widgets.IntSlider(name="Number of segments", start=2, end=10, value=4)
button = pn.widgets.Button(name="Run clustering", button_type="primary")
table = pn.widgets.Tabulator(pd.DataFrame(), css_classes=["summary"])
words = pn.pane.Markdown("", css_classes=["words"])
result = hv.streams.Stream.define("Result", labels=[0] * len(customers))()
axes = (
    hv.streams.Params(across, ["value"], rename={"value": "x"}),
    hv.streams.Params(up, ["value"], rename={"value": "y"}),
)


def points(x: str, y: str, labels: list[int]) -> hv.Points:
    """Draw the customers."""
    frame = customers.assign(segment=[str(label) for label in labels])
    return frame.hvplot.points(
        x, y, color="segment", hover_cols=FEATURES, cmap="Category10", responsive=True, height=500
    )


def centroids(x: str, y: str, labels: list[int]) -> hv.Points:
    """Draw the centroids."""
    means = customers.assign(segment=labels).groupby("segment")[FEATURES].mean()
    return means.hvplot.points(x, y, marker="x", size=200, color="black", responsive=True, height=500)


def run(_event: object) -> None:
    """Fit, and show the result everywhere."""
    fitted = KMeans(k.value, n_init=10, random_state=42).fit(StandardScaler().fit_transform(customers[FEATURES]))
    result.event(labels=list(fitted.labels_))
    groups = customers.assign(segment=fitted.labels_).groupby("segment")
    table.value = groups[FEATURES].mean().assign(customers=groups.size())
    words.object = "\n\n".join(f"Segment {label}: {len(group)} customers" for label, group in groups)


button.on_click(run)
streams = [*axes, result]
plot = hv.DynamicMap(points, streams=streams) * hv.DynamicMap(centroids, streams=streams)
pn.Column(k, button, across, up, pn.panel(plot, height=500), table, words, sizing_mode="stretch_width").servable()
