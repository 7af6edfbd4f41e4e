"""What docs/scoring.md shows works: its code prints what it says, and its command does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
END = "-- end of an example --"


def test_code_and_command_run_from_top_to_bottom(tmp_path: Path) -> None:
    # In a copy of the place, so that what is written does not land in the project.
    (tmp_path / "data").symlink_to(ROOT / "data")
    examples = re.findall(
        r"^```python\n(.*?)^```$(?:\n+<!-- output -->\n```text\n(.*?)^```$)?", PAGE, re.DOTALL | re.MULTILINE
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = f"\nprint({END!r})\n".join(code for code, _ in examples)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert [text for text, (_, said) in zip(done.stdout.split(f"{END}\n"), examples, strict=True) if said] == [
        said for _, said in examples if said
    ]
    (command,) = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    program_name, *arguments = shlex.split(command)
    assert program_name == "custseg"
    subprocess.run([sys.executable, "-m", "custseg", *arguments], cwd=tmp_path, env=environment, check=True)
    assert len(pd.read_parquet(tmp_path / "scored.parquet")) == 440
