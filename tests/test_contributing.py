"""What CONTRIBUTING.md says of adding a thing is so: one entry in one list, and the thing is everywhere."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
import pytest
from bokeh.models import Plot
from typer.testing import CliRunner

from custseg import SegmentationModel, profile
from custseg.cli import make_app
from custseg.export.formats import FORMATS
from custseg.export.summary_columns import SUMMARY_COLUMNS
from custseg.panes import Downloads, Explorer, SegmentCharts, Summary, render_html
from custseg.panes.charts.catalogue import CHARTS
from custseg.panes.views.catalogue import VIEWS
from custseg.wording import share
from dashboard.data_picker import Intake
from dashboard.page import page
from tests.panes.hands import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRIBUTING = (Path(__file__).resolve().parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
LONGEST = 10


def recipe(name: str) -> str:
    found = re.search(rf"<!-- recipe: {name} -->\n```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    assert found, f"CONTRIBUTING.md has no recipe for a {name}"
    return found[1]


@pytest.fixture
def added(request: pytest.FixtureRequest) -> Iterator[str]:
    """Follow a recipe, and take what it added out again."""
    lists: list[list[Any]] = [SUMMARY_COLUMNS, CHARTS, FORMATS, VIEWS]
    before = [list(entries) for entries in lists]
    exec(recipe(request.param), {})  # noqa: S102 - the recipe is ours
    assert sum(len(entries) for entries in lists) == sum(len(entries) for entries in before) + 1
    yield request.param
    for entries, there in zip(lists, before, strict=True):
        entries[:] = there


@pytest.mark.parametrize("name", ["statistic", "picture", "format", "view"])
def test_a_recipe_is_short(name: str) -> None:
    assert len([line for line in recipe(name).splitlines() if line.strip()]) <= LONGEST


def table_of(view: Any) -> pn.widgets.Tabulator:
    found = [table for table in view.select(pn.widgets.Tabulator) if "outspends" in table.titles]
    assert len(found) == 1
    table = found[0]
    assert isinstance(table, pn.widgets.Tabulator)
    return table


@pytest.mark.parametrize("added", ["statistic"], indirect=True)
@pytest.mark.usefixtures("added")
def test_a_statistic_is_on_the_page_in_notebooks_and_in_every_file(model: SegmentationModel, tmp_path: Path) -> None:
    assert model.profile is not None
    ranks = model.profile.spend_ranks
    assert ranks is not None
    written = [share(rank) for rank in ranks]
    for view in (Summary(model).__panel__(), model.__panel__().__panel__()):
        table = table_of(view)
        assert table.titles["outspends"] == "Spends more than"
        assert table.value["outspends"].tolist() == written
    report = render_html(model, customers=True)
    assert "Spends more than" in report
    assert all(text in report for text in written)
    np.testing.assert_array_equal(profile(model.profile.segmentation).frame["outspends"], ranks)
    path = tmp_path / "segments.csv"
    model.save(path, format="segments")
    np.testing.assert_allclose(pd.read_csv(path)["outspends"], ranks)
    assert "outspends" in CliRunner().invoke(make_app(), ["segment", "--help"]).stdout


@pytest.mark.parametrize("added", ["statistic"], indirect=True)
@pytest.mark.usefixtures("added")
def test_a_statistic_that_does_not_apply_is_left_out() -> None:
    model = SegmentationModel(pd.DataFrame({"age": [20.0, 21, 60, 61, 22]}), k=2)
    model.run_clustering()
    assert model.profile is not None
    assert "outspends" not in model.profile.frame
    assert "Spends more than" not in render_html(model, customers=True)


@pytest.mark.parametrize("added", ["picture"], indirect=True)
@pytest.mark.usefixtures("added")
def test_a_picture_is_on_the_page_in_notebooks_and_in_the_report(model: SegmentationModel) -> None:
    assert model.result is not None
    for view in (SegmentCharts(model).__panel__(), Explorer(model).views.view("segments").__panel__()):
        assert sizes_in(view) == [model.result.sizes.tolist()]
    pictures = SegmentCharts(model).__panel__()
    model.k = 3
    model.run_clustering()
    assert sizes_in(pictures) == [model.result.sizes.tolist()]
    report = render_html(model, customers=True)
    assert "How large segments are" in report
    assert "A bar for each." in report


def sizes_in(view: Any) -> list[list[int]]:
    """Return the heights of the recipe's bars in each figure below its title."""
    columns = [model for model in view.get_root().references() if "How large segments are" in title_of(model)]
    plots: set[Any] = {plot for column in columns for plot in column.references() if isinstance(plot, Plot)}
    return [plot.renderers[0].data_source.data["top"] for plot in plots]


def title_of(model: Any) -> str:
    first = next(iter(getattr(model, "children", [])), None)
    return str(getattr(first, "text", ""))


@pytest.mark.parametrize("added", ["format"], indirect=True)
@pytest.mark.usefixtures("added")
def test_a_format_is_a_button_an_option_and_a_file_of_a_notebook(
    model: SegmentationModel, table_path: Path, tmp_path: Path
) -> None:
    assert model.words is not None
    names = list(model.words.names)
    buttons: list[Any] = Downloads(model).__panel__().select(pn.widgets.FileDownload)
    (button,) = [button for button in buttons if button.label == "Names (JSON)"]
    assert re.fullmatch(rf"{model.table.title} names \d{{4}}-\d{{2}}-\d{{2}}\.json", button.filename)
    assert not button.disabled
    assert json.load(file_of(button)) == names
    by_hand, by_command = tmp_path / "by_hand.json", tmp_path / "by_command.json"
    model.save(by_hand, format="names")
    app = make_app()
    done = CliRunner().invoke(app, [str(table_path), "-k", "4", "--names", str(by_command)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert [json.loads(path.read_text()) for path in (by_hand, by_command)] == [names, names]
    assert "Write the names of the segments to this JSON file." in " ".join(
        CliRunner().invoke(app, ["segment", "--help"]).stdout.split()
    )


def test_what_a_recipe_added_is_gone_after_its_test(model: SegmentationModel) -> None:
    assert model.profile is not None
    assert "outspends" not in pd.read_csv(StringIO(model.profile.frame.to_csv()))
    assert "names" not in {form.name for form in FORMATS}


@pytest.mark.parametrize("added", ["view"], indirect=True)
@pytest.mark.usefixtures("added")
def test_a_view_is_on_the_page_and_in_notebooks(model: SegmentationModel) -> None:
    explorer = Explorer(model)
    tabs: Any
    (tabs,) = explorer.__panel__().select(pn.Tabs)
    assert len(tabs) == len(VIEWS)
    explorer.views.shown = "figures"
    assert "14,619,500" in explorer.views.view("figures").state().text
    document = page(model, Intake(model, source="wholesale")).server_doc()
    assert "view_figures" in {root.name for root in document.roots}
