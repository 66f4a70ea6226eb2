"""The figures of bench.py about what comes in: imports and checks, whole processes with the children they start."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import bench_data
import geopandas
from bench_figures import Setting, landkit_program, output_of
from bench_race import Figure, UnequalError, children_time, race

_HEADINGS = {
    "id": "编号", "name": "名称", "township": "街道", "owner": "权利人", "land_use": "地类", "year": "年度",
    "cert_no": "证号",
}  # fmt: skip
_ROADS = ("秋滨", "三江", "江南", "西关")
_GIGABYTE = 2**30
_SETTINGS = """\
[zone]
name = "x"
name_en = "x"
year = 2022
crs = "EPSG:4549"
aoi = [118.0, 28.0, 121.0, 31.0]

[layers]
"""


def imports(setting: Setting) -> Iterator[Figure]:
    """`landkit import` of a GBK shapefile into a workspace, against reading it."""
    count = setting.count(100_000)
    path = _shapefile(count, setting.cache)
    reads = [sys.executable, "-c", f"import geopandas; geopandas.read_file({str(path)!r}, encoding='GBK')"]
    for options, most in ((("--no-overlaps",), 3.0), ((), 6.0)):
        runs = race(
            {"ours": partial(_import, path, count, options), "peer": partial(output_of, reads)},
            rounds=setting.rounds(3),
            clock=children_time,
        )
        yield Figure(
            7, f"`landkit import {' '.join(('FILE.shp --layer lowefficiency', *options))}`, {count:,} contiguous in "
            "GBK without .cpg, into a workspace; `geopandas.read_file`",
            runs["ours"].cost.cpu / runs["peer"].cost.cpu, most=most, ours=runs["ours"].cost, peer=runs["peer"].cost,
            facts=f"every row accepted; .shp of {path.stat().st_size / 1e6:.0f} MB",
        )  # fmt: skip


def memory(setting: Setting) -> Iterator[Figure]:
    """Watch the memory that an import of a large GeoPackage takes."""
    count = setting.count(1_000_000)
    source = setting.cache / f"contiguous-{count}.gpkg"
    if not source.exists():
        geopandas.read_parquet(bench_data.parquet("contiguous", count, cache=setting.cache)).to_file(
            source, use_arrow=True
        )
    with tempfile.TemporaryDirectory(dir=setting.cache) as folder:
        asked = [landkit_program(), "import", str(source), "--out", str(Path(folder, "out.gpkg")), "--format", "json"]
        peak, printed = _peak([*asked, "--no-overlaps"])
    _require_all(printed, count)
    yield Figure(
        8, f"`landkit import FILE.gpkg --out`, {count:,} contiguous: memory of the largest of its processes, GB",
        peak / _GIGABYTE, most=2.0, facts=f"file of {source.stat().st_size / 1e6:.0f} MB",
    )  # fmt: skip


def checks(setting: Setting) -> Iterator[Figure]:
    """Time `landkit check` on a workspace of contiguous parcels."""
    count = setting.count(100_000)
    with tempfile.TemporaryDirectory(dir=setting.cache) as folder:
        workspace = _workspace(Path(folder))
        output_of([landkit_program(), "import", "-w", str(workspace), str(_shapefile(count, setting.cache)),
                   "--layer", "lowefficiency"])  # fmt: skip
        asked = [landkit_program(), "check", "-w", str(workspace), "--format", "json"]
        runs = race({"ours": partial(output_of, asked)}, rounds=setting.rounds(1), clock=children_time)
    found = json.loads(runs["ours"].found)["landkit.check/v1"]
    cost = runs["ours"].cost
    yield Figure(
        9, f"`landkit check`, {count:,} contiguous parcels, whole process: CPU s", cost.cpu, most=60.0,
        ours=cost, facts=f"{len(found['findings']):,} findings",
    )  # fmt: skip


def _shapefile(count: int, cache: Path) -> Path:
    """Return a shapefile as offices deliver it: Chinese headings and values in GBK, nothing that says so."""
    folder = cache / f"gbk-{count}"
    path = folder / "低效地块.shp"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        parcels = geopandas.read_parquet(bench_data.parquet("contiguous", count, cache=cache))
        parcels["township"] = [f"{_ROADS[number % len(_ROADS)]}街道" for number in range(len(parcels))]
        delivered = parcels[[*_HEADINGS, "geometry"]].rename(columns=_HEADINGS)
        delivered.to_file(path, encoding="GBK")
        path.with_suffix(".cpg").unlink()
    return path


def _workspace(folder: Path) -> Path:
    (folder / "landkit.toml").write_text(_SETTINGS, encoding="utf-8")
    return folder


def _import(path: Path, count: int, options: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parents[1]) as folder:
        asked = [
            landkit_program(),
            "import",
            "-w",
            str(_workspace(Path(folder))),
            str(path),
            "--layer",
            "lowefficiency",
        ]
        _require_all(output_of([*asked, *options, "--format", "json"]), count)


def _require_all(printed: str, count: int) -> None:
    told = json.loads(printed.splitlines()[-1])["landkit.import/v1"]
    if told["accepted"] != count or told["quarantined"]:
        raise UnequalError(f"landkit import: {told['accepted']} of {count} accepted; {told['error']}")


def _peak(arguments: list[str]) -> tuple[int, str]:
    """Return the most memory (bytes, resident) that any process of a command took, looked at ten times a second."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        running = subprocess.Popen(arguments, stdout=output)
        peak = 0
        while running.poll() is None:
            peak = max([peak, *map(_resident, _family(running.pid))])
            time.sleep(0.1)
        output.seek(0)
        return peak, output.read()


def _family(number: int) -> list[int]:
    """Return a process and all that it has started."""
    found = [number]
    for path in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has just ended
            found += [one for child in path.read_text(encoding="ascii").split() for one in _family(int(child))]
    return found


def _resident(number: int) -> int:
    with contextlib.suppress(OSError):  # it has just ended
        pages = Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return 0
