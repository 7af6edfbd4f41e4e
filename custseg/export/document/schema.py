"""The JSON schema of a model document, as it is published beside this file; run as a script, it writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from custseg.export.document.content import VERSION, ModelContent

SCHEMA = Path(__file__).with_name(f"model-document-{VERSION}.schema.json")


def schema() -> dict[str, Any]:
    """Return the schema (JSON Schema, draft 2020-12)."""
    found = ModelContent.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "custseg model document", **found}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")
