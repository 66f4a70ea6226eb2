"""Measure landkit against its peers, in one run, and print each figure as a ratio.

    python scripts/bench.py                       all figures, at full size: about a quarter of an hour
    python scripts/bench.py --only 1,3            some of them
    python scripts/bench.py --markdown            as the page docs/benchmarks.md

Seconds are of processor time, of all threads; what is compared runs in turns, and medians are taken. The exit code is 1
when a figure is missed, or could not be measured. POSIX only: elsewhere the time of child processes is not to be had.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from bench_deliveries import checks, imports, memory
from bench_figures import PARTS as MEASURES
from bench_figures import SAMPLE, Setting
from bench_race import Figure

import landkit

PARTS = {**MEASURES, 7: imports, 8: memory, 9: checks}


def conditions() -> str:
    """Return the machine and the versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    versions = {
        "Python": platform.python_version(), "landkit": landkit.__version__, "numpy": np.__version__,
        "pandas": pd.__version__, "shapely": shapely.__version__, "GEOS": shapely.geos_version_string,
        "geopandas": geopandas.__version__, "pyproj": pyproj.__version__, "PROJ": pyproj.proj_version_str,
    }  # fmt: skip
    machine = f"{models[0] if models else platform.processor()}, {os.cpu_count()} processors, {platform.system()}"
    return f"{machine}; " + ", ".join(f"{name} {version}" for name, version in versions.items())


def line(figure: Figure, *, judged: bool) -> str:
    """Return a figure for the terminal."""
    verdict = ("reached" if figure.reached else "MISSED") if judged else "not judged"
    cost = ""
    if figure.ours and figure.peer:
        ours, peer = figure.ours, figure.peer
        cost = f"  {ours.cpu:.3g} s : {peer.cpu:.3g} s CPU, {ours.wall:.3g} s : {peer.wall:.3g} s wall;"
    return f"{figure.number}  {figure.value:.3g} ({figure.required}) {verdict}  {figure.what}\n {cost}  {figure.facts}"


def page(figures: list[Figure], *, command_line: str, judged: bool) -> str:
    """Return the page for docs/benchmarks.md."""
    rows = [
        "| | landkit; peer | ratio or error | required | landkit CPU s (wall) | peer CPU s (wall) | besides |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for figure in figures:
        costs = [f"{cost.cpu:.3g} ({cost.wall:.3g})" if cost else "" for cost in (figure.ours, figure.peer)]
        value = f"{figure.value:.3g}" + ("" if figure.reached or not judged else " **missed**")
        rows.append(
            f"| {figure.number} | {figure.what} | {value} | {figure.required} | {' | '.join(costs)} | {figure.facts} |"
        )
    return "\n".join([INTRODUCTION, f"    {command_line}\n", f"{conditions()}.\n", *rows, ""])


INTRODUCTION = """# Benchmarks

Ratios of processor time (all threads, user and system), landkit and its peer in turns within one run, medians. In parts
1 and 2 the ratio is peer over landkit: how many times less landkit needs. In parts 3 to 5 and 7 it is landkit over
peer. Part 6 is an error, part 8 memory, part 9 processor time.

The data are synthetic, made by `scripts/bench_data.py`, about Jinhua in EPSG:4549. Scattered: star-shaped parcels of 5
to 20 vertices, none touching another unless said. Contiguous: a cadastre without gaps of 8 to 25 vertices a parcel
whose neighbours share their vertices, with T-junctions (7.5 % of parcels), holes that other parcels fill (1.5 %) and
parcels of two parts (1.5 %). Parcels are laid over others for part 3; the share that overlaps is measured. Districts
are a coverage with winding borders that take no notice of parcels.

Measured by
"""


def main() -> int:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(map(str, PARTS)), help="parts to measure, such as 1,3")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the data; below 1 nothing is judged")
    parser.add_argument("--repeat", type=int, help="rounds (default: 3; of the largest 1; of the smallest 21)")
    parser.add_argument("--full", action="store_true", help=f"time the Geod loop on all parcels, not {SAMPLE:,}")
    parser.add_argument("--cache", type=Path, help="where data are kept (default: nowhere)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--markdown", action="store_true", help="print a page at the end")
    options = parser.parse_args()
    judged = options.scale >= 1
    print(conditions(), file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        cache.mkdir(parents=True, exist_ok=True)
        setting = Setting(cache, options.scale, options.repeat, options.full)
        figures, failed = measured(setting, [int(part) for part in options.only.split(",")], judged=judged)
    if options.json:
        options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        print(page(figures, command_line=shlex.join(["python", "scripts/bench.py", *sys.argv[1:]]), judged=judged))
    return int(bool(failed) or (judged and not all(figure.reached for figure in figures)))


def measured(setting: Setting, parts: list[int], *, judged: bool) -> tuple[list[Figure], list[int]]:
    """Return the figures of `parts` and which of these failed, telling of each as it comes."""
    figures, failed = [], []
    for part in parts:
        try:
            for figure in PARTS[part](setting):
                print(line(figure, judged=judged), file=sys.stderr, flush=True)
                figures.append(figure)
        except Exception:  # noqa: BLE001 - the other figures are wanted all the same
            print(f"{part}  FAILED\n{traceback.format_exc()}", file=sys.stderr, flush=True)
            failed.append(part)
    return figures, failed


if __name__ == "__main__":
    sys.exit(main())
