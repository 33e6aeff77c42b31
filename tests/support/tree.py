"""What lies in the repository, for tests that read the code itself."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from crm.kernel.settings import ROOT

#: Written by others, or made by a tool: not held to our habits.
FOREIGN = ("crm/screens/static/vendor/", "crm/security/data/", "requirements", "seeds/")


@cache
def our_files(*suffixes: str) -> tuple[Path, ...]:
    """Give the files of ours that git has or would take, as paths under the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    ours = (name for name in names if not name.startswith(FOREIGN) and (ROOT / name).is_file())
    return tuple(Path(name) for name in sorted(set(ours)) if not suffixes or name.endswith(suffixes))


def text_of(path: Path) -> str:
    """Read a file of ours."""
    return (ROOT / path).read_text(encoding="utf-8")
