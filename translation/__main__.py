"""Extract the interface text, update each catalogue and compile it: ``python -m translation``.

It ends with what is left to translate, and an exit code that says whether anything is.
"""

from __future__ import annotations

import sys

from translation.catalogues import TEMPLATE, TRANSLATED, as_text, compiled, path_of, read
from translation.extraction import found_in_source


def main() -> int:
    """Bring all files up to date, and return how many texts are left to translate."""
    template = found_in_source()
    TEMPLATE.write_bytes(as_text(template))
    left = 0
    for code in TRANSLATED:
        catalog = read(code)
        catalog.update(template, no_fuzzy_matching=True)
        path_of(code).parent.mkdir(parents=True, exist_ok=True)
        path_of(code).write_bytes(as_text(catalog))
        # As it is read again: the same bytes wherever it is compiled.
        path_of(code, ".mo").write_bytes(compiled(read(code)))
        missing = [message.id for message in catalog if message.id and not _translated(message.string)]
        left += len(missing)
        print(f"{code}: {len(catalog)} texts, {len(missing)} left to translate")  # noqa: T201 - it is what is asked for
        for message in missing:
            print(f"  {message!r}")  # noqa: T201
    return left


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string or ("",))


if __name__ == "__main__":
    sys.exit(bool(main()))
