"""The figures of bench.py, part by part."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

import bench_data
import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from bench_data import Geometries, Kind
from bench_race import Figure, UnequalError, children_time, difference, race
from numpy.typing import NDArray

import landkit
from landkit.crs import Plane, read_plane

ROOT = Path(__file__).resolve().parents[1]
GEO_MODULES = ("geopandas", "shapely", "pyproj", "pyogrio", "fiona", "pandas", "numpy", "pyarrow")
SAMPLE = 100_000  # parcels that the Geod loop is timed on, unless all are asked for


@dataclass(frozen=True)
class Setting:
    """How much to measure, and where the data are kept."""

    cache: Path
    scale: float = 1.0
    repeat: int | None = None
    full: bool = False

    def count(self, count: int) -> int:
        """Return how many parcels, or districts, stand for `count` of them."""
        return max(1, round(count * self.scale))

    def rounds(self, usual: int) -> int:
        """Return how often to measure what is usually measured `usual` times."""
        return self.repeat or usual


def areas(setting: Setting) -> Iterator[Figure]:
    """`landkit.areas` against a loop of geodesic areas."""
    count = setting.count(1_000_000)
    geod = pyproj.Geod(ellps="GRS80")
    for kind in get_args(Kind):
        series = read(bench_data.parquet(kind, count, cache=setting.cache)).geometry
        step = 1 if setting.full else max(1, count // SAMPLE)
        sample = series.iloc[::step]

        def loop(sample: geopandas.GeoSeries = sample) -> list[float]:
            return [abs(geod.geometry_area_perimeter(shape)[0]) for shape in sample.to_crs(4490)]

        runs = race({"ours": partial(landkit.areas, series), "peer": loop}, rounds=setting.rounds(3))
        ours, peer = runs["ours"].cost, runs["peer"].cost.scaled(len(series) / len(sample))
        # geodesics between the vertices are other edges than straight ones of the plane: no more than this is equal
        apart = difference(runs["ours"].found.iloc[::step], runs["peer"].found, allowed=1e-5, what="areas")
        yield Figure(
            1, f"`landkit.areas`, {count:,} {kind}; `to_crs(4490)` + loop of `Geod.geometry_area_perimeter`",
            peer.cpu / ours.cpu, least=30, ours=ours, peer=peer,
            facts=f"areas within {apart:.1g}" + ("" if step == 1 else f"; peer timed on {len(sample):,}, scaled"),
        )  # fmt: skip


def split(setting: Setting) -> Iterator[Figure]:
    """Parcels by districts against `geopandas.overlay`."""
    from landkit.measure import overlay  # noqa: PLC0415 - a figure whose module lacks is to fail alone
    from landkit.measure.area import measure  # noqa: PLC0415

    plane = read_plane(bench_data.PLANE)
    cases: tuple[tuple[Kind, float, int, int, float, int], ...] = (
        ("scattered", 1.0, 100_000, 10, 10.0, 3),
        ("scattered", 0.25, 1_000_000, 3_000, 6.0, 1),
        ("contiguous", 1.0, 1_000_000, 3_000, 3.5, 1),
    )
    for kind, size, parcels, zones, least, rounds in cases:
        count, districts = (
            setting.count(parcels),
            bench_data.districts(setting.count(zones), parcels=setting.count(parcels)),
        )
        shapes = read(bench_data.parquet(kind, count, size=size, cache=setting.cache)).geometry.to_numpy()

        def ours(shapes: Geometries = shapes, districts: Geometries = districts, plane: Plane = plane) -> Any:
            area = measure(shapes, plane, method="planar")
            pieces = overlay.split(shapes, area, districts, plane, method="planar")
            within = pieces.district >= 0
            return np.bincount(pieces.district[within], pieces.area[within], minlength=len(districts)), pieces

        def peer(shapes: Geometries = shapes, districts: Geometries = districts) -> NDArray[np.float64]:
            left = geopandas.GeoDataFrame({"parcel": np.arange(len(shapes))}, geometry=shapes, crs=bench_data.PLANE)
            right = geopandas.GeoDataFrame({"district": np.arange(len(districts))}, geometry=districts, crs=left.crs)
            pieces = geopandas.overlay(left, right, how="intersection")
            sums = pieces.area.groupby(pieces["district"]).sum().reindex(range(len(districts)), fill_value=0.0)
            by_district: NDArray[np.float64] = sums.to_numpy()
            return by_district

        runs = race({"ours": ours, "peer": peer}, rounds=setting.rounds(rounds))
        sums, pieces = runs["ours"].found
        apart = difference(sums, runs["peer"].found, allowed=1e-9, what="parcels × districts")
        crossing = np.mean(np.bincount(pieces.parcel, minlength=count) > 1)
        yield Figure(
            2, f"{count:,} {kind} parcels × {len(districts):,} districts; `geopandas.overlay` + group by",
            runs["peer"].cost.cpu / runs["ours"].cost.cpu, least=least, ours=runs["ours"].cost, peer=runs["peer"].cost,
            facts=f"{crossing:.1%} in more than one place; sums within {apart:.1g}",
        )  # fmt: skip


def net(setting: Setting) -> Iterator[Figure]:
    """Net area with all combinations against unions that give the net area alone."""
    count = setting.count(130_000)
    cases: tuple[tuple[Kind, float, float], ...] = (
        ("scattered", 0.105, 1.0),
        ("scattered", 0.2, 1.0),
        ("contiguous", 0.06, 1.5),
        ("contiguous", 0.2, 1.5),
    )
    for kind, laid, most in cases:
        parcels = read(bench_data.parquet(kind, count, laid=laid, cache=setting.cache))
        shapes, status = parcels.geometry.to_numpy(), pd.factorize(parcels["status"], sort=True)[0]
        unions = ("union_all", "disjoint_subset_union_all")
        tasks: dict[str, Callable[[], Any]] = {"ours": partial(combinations, shapes, status)}
        tasks |= {name: partial(_union_area, name, shapes) for name in unions}
        runs = race(tasks, rounds=setting.rounds(3))
        faster = min(unions, key=lambda name: runs[name].cost.cpu)
        table = runs["ours"].found
        apart = difference(sum(table.values()), runs[faster].found, allowed=1e-9, what=f"net area, {kind}")
        share = bench_data.overlapping_share(shapes)
        yield Figure(
            3, f"net area of {count:,} {kind}, {share:.0%} overlapping another; `shapely.{faster}`",
            runs["ours"].cost.cpu / runs[faster].cost.cpu, most=most, ours=runs["ours"].cost, peer=runs[faster].cost,
            facts=f"{len(table)} combinations besides; net within {apart:.1g}",
        )  # fmt: skip


def combinations(shapes: Geometries, status: NDArray[np.intp]) -> dict[int, float]:
    """Return the land (m²) under each combination of statuses (a bit each); they add up to the net area."""
    from landkit.measure.faces import overlaps  # noqa: PLC0415 - see `split`

    area = shapely.area(shapes)
    faces = overlaps(shapes)
    land = shapely.area(faces.shapes)
    bit = np.left_shift(1, status)
    under = np.zeros(len(land), dtype=np.intp)
    np.bitwise_or.at(under, faces.face, bit[faces.parcel])
    single = area - np.bincount(faces.parcel, land[faces.face], minlength=len(shapes))
    found = np.bincount(np.concatenate([bit, under]), np.concatenate([single, land]))
    return {int(key): float(found[key]) for key in np.flatnonzero(found)}


def _union_area(name: str, shapes: Geometries) -> float:
    return float(shapely.area(getattr(shapely, name)(shapes)))


def command(setting: Setting) -> Iterator[Figure]:
    """`landkit area` on a file, the whole process, against one that reads the file."""
    count = setting.count(1_000_000)
    cases: tuple[tuple[Kind, str, float], ...] = (
        ("scattered", bench_data.PLANE, 3.0),
        ("contiguous", bench_data.PLANE, 4.0),
        ("contiguous", "EPSG:4490", 8.0),
    )
    for kind, crs, most in cases:
        path = bench_data.parquet(kind, count, crs=crs, cache=setting.cache)
        asked = [landkit_program(), "area", str(path), "--by", "status", "--format", "json"]
        reads = [sys.executable, "-c", f"import geopandas; geopandas.read_parquet({str(path)!r})"]
        runs = race(
            {"ours": partial(output_of, asked), "peer": partial(output_of, reads)},
            rounds=setting.rounds(3),
            clock=children_time,
        )
        answer = json.loads(runs["ours"].found)["landkit.area/v1"]
        if answer["total"]["parcels"] != count or not answer["closes"]["ok"]:
            raise UnequalError(f"landkit area, {kind}: {answer['total']}, {answer['closes']}")
        yield Figure(
            4, f"`landkit area FILE --by status --format json`, {count:,} {kind}, {crs}; `geopandas.read_parquet`",
            runs["ours"].cost.cpu / runs["peer"].cost.cpu, most=most, ours=runs["ours"].cost, peer=runs["peer"].cost,
            facts=f"file of {path.stat().st_size / 1e6:.0f} MB",
        )  # fmt: skip


def start_up(setting: Setting) -> Iterator[Figure]:
    """`landkit --help` against an import of click."""
    loaded = (
        "import sys; from landkit.cli import main; main(['--help']); print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    modules = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, encoding="utf-8").stderr
    geo = sorted(set(GEO_MODULES) & set(modules.split()))
    if geo:
        raise UnequalError(f"landkit --help loads {', '.join(geo)}")
    runs = race(
        {
            "ours": partial(output_of, [landkit_program(), "--help"]),
            "peer": partial(output_of, [sys.executable, "-c", "import click"]),
        },
        rounds=setting.rounds(21),
        clock=children_time,
    )
    ours, peer = runs["ours"].cost, runs["peer"].cost
    yield Figure(
        5, '`landkit --help`; `python -c "import click"`', ours.cpu / peer.cpu, most=2, ours=ours, peer=peer,
        facts="no geo library loaded",
    )  # fmt: skip


def accuracy(setting: Setting) -> Iterator[Figure]:  # noqa: ARG001 - the same at any scale
    """`landkit.areas` against the reference of the tests."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tests" / "reference.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/reference.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    for what, kilometres, sizes, most in (
        ("100 m to 10 km, up to 160 km from the central meridian", (0, 60, 160), (100, 1000, 10_000), 1e-9),
        ("10 m, up to 60 km", (0, 60), (10,), 1e-8),
        ("10 m to 10 km, 260 to 300 km", (-280,), (10, 100, 1000, 10_000), 1e-8),
    ):
        shapes = specimens(kilometres, sizes)
        exact = reference.quick_areas(shapes)
        found = landkit.areas(geopandas.GeoSeries(shapes, crs=bench_data.PLANE)).to_numpy()
        error = float(np.max(np.abs(found / exact - 1)))
        yield Figure(
            6, f"largest relative error of `landkit.areas`, {what}, 18 to 54 N", error, most=most,
            facts=f"{len(shapes)} polygons, thin, holed and multi-part ones too",
        )  # fmt: skip


def specimens(kilometres: tuple[int, ...], sizes: tuple[int, ...]) -> Geometries:
    """Return polygons of these sizes (m), at these distances from the central meridian, from 18 to 54 N."""
    cadastre = bench_data.contiguous(400)
    compound = cadastre[(shapely.get_num_interior_rings(cadastre) > 0) | (shapely.get_num_geometries(cadastre) > 1)]
    plain = np.concatenate([bench_data.scattered(9), compound])
    xy = [shapely.get_coordinates(shapely.centroid(shape)) for shape in plain]
    models = [shapely.transform(shape, lambda v, c=c: (v - c) / 100) for shape, c in zip(plain, xy, strict=True)]
    models += [shapely.transform(shape, lambda v: v * [1.0, 0.01]) for shape in models[:4]]
    made = [
        shapely.transform(shape, lambda v, s=size, k=km, n=north: v * s + [500_000 + 1000 * k, n])
        for km in kilometres
        for size in sizes
        for north in np.linspace(1_991_000, 5_986_000, 5)
        for shape in models
    ]
    return np.array(made, dtype=object)


PARTS: dict[int, Callable[[Setting], Iterator[Figure]]] = {
    1: areas, 2: split, 3: net, 4: command, 5: start_up, 6: accuracy,
}  # fmt: skip


def read(path: Path) -> geopandas.GeoDataFrame:
    """Return statuses and shapes of a file of bench_data."""
    return geopandas.read_parquet(path, columns=["status", "geometry"])


def landkit_program() -> str:
    """Return the path of the installed command."""
    name = "landkit.exe" if os.name == "nt" else "landkit"
    return str(Path(sysconfig.get_path("scripts")) / name)


def output_of(arguments: list[str]) -> str:
    """Return what a process prints; its failure is ours."""
    done = subprocess.run(arguments, check=False, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise subprocess.SubprocessError(f"{' '.join(arguments)}\nexit code {done.returncode}\n{done.stderr}")
    return done.stdout
