"""Words for columns in all panes: where there is a label, nobody reads the name; and a label is no markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from bokeh.core.has_props import HasProps
from bokeh.document import Document

from custseg import CustomerTable, Recipe, SegmentationModel, compare
from custseg.export.formats import FORMATS
from custseg.panes import Explorer
from custseg.panes.base.numbers import pattern_of
from custseg.panes.tables.column_editor import Columns
from tests.hostile import HOSTILE
from tests.panes.foreign import acting, models_of, taken_for_mathematics
from tests.panes.hands import figures_of, markup_of, parts_of, table_of, widget

if TYPE_CHECKING:
    from custseg.panes.base.part import Part

# No label has this in it, and every name does.
RAW = "zebra"
LABELS = {
    "MntZebraWines": "wine and beer",
    "NumZebraOrders": "orders online",
    "zebra_years": "year of first order",
    "share_zebra": "share of toys",
    "ZebraKind": "channel",
    "zebra_id": "client",
    "ZebraGone": "stopped buying",
}
CODES = {"1": "Horeca", "2": "Retail"}
# The words are the narrative's.
_NARRATED = ("words", "actions")


def customers(seed: int = 0, rows: int = 90) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    groups = np.arange(rows) % 3
    orders = generator.integers(1, 9, rows) + 30.0 * groups
    orders[:2] = np.nan
    return pd.DataFrame(
        {
            "zebra_id": [f"C{row:03}" for row in range(rows)],
            "MntZebraWines": generator.lognormal(3 + 2 * groups, 0.3).round(2),
            "NumZebraOrders": orders,
            "zebra_years": 1950 + generator.integers(0, 9, rows) + 10 * groups,
            "share_zebra": generator.uniform(0, 1, rows).round(3),
            "ZebraKind": (groups == 0) + 1,
            "ZebraGone": np.where(generator.uniform(0, 1, rows) < 0.2 + 0.3 * groups, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def model() -> SegmentationModel:
    table = CustomerTable.read(
        customers(), labels=LABELS, levels={"ZebraKind": CODES}, units={"share_zebra": "share of revenue"},
        money=["MntZebraWines"], roles={"ZebraKind": "category", "ZebraGone": "outcome"},
    )  # fmt: skip
    recipe = Recipe(log=("MntZebraWines",), weights={"NumZebraOrders": 2})
    model = SegmentationModel(table, k=3, seed=0, recipe=recipe, x="zebra_years", y="NumZebraOrders")
    model.run_clustering()
    # What the narrative would call them is not the panes'.
    for number in (1, 2, 3):
        model.rename(number, f"Group {number}")
    model.features = ["MntZebraWines", "NumZebraOrders", "zebra_years"]
    model.recipe = Recipe(missing="drop")
    model.run_clustering()
    model.features = list(table.features)
    model.recipe = recipe
    model.run_clustering()
    model.run_assessment()
    return model


@pytest.fixture(scope="module")
def parts(model: SegmentationModel) -> dict[str, Part]:
    model.compare_runs(2, 3)
    later = customers(seed=1)
    model.follow(later.assign(NumZebraOrders=later["NumZebraOrders"] * 9))
    model.select_segment(1)
    model.focused_customer = "C001"
    return parts_of(Explorer(model))


def texts(value: object, seen: set[int]) -> Iterator[str]:
    """Give all texts that a value holds, those of Bokeh's models too, but not the internal names of columns."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (text for part in (key, inner) for text in texts(part, seen))
    elif isinstance(value, HasProps):
        if id(value) not in seen:
            seen.add(id(value))
            yield from texts(value.properties_with_values(include_defaults=False), seen)
    elif isinstance(value, np.ndarray):
        yield from (text for text in value.ravel().tolist() if isinstance(text, str))
    elif isinstance(value, Sequence):
        yield from (text for part in value for text in texts(part, seen))


def shown_by(view: Any) -> list[str]:
    """Return all that can be read in a view."""
    state, found = view.state(), set[int]()
    controls = [(label, control.options) for label, control in state.controls.items()]
    tables = [(table.titles, [list(row.values()) for row in table.rows]) for table in state.tables]
    shown = list(texts([state.text, markup_of(view), controls, tables], found))
    return [*shown, *texts(figures_of(view), found)]


def test_no_pane_shows_a_name_where_there_is_a_label(parts: dict[str, Part]) -> None:
    assert len(parts) > 12
    for name in parts.keys() - {*_NARRATED, "columns", "about"}:
        assert [text for text in shown_by(parts[name]) if RAW in text.casefold()] == [], name


@pytest.mark.parametrize(
    ("pane", "words"),
    [
        ("controls", "Year of first order"),
        ("scatter", "Orders online"),
        ("summary", "Wine and beer"),
        ("customers", "Channel"),
        ("customers", "Horeca"),
        ("customer_detail", "Share of toys"),
        ("segment_charts", "Share of toys"),
        ("segment_rules", "Orders online above"),
        ("run_history", "orders online"),
        ("migration", "Orders online has shifted a lot"),
        ("preparation_steps", "wine and beer"),
        ("key_figures", "<small>wine and beer</small>"),
    ],
)
def test_the_label_is_shown_instead(parts: dict[str, Part], pane: str, words: str) -> None:
    assert any(words in text for text in shown_by(parts[pane]))


def test_years_counts_and_shares_are_written_as_people_write_them(
    parts: dict[str, Part], model: SegmentationModel
) -> None:
    assert model.outcome is not None
    averages = table_of(parts["summary"]).value
    years, shares = (averages[f"f{position}"].tolist() for position in (2, 3))
    assert all(text.isdigit() and 1950 <= int(text) < 1980 for text in years)
    assert all(text.endswith("%") for text in shares)
    formats = table_of(parts["customers"]).formatters
    assert [pattern_of(formats[f"c{position}"]) for position in (1, 2, 3)] == ["0,0", "0", "0,0.0%"]
    (scatter,) = figures_of(parts["scatter"])
    assert scatter.xaxis[0].formatter.args["quantity"] == "year"
    pictures = parts["segment_charts"]
    widget(pictures, "Feature").value = 2
    ridges = next(figure for figure in figures_of(pictures) if figure.xaxis[0].axis_label == "Year of first order")
    ticks = ridges.xaxis[0].major_label_overrides.values()
    assert ticks
    assert all(len(text) == 4 and text.isdigit() for text in ticks)


def test_sentences_of_results_use_labels(model: SegmentationModel) -> None:
    assert model.words is not None
    assert model.rules is not None
    first, *_, last = (run.segmentation for run in model.history)
    other = compare(last, model.history[1].segmentation)
    said = [*other.changes, *compare(first, last).changes, str(model.rules)]
    said += [association.sentence for association in model.history[-1].profile.associations]
    assert any("share of toys" in sentence for sentence in said)
    assert [sentence for sentence in said if RAW in sentence.casefold()] == []


def test_files_have_labels_as_headings_and_customers_keep_their_columns(
    model: SegmentationModel, tmp_path: Any
) -> None:
    heads = {}
    for form in (form for form in FORMATS if form.suffix == ".csv" and not form.why_not(model.bundle())):
        model.save(tmp_path / form.filename, form.name)
        heads[form.name] = pd.read_csv(tmp_path / form.filename)
    segments, everyone = heads["segments"], heads["customers"]
    assert set(LABELS.values()) - {"channel", "client", "stopped buying"} <= set(segments.columns)
    assert set(LABELS) < set(everyone.columns)
    assert everyone["ZebraKind"].isin([1, 2]).all()
    assert model.profile is not None
    assert "MntZebraWines" in model.profile.frame
    assert "wine and beer" in model.profile._repr_html_()
    assert RAW not in model.profile._repr_html_().casefold()


def edit(view: Columns, row: int, value: str) -> None:
    old = table_of(view).value["label"].iloc[row]
    view._take_over(SimpleNamespace(row=row, column="label", value=value, old=old))


def test_on_the_page_a_column_can_be_called_something_else() -> None:
    model = SegmentationModel(customers(), k=3)
    model.run_clustering()
    editor = Columns(model)
    assert table_of(editor).value["label"].tolist()[:2] == ["zebra ID", "zebra wines"]
    edit(editor, 1, "wine")
    assert model.table.label("MntZebraWines") == "wine"
    assert table_of(editor).value["label"][1] == "wine"
    # What is read below the picture is of the last run.
    stale_by_the_edit = model.stale
    model.run_clustering()
    assert (stale_by_the_edit, model.stale) == (True, False)
    edit(editor, 2, "Wine")
    assert "is called “wine” already" in str(model.error)
    assert table_of(editor).value["label"][2] == "zebra orders"
    edit(editor, 1, " ")
    assert model.table.label("MntZebraWines") == "zebra wines"


def test_a_hostile_label_is_neither_markup_nor_mathematics() -> None:
    wanted = [text[:60] for text in HOSTILE[:12]]
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({f"v{position}": generator.lognormal(3, 1, 60) for position in range(len(wanted))})
    frame["kind"] = ["a", "b"] * 30
    table = CustomerTable.read(
        frame,
        labels={f"v{position}": text for position, text in enumerate(wanted)},
        levels={"kind": {"a": wanted[0], "b": wanted[3]}},
    )
    model = SegmentationModel(table, k=3, seed=0, picture="principal")
    model.run_clustering()
    model.run_assessment()
    model.focused_customer = "1"
    explorer = Explorer(model)
    parts = parts_of(explorer)
    assert taken_for_mathematics(models_of(explorer.__panel__())) == []
    for part in parts.values():
        # The histograms are ours.
        assert set(acting(markup_of(part))) <= {"svg"}
    assert explorer.__panel__().get_root(Document()) is not None
