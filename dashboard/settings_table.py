"""The table of all settings for ``docs/settings.md``: ``python -m dashboard.settings_table`` prints it."""

from __future__ import annotations

from dashboard.server_settings import ServerSettings, fact, variable


def table() -> str:
    """Return a line for each setting: what it does, what it may be, and what it is by default."""
    lines = ["| setting | what it is | may be | default |", "| --- | --- | --- | --- |"]
    for field, default in ServerSettings().model_dump().items():
        about, allowed = fact(field, "about"), fact(field, "allowed")
        lines.append(f"| `{variable(field)}` | {about} | {allowed} | {_written(default)} |")
    return "\n".join(lines)


def _written(default: object) -> str:
    return f"{default:,}" if isinstance(default, int) else str(default) or "none"


if __name__ == "__main__":
    print(table())  # noqa: T201 - what it is for
