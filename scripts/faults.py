"""Kill writers of a workspace at random moments and see what is left.

    python scripts/faults.py --kills 200                # transactions alone
    python scripts/faults.py --kills 200 --import       # `landkit import` of 2,000 parcels
    python scripts/faults.py --kills 200 --command "landkit import {delivery} -w {workspace} --layer reclaim --update"

Every kill is a SIGKILL (on Windows, TerminateProcess). What is reported as written must be there afterwards, whole;
what was under way must be there whole or not at all. Of the kills of a command a third falls anywhere in its run, a
third while it prepares its files, and a third while these take their places.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from landkit.commits import last_commit
from landkit.store import exclusive, settled

NAMES = ("a.csv", "log/b.jsonl", "c.bin")
SIZE = 200_000  # bytes of a file
PARCELS = 2_000
IMPORT = "{python} -m landkit import {delivery} -w {workspace} --layer reclaim --update"


@dataclass(frozen=True)
class Toll:
    """What kills did.

    Attributes
    ----------
    kills
        Processes killed.
    old, new
        After how many of these the former state was there, or the one under way.
    lost
        After how many neither was there whole.
    unfinished
        How many left a commit that had to be completed.
    """

    kills: int
    old: int
    new: int
    lost: int
    unfinished: int


def kill_transactions(folder: Path, kills: int, *, seed: int) -> Toll:
    """Kill a process that commits one generation of three files after the other."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    old = new = lost = unfinished = 0
    done = -1
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, __file__, "--write", str(folder), str(done + 1)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None  # noqa: S101 - a pipe
            first = writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.12))
            writer.kill()
            reported = [int(line) for line in (first + writer.stdout.read()).split()]
        unfinished += (folder / ".landkit" / "commit").exists()
        settled(folder)
        found = {_generation(folder / name) for name in NAMES}
        last = reported[-1] if reported else done
        old, new, lost = (
            old + (found == {last}),
            new + (found == {last + 1}),
            lost + (found not in ({last}, {last + 1})),
        )
        done = max(found, default=last)
    return Toll(kills, old, new, lost, unfinished)


def _write(folder: Path, generation: int) -> None:
    """Commit one generation after the other until killed, and report each."""
    while True:
        with exclusive(folder, purpose="faults") as transaction:
            for name in NAMES:
                transaction.put(name, f"{generation:010}".encode() * (SIZE // 10))
        print(generation, flush=True)
        generation += 1


def _generation(path: Path) -> int:
    """Return the generation of a file, -2 if it is of several or cut off."""
    if not path.exists():
        return -1
    data = path.read_bytes()
    return int(data[:10]) if len(data) == SIZE and data == data[:10] * (SIZE // 10) else -2


def kill_command(folder: Path, kills: int, *, seed: int, command: str) -> Toll:
    """Kill a command that brings a new generation of parcels into a workspace."""
    from landkit.founding import init  # noqa: PLC0415 - the writer that is killed needs to start quickly
    from landkit.workspace import open_workspace  # noqa: PLC0415

    chance = random.Random(seed)  # noqa: S311
    workspace, delivery = init(folder / "w", crs="EPSG:4549", year=2022), folder / "delivery.gpkg"
    fields = {"python": sys.executable, "delivery": str(delivery), "workspace": str(workspace)}
    line = [part.format(**fields) for part in shlex.split(command)]
    for first in (0, 1):  # the second one replaces rows, as those that are killed will
        _deliver(delivery, first)
        start = time.monotonic()
        subprocess.run(line, check=True, capture_output=True)
        span = time.monotonic() - start
    old = new = lost = unfinished = 0
    killed, generation, held = 0, 1, 1
    while killed < kills:
        generation += 1
        _deliver(delivery, generation)
        taking_place = f"history/{last_commit(workspace) + 1}"
        sign, most = ((None, span), ("stage-*", span / 4), (taking_place, 0.01))[killed % 3]
        ended = _run_and_kill(line, chance.uniform(0, most), home=workspace / ".landkit", sign=sign)
        killed += ended is None
        unfinished += (workspace / ".landkit" / "commit").exists()
        frame = open_workspace(workspace).layer("reclaim")
        found = set(frame["note"].astype("int64"))
        is_whole = len(frame) == PARCELS and found in ({held}, {generation})
        lost += not is_whole or (ended == 0 and found != {generation})
        if ended is None and is_whole:
            old, new = old + (found == {held}), new + (found == {generation})
        held = max(found)
    return Toll(killed, old, new, lost, unfinished)


def _run_and_kill(line: list[str], after: float, *, home: Path, sign: str | None) -> int | None:
    """Return the exit code of a command that ended by itself, None where it was killed.

    The time runs from its start, or from when the `sign` of what it does appears in `home`.
    """
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while sign is not None and process.poll() is None and not any(home.glob(sign)):
            time.sleep(0.001)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=after)
        process.kill()
    return None


def _deliver(path: Path, generation: int) -> None:
    import geopandas as gpd  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    number = np.arange(PARCELS)
    east, north = 500_000.0 + number % 50 * 60, 3_218_000.0 + number // 50 * 60
    columns = {"id": [f"S-{one}" for one in number], "name": "x", "note": str(generation)}
    frame = gpd.GeoDataFrame(columns, geometry=shapely.box(east, north, east + 50, north + 50), crs=4549)
    path.unlink(missing_ok=True)
    frame.to_file(path, layer="delivery")


def main() -> int:
    """Print the toll; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--import", dest="imports", action="store_true", help="kill `landkit import`")
    parser.add_argument("--command", help="kill this command; {delivery} and {workspace} are filled in")
    parser.add_argument("--write", nargs=2, metavar=("FOLDER", "GENERATION"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        _write(Path(asked.write[0]), int(asked.write[1]))
    command = asked.command or (IMPORT if asked.imports else None)
    with tempfile.TemporaryDirectory() as name:
        if command is None:
            toll = kill_transactions(Path(name), asked.kills, seed=asked.seed)
        else:
            toll = kill_command(Path(name), asked.kills, seed=asked.seed, command=command)
    print(
        f"{toll.kills} kills: {toll.old} old, {toll.new} new, {toll.unfinished} completed afterwards, {toll.lost} lost"
    )
    return int(toll.lost > 0)


if __name__ == "__main__":
    sys.exit(main())
