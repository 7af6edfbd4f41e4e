"""What is installed here besides custseg itself, as a bill of materials in CycloneDX.

``python deploy/bill_of_materials.py > custseg.cdx.json`` writes it for the environment of that Python, from what each
package says of itself: names, versions, licences, and which needs which. Neither a path nor a host nor a time is in it,
so that the same packages give the same file.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, distributions
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

OF = "custseg"
# What packages write that are older than expressions of SPDX; what only some say of themselves stands below.
_LICENCES = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def bill_of_materials() -> dict[str, Any]:
    """Return all that is installed, and what each needs."""
    found = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(found[canonicalize_name(OF)], "application")},
        "components": [_component(one) for name, one in sorted(found.items()) if name != OF],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(found.keys() & set(needed_by(one)))}
            for name, one in sorted(found.items())
        ],
    }


def needed_by(distribution: Distribution, extras: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give the names of what a package needs here, with these of its extras."""
    for text in distribution.requires or ():
        needed = Requirement(text)
        if needed.marker is None or any(needed.marker.evaluate({"extra": one}) for one in {"", *extras}):
            yield canonicalize_name(needed.name)


def licence_of(distribution: Distribution) -> str:
    """Return the licence of a package as an expression of SPDX; what it says itself where that is none."""
    about = distribution.metadata
    if expression := next(iter(about.get_all("License-Expression") or ()), ""):
        return expression
    named = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License")]
    said = next(iter(about.get_all("License") or ()), "").strip().partition("\n")[0].strip()
    # Of the two, the more exact one.
    for text in (said, *named):
        if known := _LICENCES.get(text.lower()):
            return known
        if text and _EXPRESSION.fullmatch(text) and text not in ("UNKNOWN", "BSD"):
            return str(text)
    return said or "unknown"


def _component(distribution: Distribution, kind: str = "library") -> dict[str, Any]:
    name, licence = canonicalize_name(distribution.metadata["Name"]), licence_of(distribution)
    is_expression = _EXPRESSION.fullmatch(licence) and licence != "unknown"
    return {
        "type": kind,
        "bom-ref": name,
        "name": name,
        "version": distribution.version,
        "purl": f"pkg:pypi/{name}@{distribution.version}",
        "licenses": [{"expression": licence} if is_expression else {"license": {"name": licence}}],
    }


if __name__ == "__main__":
    json.dump(bill_of_materials(), sys.stdout, indent=2)
    sys.stdout.write("\n")
