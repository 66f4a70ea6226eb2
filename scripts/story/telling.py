"""A page that tells a story: its commands are run, and what they print is put behind them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

from landkit.cli import main

COLUMNS = "150"
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def told(page: str, folder: Path, *, lang: str = "en") -> str:
    """Return `page` with the output of its console blocks as it is when they are played in `folder`.

    A console block holds commands after ``$``, each followed by what it prints and, where it is not 0, its exit code;
    blocks of Python are run as they stand. What is laid out in lines stays so: no line is left out.
    """
    before, settings = Path.cwd(), {name: os.environ.get(name) for name in ("COLUMNS", "LANDKIT_LANG")}
    os.environ.update(COLUMNS=COLUMNS, LANDKIT_LANG=lang)
    os.chdir(folder)
    try:
        return _BLOCK.sub(_played, page)
    finally:
        os.chdir(before)
        for name, value in settings.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _played(block: re.Match[str]) -> str:
    kind, text = block.groups()
    if kind == "python":
        exec(compile(text, "story", "exec"), {})  # noqa: S102 - the page's own example
        return block[0]
    commands = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    return "```console\n" + "\n".join(_run(command) for command in commands) + "\n```"


def _run(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "cd":
        os.chdir(arguments[0])
        return f"$ {command}"
    page = io.StringIO()
    with contextlib.redirect_stdout(page), contextlib.redirect_stderr(page):
        code = main(arguments)
    lines = [line.rstrip() for line in page.getvalue().replace("\\", "/").splitlines()]
    return "\n".join([f"$ {command}", *lines, *([f"(exit code {code})"] if code else [])])
