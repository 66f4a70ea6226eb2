"""Land in control lines, against squares whose areas are seen at a glance."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shipped import LAND, MU, VALUES, records

import landkit
from landkit.cli import main
from landkit.errors import InputError, UsageError
from landkit.products.redline_table import redline_document, redline_text

X, Y = 500_000, 3_220_000  # on the central meridian, where the plane and the ellipsoid agree to 1e-8


def square(x: float, y: float, width: float, height: float | None = None) -> shapely.Geometry:
    return shapely.box(X + x, Y + y, X + x + width, Y + y + (width if height is None else height))


def line(name: str, shape, kind: str, rule: str, **others) -> dict:
    return {"id": name, "geometry": shape, "kind": kind, "rule": rule, "effective": "2020-01-01"} | others


# Reclaim has two parcels that overlap by 20 x 100; a small plot lies on one of them.
RECLAIM = {"R-1": square(0, 0, 100), "R-2": square(80, 0, 100), "R-3": square(500, 500, 100)}
SMALL = {"P-1": square(0, 0, 50)}
LINES = [
    line("K-1", square(-50, -50, 100, 200), "YJJBNT", "forbid"),  # holds x < 50: the west half of R-1, all of P-1
    line("K-2", square(-10, -10, 20, 300), "YJJBNT", "forbid"),  # within K-1: nothing counts twice
    line("K-3", square(-1000, -1000, 1120, 3000), "CZKFBJ", "must_within", subkind="集中建设区"),  # x < 120
    line("K-4", square(500, 500, 60, 100), "CZKFBJ", "must_within", subkind="弹性发展区"),  # 60 % of R-3
    line("K-5", square(180, 0, 100), "STBHHX", "forbid"),  # touches R-2 along its east side
    line("K-6", square(90, 0, 10), "LvX", "warn"),
    line("K-7", square(0, 0, 1000), "污染地块", "info"),
    line("K-8", square(0, 0, 1000), "LX", "forbid", effective="2023-01-01"),
]


BEFORE = date(2022, 12, 31)  # K-8 is not in force yet


def workspace(
    folder: Path, lines: list[dict], *, reclaim: dict = RECLAIM, small: dict = SMALL, crs: int = 4549
) -> Path:
    """Write a workspace with two programmes and control lines."""
    for name, rows in (("reclaim", reclaim), ("small_plot", small)):
        frame = gpd.GeoDataFrame({"id": list(rows)}, geometry=list(rows.values()), crs=4549)
        frame.to_file(folder / f"{name}.gpkg", layer=name)
    gpd.GeoDataFrame(lines, geometry="geometry", crs=4549).to_crs(crs).to_file(folder / "control_line.gpkg")
    layers = "".join(
        f'[layers.{name}]\nfile = "{name}.gpkg"\n{"programme = true" if name != "control_line" else ""}\n'
        for name in ("reclaim", "small_plot", "control_line")
    )
    zone = '[zone]\nname = "试验区"\nyear = 2022\ncrs = "EPSG:4549"\n'
    (folder / "landkit.toml").write_text(zone + layers, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return workspace(tmp_path_factory.mktemp("redline"), LINES)


def figures(answer) -> dict[tuple, tuple]:
    """Return, by line, subkind and part, the m2 of both programmes and of all, to the millimetre of a hectare."""
    return {
        (row["kind"], row["subkind"], row["part"]): tuple(
            round(row[name], 2) for name in ("reclaim", "small_plot", "m2")
        )
        for row in answer.rows.to_dict("records")
    }


def test_each_place_counts_once_in_each_line(home):
    answer = landkit.redline(workspace=home, as_of=BEFORE)
    found = figures(answer)
    assert found["YJJBNT", None, "inside"] == (5000.0, 2500.0, 5000.0)
    assert found["CZKFBJ", "集中建设区", "inside"] == (12000.0, 2500.0, 12000.0)
    assert found["CZKFBJ", "弹性发展区", "inside"] == (6000.0, 0.0, 6000.0)
    # together are 180 x 100, of which x > 120 is outside; of R-3, 40 x 100.
    assert found["CZKFBJ", None, "outside"] == (6000.0 + 4000.0, 0.0, 10000.0)
    assert found["STBHHX", None, "inside"] == (0.0, 0.0, 0.0)
    assert found["LvX", None, "inside"] == (100.0, 0.0, 100.0)
    assert found["污染地块", None, "inside"] == (28000.0, 2500.0, 28000.0)
    assert answer.programmes == ("reclaim", "small_plot")


def test_conflicts_are_named_parcel_by_parcel(home):
    answer = landkit.redline(workspace=home, as_of=BEFORE)
    found = {
        (row["id"], row["kind"]): (round(row["m2"], 2), round(row["share"], 4), row["lines"])
        for row in answer.conflicts.to_dict("records")
    }
    assert found == {
        ("R-1", "YJJBNT"): (5000.0, 0.5, ("K-1", "K-2")),
        ("P-1", "YJJBNT"): (2500.0, 1.0, ("K-1", "K-2")),
        ("R-2", "CZKFBJ"): (6000.0, 0.6, ()),
        ("R-3", "CZKFBJ"): (4000.0, 0.4, ()),
        ("R-1", "LvX"): (100.0, 0.01, ("K-6",)),
        ("R-2", "LvX"): (100.0, 0.01, ("K-6",)),
    }
    assert set(answer.broken["kind"]) == {"YJJBNT", "CZKFBJ"}
    assert answer.conflicts["rule"].tolist()[-2:] == ["warn", "warn"]


def test_lines_are_obeyed_from_their_date_on(home):
    early, late = (landkit.redline(workspace=home, as_of=day) for day in (BEFORE, date(2023, 1, 1)))
    assert "LX" not in set(early.rows["kind"])
    assert figures(late)["LX", None, "inside"] == (28000.0, 2500.0, 28000.0)
    assert any("K-8" in note.text("en") for note in early.notes)
    assert (early.basis["lines"], landkit.redline(workspace=home).basis["lines"]) == (7, 8)
    before = landkit.redline(workspace=home, as_of=date(2019, 12, 31))
    assert (len(before.rows), len(before.conflicts)) == (0, 0)
    assert "nothing could be compared" in before.notes[-1].text("en")


def test_the_tolerance_decides_what_is_a_conflict_and_no_figure(tmp_path):
    # R-2 reaches 5 mm into the line: 0.5 m2.
    home = workspace(tmp_path, [line("K-1", square(179.995, 0, 100), "STBHHX", "forbid")])
    answer = landkit.redline(workspace=home)
    assert answer.rows["m2"].iloc[0] == pytest.approx(0.5, abs=1e-4)
    assert len(answer.conflicts) == 0
    strict = landkit.redline(workspace=home, tolerance_m2=0.4)
    assert strict.conflicts["id"].tolist() == ["R-2"]
    assert strict.basis["tolerance_m2"] == 0.4


def test_to_touch_is_no_conflict(home):
    answer = landkit.redline(workspace=home, tolerance_m2=0)
    assert "STBHHX" not in set(answer.conflicts["kind"])


def test_layers_can_be_chosen(home):
    answer = landkit.redline("small_plot", workspace=home)
    assert answer.programmes == ("small_plot",)
    assert answer.rows["m2"].tolist() == answer.rows["small_plot"].tolist()


def test_lines_keep_their_course_when_they_are_carried(tmp_path):
    # A line with edges of 10 km in degrees, straight there: densified, or the parcel along its edge would seem inside.
    degrees = shapely.box(119.9, 29.0, 120.1, 29.1)
    to_plane = gpd.GeoSeries([shapely.segmentize(degrees, 0.0005)], crs=4490).to_crs(4549).iloc[0]
    south = to_plane.bounds[1]
    rows = {"R-1": shapely.box(X - 50, south - 100, X + 50, south + 100)}
    lines = [line("K-1", degrees, "YJJBNT", "forbid")]
    frame = gpd.GeoDataFrame(lines, geometry="geometry", crs=4490)
    home = workspace(tmp_path, [line("K-1", square(0, 0, 1), "YJJBNT", "forbid")], reclaim=rows)
    frame.to_file(home / "control_line.gpkg")
    answer = landkit.redline("reclaim", workspace=home)
    true = shapely.intersection(rows["R-1"], to_plane).area
    assert answer.rows["m2"].iloc[0] == pytest.approx(true, rel=1e-5)
    corners = gpd.GeoSeries([degrees], crs=4490).to_crs(4549).iloc[0]
    assert abs(shapely.intersection(rows["R-1"], corners).area - true) > 100


def test_what_cannot_be_compared_is_said(tmp_path):
    bow = shapely.transform(
        shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), lambda xy: xy + np.array([X + 5000.0, Y])
    )
    lines = [
        line("K-1", None, "YJJBNT", "forbid"),
        line("K-2", bow, "YJJBNT", "forbid"),
        line("K-3", square(0, 0, 10), "YJJBNT", "forbid", effective=None),
    ]
    home = workspace(tmp_path, lines, reclaim={**RECLAIM, "R-9": None})
    answer = landkit.redline(workspace=home)
    said = [note.text("en") for note in answer.notes]
    for words in ("without a usable shape, whose land is not known: 1 (K-1)", "repaired: 1 (K-2)", "1 (K-3)"):
        assert any(words in text for text in said), words
    assert answer.unmeasured["id"].tolist() == ["R-9"]
    assert answer.basis["lines"] == 2


def test_a_moment_with_a_time_zone_is_the_day_that_it_was_written_as(tmp_path):
    start = pd.Timestamp("2023-01-01", tz="UTC")
    home = workspace(tmp_path, [line("K-8", square(0, 0, 1000), "LX", "forbid", effective=start)])
    kept = gpd.read_file(home / "control_line.gpkg")
    assert kept["effective"].dt.tz is not None  # a GeoPackage's DateTime
    early, late = (landkit.redline(workspace=home, as_of=day) for day in (BEFORE, date(2023, 1, 1)))
    assert early.basis["lines"] == 0
    assert late.basis["lines"] == 1


@pytest.mark.parametrize(("change", "message"), [({"rule": "never"}, "'never'"), ({"kind": None}, "row 1")])
def test_a_line_without_a_rule_is_refused(tmp_path, change, message):
    home = workspace(tmp_path, [line("K-1", square(0, 0, 1), "YJJBNT", "forbid") | change])
    with pytest.raises(InputError, match=message):
        landkit.redline(workspace=home)


def test_lines_need_a_rule_column(tmp_path):
    home = workspace(tmp_path, [{"id": "K-1", "geometry": square(0, 0, 1), "kind": "LX"}])
    with pytest.raises(InputError, match="no column rule"):
        landkit.redline(workspace=home)


def test_a_workspace_without_lines_is_refused(tmp_path):
    home = workspace(tmp_path, LINES)
    settings = home / "landkit.toml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("[layers.control_line]")[0], encoding="utf-8")
    with pytest.raises(UsageError, match="no layer control_line"):
        landkit.redline(workspace=home)
    for tolerance in (-1, float("nan"), float("inf")):
        with pytest.raises(UsageError):
            landkit.redline(workspace=home, tolerance_m2=tolerance)


def test_the_shipped_workspace_by_plain_unions():
    """The peer: unions and intersections of GEOS in the plane, over the files read without landkit."""
    answer = landkit.redline(["reclaim", "lowefficiency"], workspace=Path(__file__).parents[1] / "layers")
    ground: dict[tuple, list] = {}
    for name, shape in LAND["control_line"].items():
        values = VALUES["control_line"][name]
        ground.setdefault((values["kind"], values["subkind"]), []).append(shape)
    layers = {name: LAND[name] for name in ("reclaim", "lowefficiency")}
    off_list = {item["id"] for item in records("plan_item") if item["change"] == "调出"}
    for row in answer.rows[answer.rows["part"] == "inside"].to_dict("records"):
        union = shapely.union_all(ground[row["kind"], row["subkind"]])
        for layer, shapes in layers.items():
            true = shapely.union_all([shape for name, shape in shapes.items() if name not in off_list])
            assert row[layer] == pytest.approx(shapely.intersection(true, union).area, rel=2e-4, abs=1.0), (row, layer)


def test_the_document_and_the_tables_say_the_same(home):
    answer = landkit.redline(workspace=home, as_of=BEFORE)
    document = redline_document(answer, unit="m2")["landkit.redline/v1"]
    assert document["basis"]["tolerance_m2"] == 1.0
    assert document["basis"]["unit"] == "m2"
    assert document["broken"] == 4
    by_kind = {row["kind"]: row for row in document["rows"] if row["part"] == "inside"}
    assert by_kind["YJJBNT"]["programmes"]["small_plot"] == pytest.approx(2500, rel=1e-6)
    assert {source["layer"] for source in document["sources"]} == {"reclaim", "small_plot", "control_line"}
    listed = redline_text(answer, form="csv", unit="m2", lang="zh").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert [row["面积 平方米"] for row in rows if row["管控线"] == "永久基本农田"] == ["5000.0", "2500.0", "5000.0"]
    table = redline_text(answer, form="table", lang="zh", width=140)
    for words in ("城镇开发边界 区外", "容差", "椭球面积", "EPSG:4549", "R-3", "须位于其内"):
        assert words in table
    assert "7.50" in table.split("冲突图斑")[0]  # 5000 m2


def test_the_command_and_its_gate(home, capsys, tmp_path):
    assert main(["redline", "-w", str(home), "--format", "json"]) == 0
    assert "landkit.redline/v1" in json.loads(capsys.readouterr().out)
    assert main(["redline", "-w", str(home), "--strict", "--as-of", "2022-12-31", "--lang", "zh"]) == 3
    shown = capsys.readouterr()
    assert "R-1" in shown.out
    assert "R-1" in shown.err
    assert "违反管控规则：4 处" in shown.err
    assert main(["redline", "-w", str(home), "--strict", "--as-of", "2019-01-01"]) == 0
    assert main(["redline", "-w", str(home), "--tolerance-m2", "much"]) == 2
    target = tmp_path / "redline.csv"
    assert main(["redline", "-w", str(home), "--format", "csv", "-o", str(target)]) == 0
    assert "landkit.redline/v1" in json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    capsys.readouterr()


def test_shipped_conflicts_in_mu():
    answer = landkit.redline("lowefficiency", workspace=Path(__file__).parents[1] / "layers")
    farmland = shapely.union_all([LAND["control_line"][name] for name in ("K-03", "K-04", "K-05", "K-06")])
    for row in answer.broken.to_dict("records"):
        true = shapely.intersection(LAND["lowefficiency"][row["id"]], farmland).area
        assert row["m2"] / MU == pytest.approx(true / MU, rel=2e-4)
    assert set(answer.broken["id"]) == {"L-127", "L-128"}
