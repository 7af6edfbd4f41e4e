"""``python -m custseg`` is the command ``custseg``."""

from custseg.cli import app

if __name__ == "__main__":
    app(prog_name="custseg")
