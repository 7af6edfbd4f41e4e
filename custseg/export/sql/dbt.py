"""A model for dbt: the statement that scores, a test that the warehouse scores as custseg does, and what they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custseg.errors import SettingError, quote
from custseg.export.files import check_destination, whole_file
from custseg.export.sql.dialects import dialect_of, named
from custseg.export.sql.statement import check_sql, scoring_statement
from custseg.language import say

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from custseg.export.document.content import ModelContent

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_PLACE = "custseg_table_of_customers"
_JINJA = re.compile(r"\{[{%#]")


def write_dbt(
    document: ModelContent,
    folder: str | os.PathLike[str],
    dialect: str,
    table: Any,
    *,
    name: str,
    keep: Sequence[str] | None,
    overwrite: bool,
) -> tuple[Path, ...]:
    """Write the files of a dbt project; see ``ModelDocument.to_dbt``."""
    if not _NAME.fullmatch(name):
        msg = say("A model of dbt is called by letters, digits and underscores, but got {name}.", name=quote(name))
        raise SettingError(msg)
    files = {
        Path(folder, "models", f"{name}.sql"): _model(document, dialect, table, keep),
        Path(folder, "models", f"{name}.yml"): _about(document, name),
        Path(folder, "tests", f"{name}_places_test_rows.sql"): _plain(check_sql(document, dialect, only_if_wrong=True)),
    }
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        check_destination(path, overwrite=overwrite)
    for path, text in files.items():
        with whole_file(path, overwrite=overwrite) as stream:
            stream.write(f"{text}\n".encode())
    return tuple(files)


def _model(document: ModelContent, dialect: str, table: Any, keep: Sequence[str] | None) -> str:
    """Return the statement, with the customers named as dbt names them."""
    parts = [table] if isinstance(table, str) else list(table)
    if not 1 <= len(parts) <= 2 or not all(isinstance(part, str) and _NAME.fullmatch(part) for part in parts):
        msg = say(
            "A model of dbt such as “customers” was expected, or a source and its table such as (“shop”, "
            "“customers”), but got {table}.",
            table=quote(table),
        )
        raise SettingError(msg)
    asked = ", ".join(f"'{part}'" for part in parts)
    chosen = dialect_of(dialect)
    statement = chosen.write(scoring_statement(document, dialect, (_PLACE,), keep))
    there = named(_PLACE).sql(dialect=chosen.sqlglot)
    return _plain(statement).replace(there, f"{{{{ {'ref' if len(parts) == 1 else 'source'}({asked}) }}}}")


def _about(document: ModelContent, name: str) -> str:
    import yaml

    segments = "; ".join(f"{one.segment}: {one.name}" for one in document.segments)
    said = {
        "segment": f"The segment of the customer, empty for none. {segments}",
        "segment_name": "What the segment is called.",
        "distance": "How far the customer is from the centroid of the segment, in prepared units.",
        "margin": "1 - distance to the own centroid / distance to the next one: 0 on the border, 1 at the centroid.",
    }
    columns = [{"name": column, "description": _plain(text)} for column, text in said.items()]
    model = {"name": name, "description": "Customers with their segments, as custseg found them.", "columns": columns}
    return str(yaml.safe_dump({"version": 2, "models": [model]}, sort_keys=False, allow_unicode=True)).rstrip()


def _plain(text: str) -> str:
    """Return text that dbt leaves as it is: it runs whatever stands between such braces, in names of columns too."""
    return _JINJA.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)
