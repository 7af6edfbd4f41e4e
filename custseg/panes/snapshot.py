"""One result as one HTML file, which opens from disk without a network."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import panel as pn
from bokeh.document import Document
from bokeh.resources import INLINE
from panel.io.notebook import patch_inline_stylesheets
from panel.io.resources import _env, set_resource_mode
from panel.io.save import file_html
from panel.io.state import set_curdoc

from custseg.errors import SettingError
from custseg.export.files import whole_file
from custseg.panes.base.notebook import release_root
from custseg.panes.base.style import PAGE_TOKENS
from custseg.panes.headings import HEADINGS
from custseg.panes.parts.actions import Actions
from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.influence import InfluenceBars
from custseg.panes.parts.interpretation import Words
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.scatter import Scatter
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.status import describe_run
from custseg.panes.parts.worth import WorthPart
from custseg.panes.tables.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    import jinja2

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Report:
    """The last result of a model as a file."""

    model: SegmentationModel

    def save(self, path: str | PathLike[str], *, customers: bool = True) -> None:
        """Write it to a file, as ``save_html`` does."""
        save_html(self.model, path, customers=customers)

    def write(self, stream: BinaryIO) -> None:
        """Write it to a binary stream."""
        stream.write(render_html(self.model).encode())


def save_html(model: SegmentationModel, path: str | PathLike[str], *, customers: bool = True) -> None:
    """Write the last result as one HTML file. Raises SettingError where there is none, OSError as ``model.save``."""
    page = render_html(model, customers=customers)
    with whole_file(path) as stream:
        stream.write(page.encode())


def render_html(model: SegmentationModel, *, customers: bool = True) -> str:
    """Return the last result as one HTML page with everything in it: picture, table, words, BokehJS and style sheets.

    ``customers=False`` leaves out every single customer: the picture then shows the centroids alone.
    Raises SettingError where nothing was run yet.
    """
    outcome = model.outcome
    if outcome is None:
        msg = "There is no result to save yet. Run the clustering first."
        raise SettingError(msg)
    # Views of a copy: theirs is a document of its own, and the model that is saved doesn't keep them alive.
    twin = model.copy()
    views: dict[str, Any] = {
        "key_figures": KeyFigures(twin).__panel__(),
        "scatter": Scatter(twin, static=True, points=customers).__panel__(),
        "words": Words(twin).__panel__(),
        "actions": Actions(twin, static=True).__panel__(),
        "summary": Summary(twin, static=True).__panel__(),
        "segment_charts": SegmentCharts(twin, static=True).__panel__(),
    }
    if twin.certainty is not None and twin.rules is not None:
        views["influence"] = InfluenceBars(twin).__panel__()
        views["segment_rules"] = SegmentRules(twin).__panel__()
        views["certainty"] = CertaintyPart(twin, static=True, customers=customers).__panel__()
    if twin.multiverse is not None:
        views["other_settings"] = OtherSettings(twin, static=True).__panel__()
    if twin.worth is not None:
        views["worth"] = WorthPart(twin, static=True).__panel__()
    document = Document()
    with _all_inline(document):
        roots = [_static_root(name, view, document) for name, view in views.items()]
        try:
            return str(
                file_html(
                    roots,
                    INLINE,
                    title=f"{model.table.title}: {outcome.segmentation.k} segments",
                    template=_template(),
                    template_variables={
                        "with_worth": "worth" in views, "with_other_settings": "other_settings" in views,
                        "tokens": PAGE_TOKENS, "facts": _facts(outcome), "source": model.table.source,
                        "understood": model.table.notes, "assessed": "certainty" in views, "headings": HEADINGS,
                    },
                )
            )  # fmt: skip
        finally:
            for view, root in zip(views.values(), roots, strict=True):
                release_root(view, root)


@contextmanager
def _all_inline(document: Document) -> Iterator[None]:
    """Have Panel write everything that a document of its own needs, and nothing else, into the file."""
    # Else it would be taken to need what the session's page does, whose modules Panel links by address.
    pn.state._extensions_[document] = ["tabulator"]
    # In a session, Panel would else take this document's style sheets for those of the page that is open.
    with set_resource_mode("inline"), pn.config.set(inline=True), set_curdoc(document):
        yield


def _static_root(name: str, view: Any, document: Document) -> Any:
    root = view.get_root(document)
    root.name = name
    for model in root.references():
        # Panel links style sheets by address; from disk there is no server to ask.
        if hasattr(model, "stylesheets"):
            patch_inline_stylesheets(model)
    document.add_root(root)
    return root


def _facts(outcome: RunResult) -> str:
    result = outcome.segmentation
    now = datetime.now().astimezone()
    steps = " ".join((*result.preparation.steps, outcome.influence.say(result.schema)))
    return f"{describe_run(outcome)}. Compared: {_compared(result)}. {steps} Made on {now.day} {now:%B %Y, %H:%M}."


def _compared(result: Segmentation) -> str:
    return ", ".join(map(result.schema.label, (*result.features, *result.categories)))


@cache
def _template() -> jinja2.Template:
    template: jinja2.Template = _env.from_string((_HERE / "snapshot.html").read_text(encoding="utf-8"))
    return template
