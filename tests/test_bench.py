"""The benchmark runs, on data that are what they are said to be. No time is judged here."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

pytest.importorskip("resource", reason="the benchmark needs POSIX")
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import bench
import bench_data
import bench_figures
import bench_race
from bench_race import Cost, Figure, UnequalError

COUNT = 2000


def vertices(polygons):
    return shapely.get_num_coordinates(polygons) - 1


def share_overlapping(polygons):
    """Pair by pair, by the topology of interiors."""
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one != other], other[one != other]
    return len(np.unique(one[shapely.relate_pattern(polygons[one], polygons[other], "2********")])) / len(polygons)


@pytest.fixture(scope="module")
def cadastre():
    return bench_data.contiguous(COUNT)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("make", [bench_data.scattered, bench_data.contiguous])
def test_data_are_alike_every_time(make):
    assert (shapely.to_wkb(make(300, laid=0.1)) == shapely.to_wkb(make(300, laid=0.1))).all()


def test_scattered_parcels_are_valid_and_touch_no_other():
    parcels = bench_data.scattered(COUNT)
    assert len(parcels) == COUNT
    assert shapely.is_valid(parcels).all()
    assert (vertices(parcels).min(), vertices(parcels).max()) == (5, 20)
    one, other = shapely.STRtree(parcels).query(parcels, predicate="intersects")
    assert (one == other).all()


def test_the_cadastre_has_neither_gap_nor_overlap(cadastre):
    assert len(cadastre) == COUNT
    assert shapely.is_valid(cadastre).all()
    ground = shapely.union_all(cadastre)
    assert shapely.area(cadastre).sum() == pytest.approx(shapely.area(ground), rel=1e-12)
    assert ground.geom_type == "Polygon"
    assert len(ground.interiors) == 0


def test_the_cadastre_has_holes_parts_and_vertices_as_said(cadastre):
    holed = shapely.get_num_interior_rings(cadastre) > 0
    parts = shapely.get_num_geometries(cadastre)
    assert (holed.sum(), (parts > 1).sum()) == (30, 30)
    plain = cadastre[~holed & (parts == 1)]
    assert vertices(plain).min() >= 8
    assert vertices(plain).max() <= 28  # four T-junctions at most
    assert 14 < vertices(plain).mean() < 18


def test_junctions_lie_on_the_edge_of_the_neighbour_exactly(cadastre):
    points = shapely.points(np.unique(shapely.get_coordinates(cadastre), axis=0))
    point, parcel = shapely.STRtree(shapely.boundary(cadastre)).query(points, predicate="intersects")
    corner, owner = shapely.STRtree(points).query(cadastre, predicate="intersects")
    assert set(zip(point, parcel, strict=True)) == set(zip(owner, corner, strict=True))  # no vertex inside a parcel
    own = {(*xy, k) for k, shape in enumerate(cadastre) for xy in shapely.get_coordinates(shape).tolist()}
    xy = shapely.get_coordinates(points)
    junction = [(*xy[p].tolist(), k) not in own for p, k in zip(point, parcel, strict=True)]
    assert 0.05 < len(np.unique(parcel[junction])) / COUNT < 0.10


@pytest.mark.parametrize(("make", "laid"), [(bench_data.scattered, 0.105), (bench_data.contiguous, 0.06)])
def test_a_fifth_overlaps(make, laid):
    parcels = make(COUNT, laid=laid)
    assert len(parcels) == COUNT
    assert shapely.is_valid(parcels).all()
    assert share_overlapping(parcels) == pytest.approx(0.2, abs=0.025)
    assert bench_data.overlapping_share(parcels) == share_overlapping(parcels)


@pytest.mark.parametrize(("count", "least", "most"), [(10, 240, 404), (3000, 80, 124)])
def test_districts_are_a_coverage(count, least, most):
    districts = bench_data.districts(count, parcels=1_000_000)
    assert len(districts) == count
    assert shapely.is_valid(districts).all()
    assert shapely.coverage_is_valid(districts)
    assert vertices(districts).min() >= least
    assert vertices(districts).max() <= most


def test_a_file_is_made_once_and_has_ten_attributes(cache):
    path = bench_data.parquet("contiguous", 200, crs="EPSG:4490", cache=cache)
    written = path.stat().st_mtime_ns
    assert bench_data.parquet("contiguous", 200, crs="EPSG:4490", cache=cache).stat().st_mtime_ns == written
    parcels = bench_figures.geopandas.read_parquet(path)
    assert len(parcels.columns) == 11
    assert parcels.crs.to_epsg() == 4490
    assert parcels["id"].is_unique
    assert set(parcels["status"]) == set(bench_data.STATUSES)
    assert np.allclose(parcels.total_bounds, [119.65, 29.08, 119.65, 29.08], atol=0.05)


@pytest.mark.parametrize(("part", "figures"), [(1, 2), (2, 3), (3, 4), (4, 3), (5, 1), (6, 3)])
def test_a_part_runs_and_its_contestants_agree(part, figures, cache):
    found = list(bench_figures.PARTS[part](bench_figures.Setting(cache, scale=0.0005, repeat=1)))
    assert [figure.number for figure in found] == [part] * figures
    assert all(figure.value > 0 for figure in found)


def test_errors_of_area_are_within_bounds(cache):
    assert all(figure.reached for figure in bench_figures.accuracy(bench_figures.Setting(cache)))


def test_combinations_of_three_squares():
    # two of status 0, (0, 2) and (1, 3) wide, share 1 m2; one of status 1, (2.5, 4) wide, shares 0.5 m2 with the second
    squares = shapely.box(np.array([0.0, 1.0, 2.5]), 0.0, np.array([2.0, 3.0, 4.0]), 1.0)
    found = bench_figures.combinations(squares, np.array([0, 0, 1]))
    assert found == pytest.approx({0b01: 2.5, 0b10: 1.0, 0b11: 0.5})


def test_contestants_take_turns_and_medians_are_taken():
    order = []
    ticks = iter([0, 5, 0, 1, 0, 7, 0, 2, 0, 6, 0, 9])  # before and after each task
    tasks = {"ours": lambda: order.append("ours"), "peer": lambda: order.append("peer")}
    runs = bench_race.race(tasks, rounds=3, clock=lambda: next(ticks))
    assert order == ["ours", "peer"] * 3
    assert (runs["ours"].cost.cpu, runs["peer"].cost.cpu) == (6, 2)


def test_unequal_results_are_refused():
    assert bench_race.difference([1.0, 2.0], [1.0, 2.0 + 1e-12], allowed=1e-9, what="x") < 1e-9
    for wrong in (2.0 + 1e-6, np.nan):
        with pytest.raises(UnequalError, match="x: landkit and its peer differ"):
            bench_race.difference([1.0, wrong], [1.0, 2.0], allowed=1e-9, what="x")


def test_figures_are_judged():
    assert Figure(1, "", 30.0, least=30).reached
    assert not Figure(1, "", 29.9, least=30).reached
    assert not Figure(3, "", 1.1, most=1.0).reached
    assert not Figure(3, "", np.nan, most=1.0).reached


@pytest.mark.parametrize("value", [0.5, 1.5, None])
def test_exit_code_and_page(monkeypatch, capsys, tmp_path, value):
    code, verdict, row = {
        0.5: (0, "reached", "| 3 | ours; peer | 0.5 | ≤ 1 | 1 (2) | 3 (4) |  |"),
        1.5: (1, "MISSED", "| 1.5 **missed** |"),
        None: (1, "FAILED", "| --- |"),
    }[value]

    def part(setting):
        if value is None:
            raise ImportError("no such module")
        yield Figure(3, "ours; peer", value, most=1.0, ours=Cost(1, 2), peer=Cost(3, 4))

    monkeypatch.setattr(bench, "PARTS", {3: part})
    monkeypatch.setattr(sys, "argv", ["bench.py", "--markdown", "--json", str(tmp_path / "figures.json")])
    assert bench.main() == code
    out, err = capsys.readouterr()
    assert verdict in err
    assert row in out
    assert (tmp_path / "figures.json").exists()
