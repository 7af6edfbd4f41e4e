"""The rules of the design, read from the source: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
# Each imports only from those before it. custseg/__init__.py and __main__.py stand outside: they are the face.
LAYERS = (
    "errors",
    "wording",
    "sampling",
    "enclosed",
    "background",
    "state",
    "settings",
    "values",
    "roles",
    "descriptor",
    "sources",
    "recipe",
    "preparation",
    "table",
    "health",
    "transactions",
    "engines",
    "segmentation",
    "placement",
    "indices",
    "stability",
    "separation",
    "evidence",
    "verdict",
    "advice",
    "certainty",
    "planes",
    "overlap",
    "rules",
    "categories",
    "profile",
    "claims",
    "contrasts",
    "playbook",
    "portrait",
    "naming",
    "groups",
    "interpretation",
    "comparison",
    "drift",
    "following",
    "migration",
    "given",
    "export",
    "outcome",
    "selecting",
    "parameters",
    "runs",
    "suggesting",
    "model",
    "panes",
    "cli",
)
FACE = {"__init__", "__main__"}
INTERFACE = {"panel", "holoviews", "hvplot", "bokeh"}
LONGEST_FILE = 400


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    """Name every module that a file imports, in functions and for type checking too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)} has a relative import"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if is_module(node.module, alias.name))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def is_module(package: str, name: str) -> bool:
    place = ROOT.joinpath(*package.split("."), name)
    return place.is_dir() or place.with_suffix(".py").is_file()


def packages(path: Path) -> set[str]:
    return {module.partition(".")[0] for module in imports(path)}


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT / "custseg").parts[0].removesuffix(".py")


CORE = [path for path in sources("custseg") if layer_of(path) not in FACE]


def test_every_module_has_its_layer() -> None:
    assert {layer_of(path) for path in CORE} == set(LAYERS)


@pytest.mark.parametrize("path", CORE, ids=named)
def test_a_layer_imports_only_from_those_above(path: Path) -> None:
    own = layer_of(path)
    above = set(LAYERS[: LAYERS.index(own)])
    if own in ("engines", "export", "panes", "sources"):
        above.add(own)
    if own in ("model", "advice"):
        # Loaded when something is to be shown, so that scripts don't wait for it.
        above.add("panes")
    used = {module.split(".")[1] for module in imports(path) if module.startswith("custseg.")}
    assert used <= above


@pytest.mark.parametrize("path", [path for path in CORE if layer_of(path) != "cli"], ids=named)
def test_no_layer_but_the_command_imports_from_the_face(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    from_face = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "custseg"
        for alias in node.names
        if alias.name not in LAYERS
    ]
    assert from_face == []


@pytest.mark.parametrize("path", sources("custseg"), ids=named)
def test_only_the_model_and_the_panes_import_param(path: Path) -> None:
    of_the_model = ("state", "parameters", "runs", "suggesting", "selecting", "model")
    assert "param" not in packages(path) or layer_of(path) in (*of_the_model, "panes")


@pytest.mark.parametrize("path", sources("custseg"), ids=named)
def test_only_the_panes_and_the_dashboard_import_an_interface(path: Path) -> None:
    assert layer_of(path) == "panes" or not packages(path) & INTERFACE


def test_the_model_loads_the_panes_only_when_something_is_shown() -> None:
    tree = ast.parse((ROOT / "custseg" / "model.py").read_text(encoding="utf-8"))
    static = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "custseg.panes" not in static
    assert "custseg.panes" in imports(ROOT / "custseg" / "model.py")


@pytest.mark.parametrize("path", sources("custseg", "dashboard"), ids=named)
def test_nobody_imports_panel_material_ui(path: Path) -> None:
    # It changes how every Panel app in the process renders.
    assert "panel_material_ui" not in packages(path)


@pytest.mark.parametrize("path", sources("custseg"), ids=named)
def test_the_package_does_not_know_the_dashboard(path: Path) -> None:
    assert "dashboard" not in packages(path)


@pytest.mark.parametrize("path", sources("custseg", "dashboard", "tests", "benchmarks"), ids=named)
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_importing_the_package_brings_in_no_interface() -> None:
    program = "import sys, custseg; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "custseg" in loaded
    assert not loaded & (INTERFACE | {"panel_material_ui", "sklearn"})
