"""The shipped layers: files, shapes, flaws, counts and sums."""

from __future__ import annotations

import importlib
import json
import re
import sys
import tomllib
from collections import Counter
from datetime import date

import pytest
import shapely
from shipped import (
    LAND,
    LAYERS,
    MU,
    POLYGONS,
    PROGRAMMES,
    ROOT,
    ROWS,
    SCHEMA,
    SHAPES,
    VALUES,
    ellipsoid_m2,
    flaw,
    items,
    records,
)

# what is committed


def test_the_layers_are_what_the_script_makes(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    build_layers = importlib.import_module("build_layers")
    try:
        texts = build_layers.built()
        assert build_layers.differences(texts, LAYERS) == []
        first, _, rest = texts["small_plot.geojson"].partition("小地块01")
        spoilt = texts | {"small_plot.geojson": f"{first}小地块99{rest}"}
        assert [line.split(":")[0] for line in build_layers.differences(spoilt, LAYERS)] == ["small_plot.geojson"]
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] in {"jinhua", "build_layers"}]:
            del sys.modules[name]


def test_the_files_are_small_diffable_and_in_epsg_4490():
    assert sum(path.stat().st_size for path in LAYERS.iterdir()) < 1.5e6
    for path in LAYERS.iterdir():
        assert b"\r" not in path.read_bytes(), path.name
    for layer, rows in ROWS.items():
        text = (LAYERS / f"{layer}.geojson").read_text(encoding="utf-8")
        assert len(text.splitlines()) == len(rows) + 2
        assert json.loads(text)["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"


def test_landkit_toml_names_every_file_and_no_other():
    settings = tomllib.loads((LAYERS / "landkit.toml").read_text(encoding="utf-8"))
    named = {entry["file"] for entry in settings["layers"].values()}
    assert named == {path.name for path in LAYERS.iterdir() if path.suffix != ".toml"}
    assert {name for name, entry in settings["layers"].items() if entry.get("programme")} == set(PROGRAMMES)
    assert settings["zone"]["districts"] == "district"


def test_the_documents_count_the_rows():
    text = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| ([\d,]+) \|", text, re.MULTILINE)
    said = {name: int(count.replace(",", "")) for name, count in rows}
    tables = {path.stem: len(records(path.stem)) for path in LAYERS.glob("*.csv")}
    assert said == {**{layer: len(entries) for layer, entries in ROWS.items()}, **tables}


# the schema


@pytest.mark.parametrize("layer", POLYGONS)
def test_every_column_and_value_is_of_the_schema(layer):
    common = SCHEMA["common"]["fields"]
    own = {name: {**common.get(name, {}), **said} for name, said in SCHEMA["layers"][layer]["fields"].items()}
    fields = {**common, **own}
    kinds = {"float": (int, float), "int": int, "bool": bool, "str": str, "enum": str, "set": str, "code": str}
    for name, values in VALUES[layer].items():
        for column, value in values.items():
            field = fields[column]
            if value is None:
                assert field["required"] != "M", (name, column)
                continue
            if field["type"] == "date":
                assert date.fromisoformat(value)
                continue
            assert isinstance(value, kinds[field["type"]]), (name, column)
            if "domain" in field:
                parts = value.split("|") if field["type"] == "set" else [value]
                assert set(parts) <= set(field["domain"]), (name, column)
        mandatory = {key for key, field in fields.items() if field["required"] == "M"}
        assert mandatory <= set(values)


@pytest.mark.parametrize("table", ["enterprise", "enterprise_parcel", "event", "plan_item"])
def test_tables_have_columns_of_the_schema_and_their_mandatory_values(table):
    fields = SCHEMA["layers"][table]["fields"]
    for record in records(table):
        assert set(record) <= set(fields)
        assert all(record[name] for name, field in fields.items() if field["required"] == "M")


# shapes


def test_every_shape_is_a_placeholder_inside_the_box():
    west, south, east, north = 119.31, 28.90, 119.85, 29.30
    for layer, rows in ROWS.items():
        for name, row in rows.items():
            assert VALUES[layer][name]["geom_source"] == ("placeholder" if row["geometry"] else "none")
        for name, land in SHAPES[layer].items():
            x0, y0, x1, y1 = land.bounds
            assert west < x0 < x1 < east, name
            assert south < y0 < y1 < north, name


def test_shapes_are_valid_but_for_the_bow_tie():
    invalid = {name for shapes in SHAPES.values() for name, land in shapes.items() if not land.is_valid}
    assert invalid == flaw("a bow-tie") != set()


def test_ten_rows_have_no_shape_and_six_key_areas_neither():
    without = {name for layer in PROGRAMMES for name in ROWS[layer].keys() - SHAPES[layer].keys()}
    assert without == flaw("without a shape")
    assert len(without) == 10
    assert len(ROWS["district"]) - len(SHAPES["district"]) == 6


def test_parcels_are_irregular_and_of_many_sizes():
    corners = Counter(
        len(land.exterior.coords) - 1 for land in SHAPES["lowefficiency"].values() if land.geom_type == "Polygon"
    )
    assert len(corners) >= 5
    sizes = {round(land.area, 0) for land in LAND["lowefficiency"].values()}
    assert len(sizes) > 0.95 * len(LAND["lowefficiency"])
    assert any(land.convex_hull.area > 1.15 * land.area for land in LAND["reclaim"].values())


def test_multi_parts_and_holes_are_where_the_documents_say():
    parts = {n for layer in PROGRAMMES for n, land in SHAPES[layer].items() if land.geom_type == "MultiPolygon"}
    assert len(parts) >= 4
    assert parts <= flaw("Not flaws")
    holed = {
        name
        for layer in PROGRAMMES
        for name, land in SHAPES[layer].items()
        if any(part.interiors for part in (land.geoms if land.geom_type == "MultiPolygon" else [land]))
    }
    assert len(holed) >= 5
    assert parts | holed | {"K-10"} == flaw("Not flaws")


def test_key_areas_do_not_overlap_and_follow_roads():
    named = list(LAND["district"].values())
    assert [values["name"] for values in VALUES["district"].values()][:4] == [
        "秋滨",
        "中央创新城(南区)",
        "双溪西路两侧(含五百滩)",
        "九峰山",
    ]
    assert shapely.union_all(named).area == pytest.approx(sum(land.area for land in named), abs=1e-3)
    for land in named:
        outer = max(shapely.get_parts(land), key=lambda part: part.area)
        assert 20 <= len(outer.exterior.coords) - 1 <= 60


@pytest.mark.parametrize(("name", "km2"), [("QB", 28.0), ("HHTX", 3.3), ("KCZL", 10.0)])
def test_blocks_and_corridor_have_the_area_of_the_plan(name, km2):
    assert VALUES["zone_area"][name]["area_doc_km2"] == km2
    assert ellipsoid_m2(SHAPES["zone_area"][name]) == pytest.approx(km2 * 1e6, rel=1e-4)


def test_zone_areas_overlap_key_areas():
    assert Counter(values["kind"] for values in VALUES["zone_area"].values()) == {"区块": 2, "走廊": 1, "平台": 3}
    for name in ("QB", "HHTX", "PT-1", "PT-2", "PT-3"):
        land = LAND["zone_area"][name]
        assert any(land.intersection(area).area > 1e5 for area in LAND["district"].values())


def test_ledger_and_shape_agree_within_two_per_cent():
    for layer in PROGRAMMES:
        for name, land in SHAPES[layer].items():
            if name not in flaw("a bow-tie"):
                measured = ellipsoid_m2(land) / MU
                assert VALUES[layer][name]["area_doc_mu"] == pytest.approx(measured, rel=0.0202), name


# overlaps, borders


def pairs_overlapping(layer: str) -> set[frozenset[str]]:
    names, lands = list(LAND[layer]), list(LAND[layer].values())
    tree = shapely.STRtree(lands)
    left, right = tree.query(lands, predicate="intersects")
    return {
        frozenset((names[i], names[j]))
        for i, j in zip(left, right, strict=True)
        if i < j and lands[i].intersection(lands[j]).area > 1e-4
    }


def test_within_a_programme_only_the_duplicate_overlaps():
    for layer in PROGRAMMES:
        expected = {frozenset(flaw("a duplicate"))} if layer == "lowefficiency" else set()
        assert pairs_overlapping(layer) == expected, layer
    first, second = (SHAPES["lowefficiency"][name] for name in flaw("a duplicate"))
    assert first.equals(second)


def test_much_of_what_is_taken_back_is_low_efficiency_land_too():
    taken = shapely.union_all(list(LAND["reclaim"].values()))
    shared = {name for name, land in LAND["lowefficiency"].items() if land.intersection(taken).area > 1.0}
    assert shared == flaw("taken back and low-efficiency")
    stacked = taken.intersection(shapely.union_all(list(LAND["lowefficiency"].values()))).area / MU
    assert 500 < stacked < 1500


def test_plots_and_villages_lie_in_projects():
    projects = LAND["renewal_project"].values()
    inside = {n for n, p in LAND["small_plot"].items() if any(p.buffer(-0.01).within(land) for land in projects)}
    assert inside == flaw("plots inside a project")
    villages = {
        n for n, v in LAND["urban_village"].items() if any(v.intersection(land).area > 1e4 for land in projects)
    }
    assert villages == {"V-01", "V-02", "V-03", "V-04", "V-05"}


def whereabouts() -> dict[str, tuple[set[str], bool, str | None]]:
    """Return for each programme row the key areas it touches, whether some lies in none, and where most of it lies."""
    found = {}
    for layer in PROGRAMMES:
        for name, land in LAND[layer].items():
            shares = {key: land.intersection(area).area for key, area in LAND["district"].items()}
            touched = {key for key, share in shares.items() if share > 1.0}
            most = next((key for key, share in shares.items() if share > land.area / 2), None)
            found[name] = (touched, land.area - sum(shares.values()) > 1.0, most)
    return found


def test_who_straddles_sticks_out_or_is_registered_elsewhere_is_as_documented():
    places = whereabouts()
    assert {n for n, (touched, _, _) in places.items() if len(touched) > 1} == flaw("straddles two key areas") != set()
    assert {n for n, (touched, out, _) in places.items() if touched and out} == flaw("partly in no key area") != set()
    outside = {name for name, (touched, _, _) in places.items() if not touched}
    assert {name for name in outside if name[0] != "X"} == flaw("wholly in no key area (apart") != set()
    assert {name for name in outside if name[0] == "X"} == flaw("projects of T12 wholly in no key area")
    registered = {name: values["district"] for layer in PROGRAMMES for name, values in VALUES[layer].items()}
    differing = {name for name, (_, _, most) in places.items() if registered[name] != most}
    assert differing == flaw("registered in another key area")
    assert len(differing) == 2


def test_the_103_projects_lie_in_the_qiubin_block_and_four_do_not():
    block = LAND["zone_area"]["QB"]
    inside = {name for name, land in LAND["renewal_project"].items() if land.within(block)}
    assert inside == {name for rows in items("T12").values() for name in rows}
    assert len(inside) == 103
    assert len(ROWS["renewal_project"]) == 107


# counts and sums


@pytest.mark.parametrize(
    ("target", "count"),
    [
        ("T01", 68),
        ("T03", 44),
        ("T06", 12),
        ("T07", 37),
        ("T12", 103),
        ("T13", 120),
        ("T14", 76),
        ("T15", 9),
        ("T17", 6),
    ],
)
def test_the_lists_are_as_long_as_the_plan_says(target, count):
    assert len(items(target)) == count


def test_68_enterprises_free_over_3000_mu_and_some_hold_several_parcels():
    freed = [values["freed_mu"] for values in VALUES["reclaim"].values()]
    assert 3000 < sum(freed) < 3200
    assert all(values["freed_mu"] <= values["area_doc_mu"] for values in VALUES["reclaim"].values())
    parcels = Counter(values["enterprise"] for values in VALUES["reclaim"].values())
    assert len(parcels) == 68
    assert max(parcels.values()) == 3
    assert sum(count > 1 for count in parcels.values()) == 9


def test_44_plots_sum_to_exactly_492_mu():
    hundredths = [round(values["area_doc_mu"] * 100) for values in VALUES["small_plot"].values()]
    assert (len(hundredths), sum(hundredths)) == (44, 49200)
    assert all(400 < value < 2400 for value in hundredths)


def test_villages_and_enclaves():
    kinds = Counter(values["kind"] for values in VALUES["urban_village"].values())
    assert kinds == {"城中村": 12, "园中村": 6}
    assert [v["name"] for v in VALUES["urban_village"].values() if v["kind"] == "园中村"] == [
        "高畈",
        *(f"园中村{number:02d}" for number in range(2, 7)),
    ]
    assert len({values["mode"] for values in VALUES["urban_village"].values()}) == 3


def test_low_efficiency_land_is_over_4000_mu_net():
    net = shapely.union_all(list(LAND["lowefficiency"].values())).area / MU
    assert 4000 < net < sum(values["area_doc_mu"] for values in VALUES["lowefficiency"].values())


def test_households_and_areas_do_not_exceed_what_they_are_part_of():
    for layer in ("urban_village", "renewal_project"):
        for name, v in VALUES[layer].items():
            assert v["households"] >= v["signed_households"] >= v["vacated_households"] >= 0, name
            assert v["demolished_m2"] <= v["building_m2"], name
    for name, v in VALUES["lowefficiency"].items():
        assert (v["remediated_mu"] is not None) == (v["stage"] in {"finished", "accepted"}), name
        assert (v["remediated_mu"] or 0) <= v["area_doc_mu"], name
