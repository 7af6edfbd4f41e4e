"""Every example runs as it stands, in a kernel of its own, and is stored without its results."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


@pytest.fixture(scope="module")
def executed() -> dict[str, nbformat.NotebookNode]:
    """Run every notebook from the folder it lies in."""
    results = {}
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        folder = {"metadata": {"path": str(path.parent)}}
        results[path.name] = NotebookClient(notebook, timeout=120, resources=folder).execute()
    return results


def outputs(notebook: nbformat.NotebookNode, source: str) -> list[nbformat.NotebookNode]:
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.endswith(source)]
    return list(cell.outputs)


def test_there_is_an_example() -> None:
    assert [path.name for path in NOTEBOOKS] == ["segmentation.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_results_are_not_stored_with_it(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in code] == [[]] * len(code)
    assert {cell.execution_count for cell in code} == {None}


def test_no_cell_complains(executed: dict[str, nbformat.NotebookNode]) -> None:
    for notebook in executed.values():
        streams = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output]
        assert streams == []


def test_a_model_at_the_end_of_a_cell_shows_the_whole_explorer(executed: dict[str, nbformat.NotebookNode]) -> None:
    shown = outputs(executed["segmentation.ipynb"], "\nmodel")
    html = "".join(output.data.get("text/html", "") for output in shown)
    for part in (
        "Run clustering",
        "Number of segments",
        "Not run yet",
        "Log scale",
        "W440",
        "Choose how many segments",
    ):
        assert part in html


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("model.scatter", "W440"),
        ("model.summary", "cleaning and grocery stock-ups"),
        ("model.interpretation", "behave alike and can be targeted alike"),
    ],
)
def test_each_pane_stands_alone(executed: dict[str, nbformat.NotebookNode], source: str, part: str) -> None:
    (html,) = [
        output.data["text/html"]
        for output in outputs(executed["segmentation.ipynb"], source)
        if "text/html" in output.get("data", {})
    ]
    assert part in html
    assert "Run clustering" not in html
    assert len(html) < 500_000


def test_javascript_comes_with_the_notebook_and_only_once(executed: dict[str, nbformat.NotebookNode]) -> None:
    loads = [
        len(output.data["application/javascript"])
        for cell in executed["segmentation.ipynb"].cells
        for output in cell.get("outputs", [])
        if "application/javascript" in output.get("data", {})
    ]
    # Panel and its table, from the installed packages; what is left are a few lines that start them.
    assert sum(size > 100_000 for size in loads) == 2
    assert sum(loads) < 6_000_000
