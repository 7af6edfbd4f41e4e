"""The command ``custseg``: what is typed comes in; words or JSON on the screen, files and an exit code go out.

Each subcommand is one file, and one entry of ``COMMANDS``. It does nothing that Python cannot do.
"""

from custseg.cli.commands import app, make_app

__all__ = ["app", "make_app"]
