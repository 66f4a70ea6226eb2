"""How the child begins: limits first, then the libraries, then the work."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TextIO


def main() -> None:
    """Take the limit on memory from the command line, and serve."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - there is none on Windows

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        asked = int(sys.argv[1])
        limit = asked if most == resource.RLIM_INFINITY else min(asked, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = _own_stdout()
    import_module("landkit.sources.worker").serve(answers)


def _own_stdout() -> TextIO:
    """Return the stream to answer on, and send to nowhere what libraries print, in C as in Python."""
    own = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return os.fdopen(own, "w", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
