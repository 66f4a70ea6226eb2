"""Each finding of `landkit check` on land made for it, its price worked out by hand; and none on clean land."""

from __future__ import annotations

import datetime
import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landkit import areas, check
from landkit.checks.fields import is_garbled
from landkit.checks.registers import half_a_digit
from landkit.checks.registry import FIXERS, SEVERITIES, registry
from landkit.checks.report import gate_mu
from landkit.checks.rings import untangled
from landkit.errors import UsageError
from landkit.products.check_table import said
from landkit.words import entries

EAST, NORTH = 461_000.0, 3_221_000.0
MU = 10_000 / 15
# Areas are ellipsoidal, those worked out here plane: 38 km from the meridian they differ by this part.
PLANE = 4e-5


def box(x, y, width=100.0, height=100.0):
    """Return a rectangle, x and y from a corner in Jinhua: 60 by 100 metres are 9 mu."""
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def polygon(*corners, holes=()):
    return shapely.Polygon(
        [(EAST + x, NORTH + y) for x, y in corners], [[(EAST + x, NORTH + y) for x, y in hole] for hole in holes]
    )


def frame(*shapes, **columns):
    ids = [f"R{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"id": ids, **columns}, geometry=list(shapes), crs="EPSG:4549")


def found(layer, name="land"):
    """Return the findings on a frame by check: the rows and the price of each."""
    report = check({name: layer})
    for finding in report.findings.to_dict("records"):
        for lang in ("en", "zh"):
            assert said(finding, lang, report.basis["tolerance"])
    return {
        kind: [
            (ids, pytest.approx(mu, rel=PLANE, abs=PLANE * 15)) for ids, mu in zip(own["ids"], own["mu"], strict=True)
        ]
        for kind, own in report.findings.groupby("check", sort=False)
    }


BOW = polygon((0, 0), (60, 100), (60, 0), (0, 100))
CROOKED = polygon((0, 0), (100, 0), (100, 100), (0, 100), holes=[[(120, 10), (130, 10), (130, 20), (120, 20)]])
TWICE = shapely.MultiPolygon([box(0, 0), box(60, 0)])


def test_clean_land_has_no_findings():
    mesh = frame(*(box(100 * x, 100 * y) for x in range(3) for y in range(3)), area_doc_mu=[15.0] * 9)
    report = check({"land": mesh})
    assert len(report.findings) == 0
    assert report.at_stake_mu == 0
    assert report.is_open


@pytest.mark.parametrize(
    ("kind", "layer", "expected"),
    [
        # a bow tie of 60 by 100 encloses half of the 9 mu that its corners span
        ("invalid_ring", frame(BOW), [(("R0",), 4.5)]),
        # a hole of 10 by 10 that lies outside is not taken off, and the repair counts it as land
        ("invalid_ring", frame(CROOKED), [(("R0",), 200 / MU)]),
        # two parts of 15 mu that share 40 by 100
        ("self_overlap", frame(TWICE), [(("R0",), 6.0)]),
        ("overlap", frame(box(0, 0), box(90, 0)), [(("R0", "R1"), 1.5)]),
        ("duplicate", frame(box(0, 0), box(0, 0)), [(("R0", "R1"), 15.0)]),
        ("nested", frame(box(0, 0), box(20, 20, 60, 10)), [(("R1", "R0"), 0.9)]),
        ("gap", frame(box(0, 0), box(100.5, 0)), [(("R0", "R1"), 50 / MU)]),
        ("sliver", frame(box(0, 0), box(100.05, 0)), [(("R0", "R1"), 5 / MU)]),
        ("sliver", frame(box(0, 0), box(99.95, 0)), [(("R0", "R1"), 5 / MU)]),
        ("ledger", frame(box(0, 0), area_doc_mu=[12.0]), [(("R0",), 3.0 + 0.005)]),
        ("deed", frame(box(0, 0), cert_m2=[9_000.0]), [(("R0",), 1000 / MU)]),
        ("survey", frame(box(0, 0), survey_m2=[9_000.0]), [(("R0",), 1000 / MU)]),
        ("declared", frame(box(0, 0), delivered_tbmj_m2=[9_000.0]), [(("R0",), 1000 / MU)]),
        ("placeholder", frame(box(0, 0), area_doc_mu=[12.0], geom_source=["placeholder"]), [(("R0",), 3.0)]),
        ("placeholder", frame(box(0, 0), geom_source=["placeholder"]), [(("R0",), 15.0)]),
        ("no_shape", frame(box(0, 0), None, area_doc_mu=[15.0, 7.0]), [(("R1",), 7.005)]),
        ("no_shape", frame(box(0, 0), None), [(("R1",), 15.0)]),
        ("freed", frame(box(0, 0), area_doc_mu=[15.0], freed_mu=[18.0]), [(("R0",), 3.0)]),
        ("domain", frame(box(0, 0), geom_source=["guess"]), [(("R0",), 0.0)]),
        ("garbled", frame(box(0, 0), name=["½ð»ªÊÐ"]), [(("R0",), 0.0)]),
        ("id_missing", frame(box(0, 0)).assign(id=[None]), [(("#1",), 0.0)]),
        ("id_repeated", frame(box(0, 0), box(200, 0)).assign(id=["A", "A"]), [(("A#1", "A#2"), 0.0)]),
        ("id_code", frame(box(0, 0), uscc=["91990000990000017X"]), [(("R0",), 0.0)]),
        ("personal", frame(box(0, 0), note=["联系人 13812345678"]), [(("R0",), 0.0)]),
        (
            "households",
            frame(box(0, 0), households=[10], signed_households=[11], vacated_households=[3]),
            [(("R0",), 0.0)],
        ),
    ],
)
def test_a_defect_is_found_at_its_price(kind, layer, expected):
    assert found(layer)[kind] == expected


def test_what_is_no_defect_is_not_found():
    apart = frame(box(0, 0), box(102, 0), area_doc_mu=[15.0, 15.01])
    assert found(apart) == {}
    assert found(frame(box(0, 0), note=["½ cup"], area_doc_mu=[15.0])) == {}


def test_a_bow_tie_is_one_defect_with_what_it_does_to_its_neighbours_and_its_deed():
    mesh = [box(100 * x, 100 * y) for x in range(3) for y in range(3)]
    mesh[4] = polygon((100, 100), (200, 200), (200, 100), (100, 200))
    assert found(frame(*mesh, area_doc_mu=[15.0] * 9)) == {"invalid_ring": [(("R4",), 7.5)]}


def test_the_registered_area_says_which_reading_is_meant():
    corners = [(0, 0), (100, 0), (100, 100), (50, 20), (0, 100)]
    whole = polygon(*corners)
    crossed = polygon(*(corners[place] for place in (0, 2, 1, 3, 4)))
    assert whole.is_valid
    assert not crossed.is_valid
    counted = shapely.make_valid(crossed, method="structure").area
    told = frame(crossed, box(300, 0), area_doc_mu=[whole.area / MU, 15.0])
    assert found(told)["invalid_ring"] == [(("R0",), abs(whole.area - counted) / MU)]


def test_a_ring_whose_registered_area_is_what_counts_is_left_as_it_counts():
    # two triangles of 3.75 mu: unrepaired they cancel, and the register says that they are meant
    bow = polygon((0, 0), (100, 100), (100, 0), (0, 100))
    assert found(frame(bow, area_doc_mu=[7.5])) == {"invalid_ring": [(("R0",), 7.5)]}


def test_untangling_gives_the_ring_back():
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    for first in range(12):
        for second in range(first + 1, 12):
            swapped = ring.copy()
            swapped[[first, second]] = swapped[[second, first]]
            whole = shapely.Polygon(ring)
            assert any(shapely.Polygon(back).equals(whole) for back in untangled(swapped))


def test_a_duplicate_hides_the_land_of_the_row_whose_shape_it_is_not():
    pasted = frame(box(0, 0), box(0, 0), area_doc_mu=[15.0, 9.0], name=["a", "b"])
    assert found(pasted) == {"duplicate": [(("R0", "R1"), 9.005)], "ledger": [(("R1",), 0.0)]}


def test_a_row_repeated_word_for_word_moves_no_total():
    again = frame(box(0, 0), box(0, 0), box(300, 0), name=["a", "a", "b"], area_doc_mu=[15.0] * 3)
    assert found(again) == {"duplicate": [(("R0", "R1"), 0.0)]}


def test_three_rows_with_one_shape_hide_two():
    three = frame(box(0, 0), box(0, 0), box(0, 0))
    assert sorted(float(mu.expected) for _, mu in found(three)["duplicate"]) == pytest.approx([0, 15, 15], rel=PLANE)


def test_a_parcel_that_was_moved_is_one_defect():
    mesh = [box(100 * x, 100 * y) for x in range(3) for y in range(3)]
    mesh[4] = box(105, 100)
    result = found(frame(*mesh))
    assert result["gap"] == [(("R0", "R1", "R2", "R3", "R4", "R5"), 0.75)]
    assert all(mu == 0 for _, mu in result["overlap"])


def test_a_parcel_drawn_short_of_its_neighbour_is_one_defect():
    short = frame(box(0, 0, 99.2), box(100, 0), area_doc_mu=[15.0, 15.0])
    assert found(short) == {"gap": [(("R0", "R1"), 80 / MU)], "ledger": [(("R0",), 0.0)]}


def test_land_of_two_programmes_is_no_overlap_and_covers_gaps():
    layers = {"a": frame(box(0, 0), box(100.5, 0)), "b": frame(box(50, 0))}
    report = check(layers)
    assert list(report.findings["check"]) == ["gap"]
    assert report.at_stake_mu == pytest.approx(0, abs=1e-9)


def test_an_open_hole_larger_than_a_gap_is_a_courtyard():
    ring = [box(0, 0, 300, 100), box(0, 100, 100), box(200, 100, 100), box(0, 200, 300, 100)]
    assert found(frame(*ring)) == {}


def test_figures_are_rounded_as_their_column_shows():
    exact = pd.Series(np.arange(1.0, 21.0))
    assert half_a_digit(exact, exact + 1e-5) < 1e-3
    assert half_a_digit(exact, exact + np.linspace(-0.4, 0.4, 20)) == 0.5
    assert half_a_digit(exact[:3], exact[:3] + 0.3) == 0.005


def test_garbled_text():
    for text in ("金华市开发区", "Café", "Zürich", "有限公司??", "12345", "é"):
        assert not is_garbled(text), text
    for text in (
        "金华市".encode("gbk").decode("latin-1"),
        "金华市".encode().decode("latin-1"),
        "锟斤拷",
        "a\ufffd",
        "????",
    ):
        assert is_garbled(text), text
    assert is_garbled("开发区管委会".encode().decode("gb18030", errors="replace"))


# --- what needs a workspace --------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path):
    """Return a function that writes a workspace of one layer and its tables, and checks it."""

    def written(layer, *, name="reclaim", tables=None, others=None, zone="", as_of=None):
        settings = [f'[zone]\nname = "区"\nyear = 2022\ncrs = "EPSG:4549"\n{zone}']
        for other, content in {name: layer, **(others or {})}.items():
            content.to_file(tmp_path / f"{other}.gpkg", layer=other)
            settings.append(f'[layers.{other}]\nfile = "{other}.gpkg"\nprogramme = {str(other == name).lower()}\n')
        for other, content in (tables or {}).items():
            content.to_csv(tmp_path / f"{other}.csv", index=False)
            settings.append(f'[layers.{other}]\nfile = "{other}.csv"\n')
        (tmp_path / "landkit.toml").write_text("\n".join(settings), encoding="utf-8")
        report = check(workspace=tmp_path, as_of=as_of)
        held = report.findings
        for finding in held.to_dict("records"):
            assert said(finding, "zh", report.basis["tolerance"])
        return {kind: list(zip(own["ids"], own["mu"], strict=True)) for kind, own in held.groupby("check")}

    return written


def events(*lines):
    columns = ["event_no", "layer", "id", "stage", "event_date", "evidence_no", "reverses"]
    return pd.DataFrame([[f"E{place}", "reclaim", *line, None] for place, line in enumerate(lines)], columns=columns)


def test_land_outside_the_area_of_interest(workspace):
    corner = gpd.GeoSeries([shapely.Point(EAST + 50, NORTH + 50)], crs="EPSG:4549").to_crs(4490).iloc[0]
    zone = f"aoi = [{corner.x}, 28.0, 121.0, 30.0]"
    ((ids, mu),) = workspace(frame(box(0, 0), box(200, 0)), zone=zone)["outside_aoi"]
    assert ids == ("R0",)
    assert mu == pytest.approx(7.5, rel=0.02)  # the meridian is not quite a line of the grid


def test_a_row_registered_in_another_key_area(workspace):
    areas_ = frame(box(0, 0, 500, 500), box(500, 0, 500, 500), name=["东", "西"])
    rows = frame(box(10, 10), box(600, 10), box(200, 10), district=["R1", "西", "R0"])
    result = workspace(rows, others={"district": areas_}, zone='districts = "district"')
    assert result["district"] == [(("R0",), 0.0)]


def test_land_on_control_lines_in_force(workspace):
    lines = frame(
        box(0, 0, 50), box(300, 0), box(0, 0, 1000, 50),
        kind=["YJJBNT", "STBHHX", "CZKFBJ"], rule=["forbid", "forbid", "must_within"],
        effective=[datetime.date(year, 1, 1) for year in (2020, 2030, 2020)],
    )  # fmt: skip
    rows = frame(box(0, 0), box(300, 0, 100, 50))
    day = datetime.date(2022, 6, 30)
    result = workspace(rows, others={"control_line": lines}, as_of=day)
    assert sorted(result["control_line"]) == [(("R0",), pytest.approx(7.5, rel=PLANE))] * 2


def test_stages(workspace):
    rows = frame(
        *(box(200 * place, 0) for place in range(6)),
        freed_mu=[10.0] * 6, area_doc_mu=[15.0] * 6, stage=["identified"] * 5 + [None], name=["a"] * 6,
    )  # fmt: skip
    told = events(
        ("R0", "identified", "2022-01-01", "文1"),
        ("R1", "identified", "2022-01-01", None),
        ("R2", "identified", "2022-03-01", "文1"),
        ("R2", "signed", "2022-02-01", "文2"),
        ("R3", "identified", None, "文3"),
        ("R9", "identified", "2022-01-01", "文3"),
    )
    result = workspace(rows, tables={"event": told})
    assert result["no_evidence"] == [(("R1",), pytest.approx(15.0))]
    assert result["crossed_dates"] == [(("R2",), pytest.approx(15.0))]
    assert result["undated"] == [(("R4",), pytest.approx(15.0))]
    assert sorted(ids for ids, _ in result["event"]) == [("R3",), ("R9",)]
    assert (tuple(rows["id"]), 0.0) in result["missing_field"]  # of a mandatory column that the layer lacks


# --- registry, report --------------------------------------------------------------------------------------------


def test_the_registry_and_the_words_agree():
    known = entries()
    for name, one in registry().checks.items():
        assert one.severity in SEVERITIES
        assert one.fixer in FIXERS
        for key in (f"check.{name}", f"check.{name}.text", f"check.dimension.{one.dimension}"):
            assert key in known, key
    said_of = {key.split(".")[1] for key in known if re.fullmatch(r"check\.\w+\.text", key)} - {"column"}
    assert said_of == set(registry().checks)


def test_every_finding_has_a_test(request):
    source = request.path.read_text(encoding="utf-8")
    assert [name for name in registry().checks if f'"{name}"' not in source] == []


def test_findings_are_sorted_numbered_and_the_same_every_time():
    layer = frame(box(0, 0), box(90, 0), BOW, None, area_doc_mu=[15.0, 15.0, 9.0, 7.0])
    first, again = check(layer), check(layer)
    assert first.findings["mu"].is_monotonic_decreasing
    assert first.findings["finding"].is_unique
    columns = [name for name in first.findings.columns if name not in ("before", "after")]
    pd.testing.assert_frame_equal(first.findings[columns], again.findings[columns])
    assert first.at_stake_mu == pytest.approx(first.findings["mu"].sum())


def test_a_gate_is_an_area():
    assert gate_mu("15mu") == gate_mu(15) == gate_mu("1ha") == gate_mu("10000 m2") == pytest.approx(15)
    for wrong in ("15 acres", "-1", "nan", "inf", ""):
        with pytest.raises(UsageError):
            gate_mu(wrong)
    layer = frame(box(0, 0), box(90, 0))
    assert check(layer, gate="2mu").is_open
    assert not check(layer, gate="1.4mu").is_open


def test_findings_of_one_frame():
    assert list(check({"land": frame(box(0, 0), box(90, 0))}).findings["check"]) == ["overlap"]


def test_no_figure_is_lost_in_json():
    from landkit.products.check_table import check_text

    report = check(frame(box(0, 0), box(90, 0)))
    told = json.loads(check_text(report, form="json"))["landkit.check/v1"]
    assert told["at_stake_mu"] == report.at_stake_mu
    assert told["findings"][0]["ids"] == ["R0", "R1"]
    assert areas(frame(box(90, 0, 10)))[0] / MU == pytest.approx(told["findings"][0]["mu"], rel=2e-4)


def test_a_decision_settles_its_finding(tmp_path):
    from landkit import decide

    frame(box(0, 0), box(90, 0), box(300, 0), box(390, 0)).to_file(tmp_path / "land.gpkg", layer="land")
    settings = (
        '[zone]\nname = "区"\nyear = 2022\ncrs = "EPSG:4549"\n[layers.land]\nfile = "land.gpkg"\nprogramme = true\n'
    )
    (tmp_path / "landkit.toml").write_text(settings, encoding="utf-8")
    before = check(workspace=tmp_path)
    assert before.at_stake_mu == pytest.approx(3.0, rel=2 * PLANE)
    decision = decide("R0,R1", rule="keep R1", by="planner", note="复测", workspace=tmp_path)
    after = check(workspace=tmp_path)
    assert list(after.findings["settled"]) == ["", decision.decision_no]
    assert after.at_stake_mu == pytest.approx(1.5, rel=2 * PLANE)
    assert len(after.findings) == len(before.findings)
    decide(undo=decision.decision_no, by="planner", note="误", workspace=tmp_path)
    assert check(workspace=tmp_path).at_stake_mu == before.at_stake_mu
    decide("R2", rule="drop R2", by="planner", note="重录", workspace=tmp_path)
    assert check(workspace=tmp_path).at_stake_mu == pytest.approx(1.5, rel=2 * PLANE)
