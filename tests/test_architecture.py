"""The rules of the design, read from the source. Each test lists what breaks its rule."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
GROUND = (
    "language",
    "errors",
    "wording",
    "settings",
    "sampling",
    "parallel",
    "ranks",
    "densities",
    "display",
    "run_limits",
    "wrong_entries",
)
# Which wings a wing may import beside itself and the ground. Insight, how_many and change do not know each other.
_STATISTICS = ("tables", "clustering")
_WORDS = (*_STATISTICS, "how_many", "insight", "change")
WINGS: dict[str, tuple[str, ...]] = {
    "tables": (),
    "clustering": ("tables",),
    "how_many": _STATISTICS,
    "insight": _STATISTICS,
    "change": _STATISTICS,
    "narrative": _WORDS,
    "export": (*_WORDS, "narrative"),
    "session": (*_WORDS, "narrative", "export"),
    "ledger": (*_WORDS, "narrative", "session"),
    "panes": (*_WORDS, "narrative", "export", "session", "ledger"),
    "cli": (*_WORDS, "narrative", "export", "session", "ledger", "panes"),
}
# The face stands outside: it imports from everywhere, and only the command from it.
FACE = {"__init__", "__main__"}
INTERFACE = {"panel", "holoviews", "hvplot", "bokeh"}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Name every module that a file imports, in functions and for type checking too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)} has a relative import"
            assert node.module is not None
            modules = [f"{node.module}.{alias.name}" for alias in node.names if is_module(node.module, alias.name)]
            yield from modules or [node.module]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def is_module(package: str, name: str) -> bool:
    place = ROOT.joinpath(*package.split("."), name)
    return place.is_dir() or place.with_suffix(".py").is_file()


def packages(path: Path) -> set[str]:
    return {module.partition(".")[0] for module in imports(path)}


def wing_of(path: Path) -> str:
    return path.relative_to(ROOT / "custseg").parts[0].removesuffix(".py")


def test_each_wing_imports_only_from_those_above_it() -> None:
    allowed = {name: {*GROUND, *above, name} for name, above in WINGS.items()}
    allowed |= {name: set(GROUND) for name in GROUND}
    allowed["cli"].add("")
    offenders = [
        f"{named(path)} imports {module}"
        for path in sources("custseg")
        if (wing := wing_of(path)) not in FACE
        for module in imports(path)
        if (module + ".").startswith("custseg.") and (module + ".").split(".")[1] not in allowed[wing]
    ]
    assert offenders == []


def test_no_import_runs_in_a_circle() -> None:
    modules = {module_of(path): path for path in sources("custseg", "dashboard")}
    graph = {name: {other for other in imports(path) if other in modules} - {name} for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
        circle: list[str] = []
    except CycleError as problem:
        circle = problem.args[1]
    assert circle == []


def test_every_wing_says_what_comes_in_and_what_goes_out() -> None:
    folders = {path.parent for path in sources("custseg") if path.name == "__init__.py"}
    silent = [
        named(folder) for folder in folders if not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    ]
    assert silent == []
    assert {folder.name for folder in folders if folder.parent.name == "custseg"} == WINGS.keys()


def test_only_the_session_and_the_panes_know_param_and_only_the_panes_an_interface() -> None:
    offenders = [
        f"{named(path)} imports {package}"
        for path in sources("custseg")
        for package in packages(path) & {*INTERFACE, "param"}
        if wing_of(path) != "panes" and not (package == "param" and wing_of(path) == "session")
    ]
    assert offenders == []


def test_nobody_imports_what_would_change_other_apps_or_lies_above() -> None:
    # panel_material_ui changes how every Panel app in the process renders.
    offenders = [
        f"{named(path)} imports {package}"
        for path in sources("custseg", "dashboard")
        for package in packages(path) & {"panel_material_ui", "dashboard", "tests", "benchmarks"}
        if not (package == "dashboard" and path.is_relative_to(ROOT / "dashboard"))
    ]
    assert offenders == []


def test_importing_the_package_brings_in_no_interface() -> None:
    program = "import sys, custseg; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "custseg" in loaded
    assert not loaded & (INTERFACE | {"panel_material_ui", "sklearn", "datashader", "numba"})


# What belongs to a page: kept by a module, it would collect callbacks, and with them models and tables, of every page.
_KEPT = """
import importlib, json, sys
from bokeh.document import Document
from bokeh.model import Model
from panel.viewable import Viewable, Viewer

seen = set()

def inside(thing, path):
    if isinstance(thing, (Document, Model, Viewable, Viewer)):
        yield path
    elif id(thing) not in seen and len(path) < 8:
        seen.add(id(thing))
        if isinstance(thing, dict):
            for name, part in thing.items():
                yield from inside(part, (*path, str(name)))
        elif isinstance(thing, (list, tuple, set, frozenset)):
            for part in thing:
                yield from inside(part, (*path, "[]"))
        elif isinstance(thing, type) and thing.__module__ == path[0]:
            for name, part in vars(thing).items():
                yield from inside(part, (*path, name))

found = []
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for attribute, thing in list(vars(module).items()):
        if not attribute.startswith("__"):
            found += [".".join(path) for path in inside(thing, (name, attribute))]
print(json.dumps(found))
"""


def test_no_module_keeps_what_belongs_to_a_page() -> None:
    # The app is run for each page, and __main__ runs the command.
    scripts = {"dashboard.app", "custseg.__main__"}
    modules = [module_of(path) for path in sources("custseg", "dashboard") if module_of(path) not in scripts]
    done = subprocess.run([sys.executable, "-c", _KEPT, *modules], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_no_module_makes_what_belongs_to_a_page_when_it_is_imported_or_keeps_it_in_a_cache() -> None:
    # The app is run for each page.
    files = [path for path in sources("custseg", "dashboard") if module_of(path) != "dashboard.app"]
    offenders = [
        f"{named(path)}:{call.lineno} makes {ast.unparse(call.func)}"
        for path in files
        for call in calls_at_import(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert offenders == []


@pytest.mark.parametrize(
    "program",
    [
        "SHARED = NumberFormatter()",
        "class Table:\n    shared = {'k': NumberFormatter()}",
        "def show(shared=pn.widgets.Button()): pass",
        "if True:\n    pn.Row(1)",
        "@cache\ndef shared(): return [pn.pane.HTML('')]",
        "@lru_cache(maxsize=1)\ndef shared(name): return NumberFormatter()",
    ],
)
def test_what_is_made_for_all_pages_would_be_found(program: str) -> None:
    imported = "import panel as pn\nfrom functools import cache, lru_cache\nfrom bokeh.models import NumberFormatter\n"
    assert len(list(calls_at_import(ast.parse(imported + program)))) == 1
    fine = "def show():\n    return pn.widgets.Button(), NumberFormatter()"
    assert list(calls_at_import(ast.parse(imported + fine))) == []


PLAIN_VALUES = {"bokeh.core.properties", "bokeh.resources"}


def calls_at_import(module: ast.Module) -> Iterator[ast.Call]:
    """Find what makes objects of an interface once for all pages: at import, or in a function whose answer is kept."""
    names = {alias.asname or alias.name.partition(".")[0] for alias in of_interfaces(module)}
    for part in at_import(module):
        if isinstance(part, ast.Call):
            name = ast.unparse(part.func)
            # Of these libraries only classes make anything that lasts.
            if name.partition(".")[0] in names and name.rpartition(".")[2][:1].isupper():
                yield part


def of_interfaces(module: ast.Module) -> Iterator[ast.alias]:
    """Find the imports from Panel, Bokeh and HoloViews, but for what describes properties of a class, and files."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias for alias in node.names if alias.name.partition(".")[0] in INTERFACE)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module not in PLAIN_VALUES:
            yield from node.names if node.module.partition(".")[0] in INTERFACE else []


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Find all that runs when a module is imported, and what is in functions that keep their answers."""
    yield node
    inner = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        decorators = getattr(node, "decorator_list", [])
        # A cached_property goes with its object.
        keeps = any(re.match(r"(functools\.)?(lru_)?cache\b", ast.unparse(one)) for one in decorators)
        inner = [*decorators, node.args, *(node.body if keeps and isinstance(node.body, list) else [])]
    for part in inner:
        yield from at_import(part)


# Lines; most have a third of that.
LONGEST_FUNCTION = 45


def test_a_function_fits_a_glance() -> None:
    offenders = [
        f"{named(path)}: {node.name} has {lines} lines"
        for path in sources("custseg", "dashboard")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := lines_of(node)) > LONGEST_FUNCTION
    ]
    assert offenders == []


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has below its name, without its docstring."""
    docstring = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno - (docstring.count("\n") + 1 if docstring else 0)
