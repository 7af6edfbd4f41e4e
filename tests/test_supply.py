"""What is installed beside custseg: a bill of it, its licences, and versions that are newer than known advisories."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy.bill_of_materials import licence_of, needed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("dask", "excel", "notebook", "onnx", "pictures", "postgresql", "spark")
# Whoever passes custseg on may do so with these, as they are.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "ISC", "LLVM-exception", "MIT",
    "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
# In an extra that few need, as a library of its own that can be replaced.
ALLOWED_FOR = {"psycopg": {"LGPL-3.0-only"}, "psycopg-binary": {"LGPL-3.0-only"}}


@pytest.fixture(scope="module")
def written() -> str:
    command = [sys.executable, str(ROOT / "deploy" / "bill_of_materials.py")]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT.parent).stdout


def requirements() -> Iterator[Requirement]:
    for group in ("", *EXTRAS):
        listed = PROJECT["optional-dependencies"][group] if group else PROJECT["dependencies"]
        yield from map(Requirement, listed)


def needed() -> set[str]:
    """Return all that custseg needs here, with its extras, and what those need."""
    found: set[str] = set()
    waiting: list[tuple[str, frozenset[str]]] = [
        (canonicalize_name(one.name), frozenset(one.extras)) for one in requirements()
    ]
    while waiting:
        name, extras = waiting.pop()
        try:
            there = distribution(name)
        except PackageNotFoundError:
            # An extra that is not installed.
            continue
        if name not in found or extras:
            found.add(name)
            waiting += [(other, frozenset()) for other in needed_by(there, extras) if other not in found]
    return found


def test_the_bill_is_cyclonedx_and_holds_all_that_custseg_needs(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    bill: dict[str, Any] = json.loads(written)
    listed = {one["name"]: one for one in bill["components"]}
    assert needed() <= listed.keys()
    assert bill["metadata"]["component"]["name"] == "custseg"
    edges = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert {"bokeh", "panel", "pandas"} <= set(edges["custseg"])
    assert "bokeh" in edges["panel"]
    assert listed["bokeh"]["version"] == distribution("bokeh").version


def test_the_bill_tells_nothing_of_the_machine(written: str) -> None:
    for private in (str(ROOT), str(Path.home()) + "/", "file:", sys.prefix, f'"{socket.gethostname()}"'):
        assert private not in written


@pytest.mark.parametrize("name", sorted(needed()))
def test_the_licence_of_each_package_is_one_of_those_allowed(name: str) -> None:
    parts = set(re.split(r"[ ()]+", licence_of(distribution(name)))) - {"AND", "OR", "WITH", ""}
    assert parts <= ALLOWED | ALLOWED_FOR.get(name, set())


def advisories() -> list[tuple[str, str, Version]]:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("<!-- advisories -->")[2]
    rows = re.findall(r"^\| ([\w-]+) \| (CVE[^|]+) \| ([\d.]+) \|", text.partition("\n\n")[0], re.MULTILINE)
    return [(package, told, Version(mended)) for package, told, mended in rows]


def test_no_version_is_older_than_a_known_advisory_was_mended_in() -> None:
    listed = advisories()
    assert len(listed) > 20
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    for package, told, mended in listed:
        for pin in re.findall(rf"^{package}==(\S+)", pins, re.MULTILINE | re.IGNORECASE) or [None]:
            assert pin is not None, f"{package} is not pinned"
            assert Version(pin) >= mended, told


def test_what_custseg_asks_for_is_not_older_than_a_known_advisory_was_mended_in() -> None:
    oldest: dict[str, Version] = {
        canonicalize_name(one.name): Version(limit.version)
        for one in requirements()
        for limit in one.specifier
        if limit.operator == ">="
    }
    asked = [(package, told, mended) for package, told, mended in advisories() if package in oldest]
    assert {"tornado", "bokeh", "jinja2", "pyarrow", "duckdb"} <= {package for package, *_ in asked}
    for package, told, mended in asked:
        assert oldest[package] >= mended, told
