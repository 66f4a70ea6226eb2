"""Write docs/cli.md from what every command says of itself under ``--help``.

Run ``python scripts/build_docs.py`` to write, with ``--check`` to compare what is committed with what this makes.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import sys
from pathlib import Path

from landkit.cli import COMMANDS, main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
HEAD = """# Command line

Made by `scripts/build_docs.py` from `landkit COMMAND --help`; do not edit. `--lang zh` shows the same pages in Chinese.
"""


def built() -> str:
    """Return the text of docs/cli.md."""
    sections = [
        f"## landkit{name}\n\n```text\n{shown(name)}\n```\n" for name in ("", *(f" {name}" for name in COMMANDS))
    ]
    return "\n".join([HEAD, *sections])


def shown(name: str) -> str:
    """Return the English help page of a command, 100 columns wide."""
    os.environ["COLUMNS"] = "100"
    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        code = main([*name.split(), "--help", "--lang", "en"])
    if code:
        sys.exit(f"landkit{name} --help ended with {code}")
    return page.getvalue().rstrip()


def run() -> int:
    """Write the page, or compare it, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if docs/cli.md is not what this makes")
    if not parser.parse_args().check:
        PAGE.write_text(built(), encoding="utf-8", newline="\n")
        return 0
    committed = PAGE.read_text(encoding="utf-8").splitlines(keepends=True)
    difference = difflib.unified_diff(committed, built().splitlines(keepends=True), "docs/cli.md", "made now")
    sys.stdout.writelines(difference)
    return int("".join(committed) != built())


if __name__ == "__main__":
    sys.exit(run())
