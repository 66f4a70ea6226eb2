"""The process in which deliveries are read: requests in, one JSON line each; answers out, one JSON line each.

Started by `landkit.sources.start` with a folder of its own as its working directory.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, TextIO

from landkit.errors import LandkitError
from landkit.sources.delivery import read_packed
from landkit.sources.handover import error_to_plain, write_layer

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.fork",
    "pickle.find_class", "webbrowser.open",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def serve(answers: TextIO) -> None:
    """Answer requests until there are no more."""
    folder = Path.cwd()
    tempfile.tempdir = str(folder)
    warnings.simplefilter("ignore")
    sys.addaudithook(_guard(str(folder)))
    for line in sys.stdin:
        request = json.loads(line)
        _limit_time(request["seconds"])
        answers.write(json.dumps(_answer(request, folder)) + "\n")
        answers.flush()


def _guard(folder: str) -> Any:
    """Return a hook that ends whatever a reader in Python should never do."""

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(event)
        if event == "open":
            path, _, flags = given
            is_own = not isinstance(path, str) or path == os.devnull or os.path.abspath(path).startswith(folder)  # noqa: PTH100
            if isinstance(flags, int) and flags & _WRITING and not is_own:
                raise PermissionError(event)

    return hook


def _limit_time(seconds: float) -> None:
    """Have the system end this process, should its parent be gone by then."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - there is none on Windows

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 10, hard))


def _answer(request: dict[str, Any], folder: Path) -> dict[str, object]:
    try:
        layers = read_packed(request["path"], source_layer=request["source_layer"], encoding=request["encoding"])
        for number, layer in enumerate(layers):
            write_layer(layer, folder, number)
    except LandkitError as error:
        return {"error": error_to_plain(error)}
    except MemoryError:
        return {"memory": True}
    except OSError as error:
        return {"room" if error.errno in _NO_ROOM else "failed": _named(error)}
    except BaseException as error:  # noqa: BLE001 - whatever a reader stumbles over, in Rust too, ends this file only
        return {"failed": _named(error)}
    return {"layers": len(layers)}


def _named(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
