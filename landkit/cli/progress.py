"""A bar for what takes longer than two seconds, on a terminal alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from landkit.products.table import clean
from landkit.words import text

_QUIET = 2.0  # seconds before a bar appears


@contextmanager
def progress(key: str, lang: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """Yield a function that is told how many are done, of how many, and what comes next; None where nobody looks.

    Parameters
    ----------
    key
        The words for what is being done.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(text(key, lang), total=None)
    start = time.monotonic()

    def advance(done: int, total: int, name: str) -> None:
        if time.monotonic() - start > _QUIET and not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total, description=f"{text(key, lang)} {clean(name)}".replace("[", "("))

    try:
        yield advance
    finally:
        bar.stop()
