"""Deliveries are read in a process of their own: a file that crashes, hangs or swells ends nothing but itself."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from landkit.errors import InputError
from landkit.sources.kinds import check_plain, files_of

if TYPE_CHECKING:
    from landkit.sources.layer import SourceLayer

MEMORY = 2 << 30
SECONDS = 60.0
_SECONDS_A_MEGABYTE = 1.0
_SECONDS_TO_START = 60.0
# Drivers that reach the network, run programs or follow a reference to other files; the kinds of delivery leave them
# no way in, and this closes the door behind.
_WITHOUT = (
    "ADBC,AmigoCloud,Carto,CSW,DAAS,EEDA,Elasticsearch,GDALG,GPSBabel,HTTP,MongoDBv3,MSSQLSpatial,MySQL,NGW,OAPIF,"
    "OCI,ODBC,OGCAPI,OGR_VRT,PGeo,PLSCENES,PMTiles,PostgreSQL,STACIT,STACTA,VRT,WCS,WFS,WMS,WMTS"
)
_ENVIRONMENT = {
    "CPL_DEBUG": "OFF",
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_SKIP": _WITHOUT,
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SAVE_RESOLVED_TO": "",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_PRAGMA": "trusted_schema=0",
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "NO",
    # each thread takes address space, which is what the limit on memory counts
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Reader:
    """Reads deliveries in a child process that is kept from file to file, and started anew after one that ended it.

    A context manager; the child starts with the object, while the caller still loads what it needs.

    Parameters
    ----------
    seconds
        The time allowed for a file, in seconds; a large one is given 1 s more for each megabyte.
    memory
        The memory allowed to the child, in bytes (POSIX; Windows has no such limit).
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: _Child | None = _Child(memory)

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and remove its folder."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def read(
        self, path: str | PathLike[str], *, source_layer: str | None = None, encoding: str | None = None
    ) -> list[SourceLayer]:
        """Read every layer of a delivered file, as `landkit.sources.delivery.read_delivery` does.

        Raises
        ------
        InputError
            As `read_delivery`; and where reading the file crashes, takes too long or too much memory.
        UsageError
            As `read_delivery`.
        """
        file = Path(path)
        check_plain(file)
        # heavy; loads while the child starts
        from landkit.sources.handover import error_from_plain, read_layer  # noqa: PLC0415

        seconds = self._seconds + _SECONDS_A_MEGABYTE * _size(file) / 1e6
        if self._child is None or not self._child.is_running():
            self.close()
            self._child = _Child(self._memory)
        whole = file.absolute()
        answer = self._child.ask({"path": str(whole), "source_layer": source_layer, "encoding": encoding}, seconds)
        folder = self._child.folder
        if answer is None or "memory" in answer:
            is_running = self._child.is_running(wait=0.2)
            self.close()
            if answer is not None:
                raise InputError("archive.memory", file=file, most=round(self._memory / (1 << 30), 1))
            raise InputError("archive.timeout" if is_running else "archive.died", file=file, seconds=round(seconds))
        if "error" in answer:
            raise error_from_plain(answer["error"], {str(whole): str(file)})
        for ending in ("room", "failed"):
            if ending in answer:
                raise InputError(f"archive.{ending}", file=file, detail=answer[ending])
        return [replace(read_layer(folder, number), path=file) for number in range(answer["layers"])]


class _Child:
    """A process that reads, the folder that it writes to, and a thread that listens to it."""

    def __init__(self, memory: int) -> None:
        self._room = TemporaryDirectory(prefix="landkit-", ignore_cleanup_errors=True)
        self.folder = Path(self._room.name)
        self._answers: queue.Queue[str] = queue.Queue()
        self._is_new = True
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONFAULTHANDLER"}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            # -P: the working directory is no place to import from. Not -I, which would hide packages of the user.
            [sys.executable, "-P", "-B", "-X", "utf8", "-m", "landkit.sources.start", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=environment | _ENVIRONMENT,
            encoding="utf-8",
            start_new_session=True,
        )
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()

    def ask(self, request: dict[str, str | None], seconds: float) -> dict[str, Any] | None:
        """Return the answer to `request`, or None where there is none in time or the child is gone."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        wait = seconds + (_SECONDS_TO_START if self._is_new else 0.0)
        self._is_new = False
        try:
            self._process.stdin.write(json.dumps({**request, "seconds": seconds}) + "\n")
            self._process.stdin.flush()
            line = self._answers.get(timeout=wait)
        except (OSError, queue.Empty):
            return None
        return dict(json.loads(line)) if line else None

    def is_running(self, *, wait: float = 0.0) -> bool:
        """Return whether the process still runs, having had `wait` seconds to end."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=wait)
        return self._process.poll() is None

    def close(self) -> None:
        """End the process, and remove its folder."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._room.cleanup()


def _listen(stdout: IO[str], answers: queue.Queue[str]) -> None:
    """Pass on each line, and an empty one at the end."""
    with suppress(ValueError, OSError):
        for line in stdout:
            answers.put(line)
    answers.put("")


def _size(file: Path) -> int:
    return sum(part.stat().st_size for part in files_of(file))
