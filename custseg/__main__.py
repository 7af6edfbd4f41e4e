"""``python -m custseg`` is the command ``custseg``."""

from custseg.cli import app

app(prog_name="custseg")
