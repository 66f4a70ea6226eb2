"""Deliveries into a workspace: every row taken or returned, nothing twice, nothing in silence, all of it undone."""

import sqlite3
from contextlib import closing

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

import landkit
import landkit.importing
from landkit.errors import CrsError, DatumError, LockedError, UsageError
from landkit.founding import init
from landkit.importing import import_delivery
from landkit.journal import imports, profiles
from landkit.sources.delivery import read_delivery
from landkit.store import exclusive
from landkit.workspace import open_workspace

E, N = 460_000, 3_218_000
BOW = Polygon([(E, N), (E + 10, N + 10), (E + 10, N), (E, N + 10)])
FLAT = Polygon([(E, N), (E + 5, N), (E + 10, N), (E, N)])
HEADER = "[属性描述]\n坐标系={datum}\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号={zone}\n[地块坐标]\n"


class Direct:
    """Reads in this process: that of its own is for what crashes, and test_contained has that."""

    def __enter__(self):
        return self

    def __exit__(self, *given):
        pass

    def read(self, path, *, source_layer=None, encoding=None):
        return read_delivery(path, source_layer=source_layer, encoding=encoding)


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    monkeypatch.setattr(landkit.importing, "Reader", Direct)


@pytest.fixture
def ws(tmp_path):
    return init(tmp_path / "ws", crs="EPSG:4549", year=2022, aoi=(119.31, 28.90, 119.85, 29.30))


def at(x, y, w=50, h=50):
    return box(E + x, N + y, E + x + w, N + y + h)


def parcels(path, shapes, *, crs="EPSG:4549", **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
    return path


def book(path, *sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def survey(path, *, zone=40, datum="2000国家大地坐标系", prefix=40, hectares="1.0000"):
    e = prefix * 1_000_000 + E
    points = [(N, e), (N, e + 100), (N + 100, e + 100), (N + 100, e), (N, e)]
    lines = [f"J{i},1,{x}.000,{y}.000" for i, (x, y) in enumerate(points, 1)]
    first = f"5,{hectares},1,甲地块,面,H50G082089,工业用地,0601,@"
    path.write_bytes(
        "\r\n".join([*HEADER.format(zone=zone, datum=datum).split("\n")[:-1], first, *lines]).encode("gbk")
    )
    return path


def content(root):
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file() and ".landkit" not in file.parts
    }


def keys(file):
    return [finding.key for finding in file.findings]


def taken(source, ws, **wish):
    (file,) = import_delivery(source, workspace=ws, **wish).files
    assert file.error is None, file.error
    assert file.features_in == file.accepted + file.quarantined
    return file


def rows(ws, layer="reclaim"):
    return open_workspace(ws).layer(layer).set_index("id")


SHAPES = st.sampled_from([None, BOW, FLAT, Point(E, N), at(0, 0), at(100, 0), at(0, 0), Polygon(), at(2e6, 0)])
IDS = st.sampled_from([None, "", " ", "1", "1", "A", "a", "A~2", "=1+1", "长" * 300, "#2", "nan"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SHAPES, IDS), min_size=1, max_size=12), st.booleans())
def test_every_row_is_taken_or_returned(tmp_path_factory, delivered, update):
    folder = tmp_path_factory.mktemp("d")
    ws = init(folder / "ws", crs="EPSG:4549", year=2022, aoi=(119.31, 28.90, 119.85, 29.30))
    shapes, ids = zip(*delivered, strict=True)
    frame = gpd.GeoDataFrame({"编号": pd.Series(ids, dtype="str")}, geometry=list(shapes), crs="EPSG:4549")
    file = folder / "d.parquet"
    frame.to_parquet(file)
    out = import_delivery(file, out=folder / "o.gpkg").files[0]
    assert out.features_in == len(delivered) == out.accepted + out.quarantined
    into = import_delivery(file, workspace=ws, layer="reclaim", update=update).files[0]
    assert into.features_in == len(delivered) == into.accepted + into.quarantined
    if into.error is None and into.accepted:
        kept = open_workspace(ws).layer("reclaim")
        assert len(kept) == into.accepted
        assert kept["id"].is_unique
        assert kept["id"].notna().all()
    before = content(ws)
    again = import_delivery(file, workspace=ws, layer="reclaim", update=update).files[0]
    assert again.features_in == again.accepted + again.quarantined == len(delivered)
    assert content(ws) == before
    if into.error is None:
        assert again.number is None
        assert (again.accepted, again.quarantined) == (into.accepted, into.quarantined)


def test_the_same_file_again_says_so_and_changes_nothing(ws, tmp_path):
    file = parcels(tmp_path / "a.gpkg", [at(0, 0), BOW], 编号=["A", "B"])
    assert taken(file, ws, layer="reclaim").number == 1
    before = content(ws)
    again = taken(file, ws, layer="reclaim")
    assert (again.number, keys(again)[0]) == (None, "intake.again")
    assert again.findings[0].values == {"number": 1}
    assert content(ws) == before


def test_other_values_are_returned_or_with_update_replaced_and_told(ws, tmp_path):
    taken(parcels(tmp_path / "a.gpkg", [at(0, 0), at(60, 0)], 编号=["A", "B"], 备注=["x", "y"]), ws, layer="reclaim")
    july = parcels(tmp_path / "b.gpkg", [at(0, 0), at(60, 0, 70)], 编号=["A", "B"], 备注=["z", "y"])
    kept = taken(july, ws, layer="reclaim")
    assert (kept.accepted, kept.quarantined) == (0, 2)
    told = {(f.id, f.values["column"]): f.values for f in kept.findings if f.key == "intake.differs"}
    assert (told["A", "note"]["old"], told["A", "note"]["new"]) == ("x", "z")
    assert (told["B", "geometry"]["old"], told["B", "geometry"]["new"]) == ("2500.00 m²", "3500.00 m²")
    assert list(rows(ws)["note"]) == ["x", "y"]
    replaced = taken(july, ws, layer="reclaim", update=True)
    assert (replaced.accepted, replaced.layers[0].updated) == (2, 2)
    assert keys(replaced).count("intake.replaced") == 2
    assert list(rows(ws)["note"]) == ["z", "y"]
    assert rows(ws).geometry["B"].area == 3500


def test_undo_brings_everything_back_and_the_file_can_be_taken_again(ws, tmp_path):
    taken(parcels(tmp_path / "a.gpkg", [at(0, 0)], 编号=["A"]), ws, layer="reclaim")
    before = content(ws)
    file = parcels(tmp_path / "b.gpkg", [at(60, 0), Point(E, N)], 编号=["B", "C"])
    number = taken(file, ws, layer="reclaim").number
    receipt = import_delivery(undo=number, workspace=ws)
    assert ws / "reclaim.gpkg" in receipt.written
    after = content(ws)
    logs = {name for name in after if name.startswith("log/")}
    assert {n: b for n, b in after.items() if n not in logs} == {n: b for n, b in before.items() if n not in logs}
    assert taken(file, ws, layer="reclaim").number is not None
    assert list(rows(ws).index) == ["A", "B"]
    with pytest.raises(UsageError, match="takes no files"):
        import_delivery(file, undo=2, workspace=ws)


def test_only_returned_items_come_again_after_an_undo(ws, tmp_path):
    file = parcels(tmp_path / "b.gpkg", [Point(E, N)], 编号=["C"])
    number = taken(file, ws, layer="reclaim").number
    assert (ws / "returned" / "returned-0001.xlsx").is_file()
    import_delivery(undo=number, workspace=ws)
    assert not (ws / "returned" / "returned-0001.xlsx").exists()
    again = taken(file, ws, layer="reclaim")
    assert (ws / "returned" / f"returned-{again.number:04d}.xlsx").is_file()


def test_a_survey_says_hectares_and_what_it_shows(ws, tmp_path):
    taken(survey(tmp_path / "秋滨收回.txt", hectares="1.1429"), ws)
    row = rows(ws).loc["秋滨收回-1"]
    assert (row["survey_m2"], row["land_use"], row["图幅号"]) == (11429.0, "工业用地", "H50G082089")
    assert (row["声明面积(公顷)"], row["geom_source"]) == (1.1429, "survey")
    assert row.geometry.area == pytest.approx(10_000)


def test_a_header_that_the_eastings_belie_is_told(ws, tmp_path):
    file = survey(tmp_path / "x.txt", zone=39)
    into = taken(file, ws, layer="reclaim")
    assert "survey.note.zones" in keys(into)
    assert into.layers[0].crs == "EPSG:4528"
    out = import_delivery(file, out=tmp_path / "o.gpkg").files[0]
    assert out.layers[0].crs == "EPSG:4528"
    assert "survey.note.zones" in keys(out)


@pytest.mark.parametrize(
    ("datum", "error", "code"), [("1980西安坐标系", DatumError, 5), ("金华独立坐标系", CrsError, 4)]
)
def test_what_cannot_be_placed_is_refused_whole_and_counted(ws, tmp_path, datum, error, code):
    before = content(ws)
    receipt = import_delivery(survey(tmp_path / "x.txt", datum=datum), workspace=ws, layer="reclaim")
    (file,) = receipt.files
    assert isinstance(file.error, error)
    assert receipt.exit_code == code
    assert (file.features_in, file.accepted, file.quarantined) == (1, 0, 1)
    assert content(ws) == before


def test_a_missing_prj_is_resolved_with_its_consequence(ws, tmp_path):
    file = parcels(tmp_path / "低效用地.shp", [at(0, 0)], 编号=["A"])
    (tmp_path / "低效用地.prj").unlink()
    into = taken(file, ws)
    assert into.layers[0].target == "lowefficiency"
    assert any("all inside the area of interest" in f.text("en") for f in into.findings)
    bare = init(tmp_path / "bare", crs="EPSG:4549", year=2022)
    before = content(bare)
    receipt = import_delivery(file, workspace=bare)
    assert (receipt.exit_code, receipt.files[0].quarantined) == (4, 1)
    assert content(bare) == before


def test_rows_without_a_shape_stay_and_get_it_later(ws, tmp_path):
    ledger = book(tmp_path / "收回台账.xlsx", ("台账", [["编号", "企业名称", "用地面积(亩)"], ["A", "甲公司", 3.75]]))
    taken(ledger, ws, layer="reclaim")
    assert rows(ws).geometry["A"] is None
    assert rows(ws).loc["A", "geom_source"] == "none"
    into = taken(parcels(tmp_path / "a.gpkg", [at(0, 0)], 编号=["A"]), ws, layer="reclaim")
    assert (into.accepted, into.layers[0].updated) == (1, 1)
    assert rows(ws).geometry["A"].area == 2500
    assert rows(ws).loc["A", "area_doc_mu"] == 3.75


def test_stage_dates_become_events_once(ws, tmp_path):
    lines = [
        ["编号", "企业名称", "签约时间", "腾空时间"],
        ["A", "甲", "2022-03-01", "2022-06-01"],
        ["B", "乙", None, "2022-06-02"],
    ]
    file = book(tmp_path / "收回台账.xlsx", ("台账", lines))
    taken(file, ws, layer="reclaim")
    events = open_workspace(ws).table("event")
    assert set(zip(events["id"], events["stage"], strict=True)) == {("A", "signed"), ("A", "vacated"), ("B", "vacated")}
    before = content(ws)
    assert taken(file, ws, layer="reclaim").number is None
    assert content(ws) == before
    lines[2][2] = "2022-05-01"
    taken(book(tmp_path / "收回台账2.xlsx", ("台账", lines)), ws, layer="reclaim", update=True)
    assert len(open_workspace(ws).table("event")) == 4


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_takes_rows_it_has_not(ws, tmp_path, suffix):
    lines = [
        ["企业名称", "统一社会信用代码", "纳税额(万元)"],
        ["甲公司", "91330702MA2E000001", 12],
        ["乙公司", None, 3],
    ]
    file = tmp_path / f"企业{suffix}"
    if suffix == ".xlsx":
        book(file, ("企业", lines))
    else:
        file.write_text(
            "\n".join(",".join("" if c is None else str(c) for c in row) for row in lines), encoding="utf-8"
        )
    into = taken(file, ws, layer="enterprise")
    assert into.accepted == 2
    assert len(open_workspace(ws).table("enterprise")) == 2
    before = content(ws)
    assert taken(file, ws, layer="enterprise").layers[0].unchanged == 2
    assert content(ws) == before


def test_sheets_go_to_their_layers_and_one_of_no_layer_is_returned(ws, tmp_path):
    file = book(
        tmp_path / "月报.xlsx",
        ("收回", [["编号", "企业名称"], ["A", "甲"], ["B", "乙"]]),
        ("小地块", [["编号", "名称"], ["P", "丙"]]),
        ("通讯录", [["姓名", "电话"], ["张", "1"], ["李", "2"]]),
    )
    into = taken(file, ws)
    assert [(one.target, one.accepted, len(one.returned)) for one in into.layers] == [
        ("reclaim", 2, 0), ("small_plot", 1, 0), ("", 0, 2),
    ]  # fmt: skip
    assert list(into.layers[2].returned["row"]) == [2, 3]
    assert "error.intake.which_layer" in keys(into)
    before = content(ws)
    assert taken(file, ws).number is None
    assert content(ws) == before


def test_total_rows_are_a_control_and_no_rows(ws, tmp_path):
    lines = [["编号", "企业名称", "用地面积(亩)"], ["A", "甲", 3], ["B", "乙", 4], ["合计", None, 7]]
    into = taken(book(tmp_path / "收回.xlsx", ("台账", lines)), ws)
    assert into.features_in == into.accepted == 2


def test_delivered_areas_are_never_overwritten(ws, tmp_path):
    file = parcels(tmp_path / "收回.gpkg", [at(0, 0)], 编号=["A"], 图形面积=[999.0], TBMJ=[888.0])
    taken(file, ws)
    row = rows(ws).loc["A"]
    assert (row["图形面积"], row["delivered_tbmj_m2"]) == (999.0, 888.0)
    assert "area_geom_m2" not in row.index


def test_columns_are_remembered_and_may_be_corrected_by_hand(ws, tmp_path):
    file = book(tmp_path / "a.xlsx", ("s", [["编号", "企业名称", "责任人单位"], ["A", "甲", "某局"]]))
    taken(file, ws, layer="reclaim")
    assert profiles(ws)["XLSX", "reclaim"] == {"编号": "id", "企业名称": "enterprise"}
    settings_file = ws / "profiles.toml"
    settings_file.write_text(
        settings_file.read_text(encoding="utf-8") + '"责任人单位" = "lead_unit"\n', encoding="utf-8"
    )
    taken(book(tmp_path / "b.xlsx", ("s", [["编号", "责任人单位"], ["B", "某局"]])), ws, layer="reclaim")
    assert rows(ws).loc["B", "lead_unit"] == "某局"


def test_each_import_is_in_the_journal(ws, tmp_path):
    file = parcels(tmp_path / "a.gpkg", [at(0, 0), BOW, Point(E, N)], 编号=["A", None, "C"])
    taken(file, ws, layer="reclaim")
    (entry,) = imports(ws)
    assert (entry.features_in, entry.accepted, entry.quarantined, entry.repaired) == (3, 2, 1, 1)
    assert entry.crs == "EPSG:4549"
    changes = pd.read_csv(ws / entry.changes)
    assert set(zip(changes["row"], changes["change"], strict=True)) == {(2, "ring"), (2, "id_made")}


def test_a_locked_workspace_names_its_holder(ws, tmp_path, monkeypatch):
    monkeypatch.setattr(
        landkit.importing, "exclusive", lambda root, purpose: exclusive(root, purpose=purpose, wait=0.1)
    )
    file = parcels(tmp_path / "a.gpkg", [at(0, 0)], 编号=["A"])
    with exclusive(ws, purpose="a long check"):
        receipt = import_delivery(file, workspace=ws, layer="reclaim")
    assert receipt.exit_code == 6
    assert isinstance(receipt.files[0].error, LockedError)
    assert "a long check" in receipt.files[0].error.message("en")
    assert receipt.files[0].quarantined == 1


def test_an_open_geopackage_is_not_replaced(ws, tmp_path):
    taken(parcels(tmp_path / "a.gpkg", [at(0, 0)], 编号=["A"]), ws, layer="reclaim")
    file = parcels(tmp_path / "b.gpkg", [at(60, 0)], 编号=["B"])
    with closing(sqlite3.connect(ws / "reclaim.gpkg")) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE held (x)")
        assert import_delivery(file, workspace=ws, layer="reclaim").exit_code == 6
    assert len(imports(ws)) == 1


def test_conflicts_are_told_one_by_one_up_to_a_point(ws, tmp_path):
    ids = [f"R{n}" for n in range(80)]
    shapes = [at(60 * n, 0) for n in range(80)]
    taken(parcels(tmp_path / "a.gpkg", shapes, 编号=ids, 备注=["x"] * 80), ws, layer="reclaim")
    into = taken(parcels(tmp_path / "b.gpkg", shapes, 编号=ids, 备注=["y"] * 80), ws, layer="reclaim")
    assert keys(into).count("intake.differs") == 50
    (rest,) = [finding for finding in into.findings if finding.key == "intake.differ"]
    assert rest.values == {"count": 30}
    assert into.quarantined == 80


def test_columns_named_like_those_of_the_returned_items(ws, tmp_path):
    taken(parcels(tmp_path / "a.gpkg", [at(0, 0)], 编号=["A"], row=[7], reason=["mine"]), ws, layer="reclaim")
    into = taken(parcels(tmp_path / "b.gpkg", [at(0, 5)], 编号=["A"], row=[8], reason=["mine"]), ws, layer="reclaim")
    returned = into.layers[0].returned
    assert list(returned[["row", "reason", "id", "row_delivered"]].iloc[0]) == [1, "id_taken", "A", 8]


def test_a_doubtful_match_waits_for_a_person_and_is_replayed(ws, tmp_path):
    names = ["金华市甲乙机械制造有限公司", "金华丙丁纺织有限公司"]
    taken(parcels(tmp_path / "a.gpkg", [at(0, 0), at(60, 0)], 编号=["A", "B"], 企业名称=names), ws, layer="reclaim")
    lines = [["企业名称", "责任单位"], [names[1], "某局"], ["金华市甲乙机械有限公司", "某办"]]
    ledger = book(tmp_path / "台账.xlsx", ("台账", lines))
    first = taken(ledger, ws, layer="reclaim", join=True)
    assert (first.accepted, list(first.layers[0].returned["reason"])) == (1, ["in_doubt"])
    assert rows(ws).loc["B", "lead_unit"] == "某局"
    (sheet,) = (ws / "review").glob("reclaim-*.xlsx")
    review = openpyxl.load_workbook(sheet)
    review.worksheets[0]["A2"] = "是"
    review.save(sheet)
    again = taken(ledger, ws, layer="reclaim", join=True)
    assert (again.accepted, again.quarantined) == (2, 0)
    assert rows(ws).loc["A", "lead_unit"] == "某办"
    assert set(open_workspace(ws).table("enterprise_parcel")["id"]) == {"A", "B"}


def test_a_ledger_for_a_layer_of_shapes_is_taken_only_when_it_is_said_how(tmp_path, ws):
    taken(parcels(tmp_path / "收回.gpkg", [at(0, 0)], 编号=["S-1"]), ws)
    ledger = book(tmp_path / "收回.xlsx", ("6月", [["编号", "企业名称"], ["S-1", "企业001"], ["S-1", "企业002"]]))
    (file,) = import_delivery(ledger, workspace=ws).files
    assert file.error.key == "intake.ledger"
    assert f"landkit import {ledger} --layer reclaim --join" in file.error.hint("zh")
    joined = taken(ledger, ws, layer="reclaim", join=True)
    assert joined.quarantined == 0
    assert {"intake.shared"} <= {finding.key for finding in joined.findings}  # firm and tenant, under one id
    assert len(open_workspace(ws).layer("reclaim")) == 1
    assert list(open_workspace(ws).table("enterprise_parcel")["name"]) == ["企业001", "企业002"]


def test_a_ring_that_an_import_repaired_is_still_a_finding_until_it_is_put_right(ws, tmp_path):
    # a square of 100 m with two corners exchanged: the repair leaves its half, 7.5 mu of 15
    crossed = Polygon([(E, N), (E + 100, N), (E, N + 100), (E + 100, N + 100)])
    drawn = parcels(tmp_path / "q.gpkg", [crossed, at(500, 0)], id=["Q-07", "Q-08"], name=["a", "b"])
    import_delivery(drawn, layer="lowefficiency", workspace=ws)

    def found():
        findings = landkit.check(["lowefficiency"], workspace=ws).findings
        return findings[findings["check"] == "invalid_ring"]

    assert list(found()["ids"]) == [("Q-07",)]
    # 40 km from the meridian the ellipsoid's area is less by 4e-5
    assert found()["mu"].iloc[0] == pytest.approx(7.5, rel=1e-4)
    assert not found()["before"].iloc[0].is_valid
    mended = parcels(tmp_path / "r.gpkg", [at(0, 0, 100, 100)], id=["Q-07"], name=["a"])
    import_delivery(mended, layer="lowefficiency", workspace=ws, update=True)
    assert len(found()) == 0
    import_delivery(undo=2, workspace=ws)
    assert list(found()["ids"]) == [("Q-07",)]


def test_a_firm_in_the_row_of_another_one_last_month_is_not_taken_for_it(ws, tmp_path):
    import_delivery(parcels(tmp_path / "p.gpkg", [at(0, 0)], id=["R-1"], name=["a"]), layer="reclaim", workspace=ws)
    heading = ["企业名称", "面积(亩)", "责任单位"]
    for month in ("june", "july"):
        (tmp_path / month).mkdir()
    june = book(tmp_path / "june" / "台账.xlsx", ("S", [heading, ["金华乙电子有限公司", 10, None]]))
    july = book(tmp_path / "july" / "台账.xlsx", ("S", [heading, ["义乌丙服装有限公司", 77, "丙单位"]]))
    import_delivery(june, layer="reclaim", workspace=ws, join=True)
    for update in (False, True):
        file = import_delivery(july, layer="reclaim", workspace=ws, join=True, update=update).files[0]
        assert (file.features_in, file.accepted, file.quarantined) == (1, 0, 1)
        assert list(file.layers[0].returned["reason"]) == ["id_made_taken"]
        kept = open_workspace(ws).layer("reclaim")
        assert not (kept == "丙单位").any(axis=None)
        assert list(kept["area_doc_mu"].dropna()) == [10]
    again = import_delivery(june, layer="reclaim", workspace=ws, join=True).files[0]
    assert (again.accepted, again.quarantined) == (1, 0)
    # the sheet that comes back has no id that is another firm's: imported as it is, the firm gets one of its own
    sheet = max((ws / "returned").glob("*.xlsx"))
    back = import_delivery(sheet, layer="reclaim", workspace=ws).files[0]
    assert (back.accepted, back.quarantined) == (1, 0)
    assert sorted(open_workspace(ws).layer("reclaim")["area_doc_mu"].dropna()) == [10, 77]


@pytest.mark.parametrize("update", [False, True])
def test_files_of_one_stem_do_not_share_the_ids_that_are_made_for_them(ws, tmp_path, update):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    first = parcels(tmp_path / "a" / "x.gpkg", [at(0, 0), None], name=["a", "b"])
    second = parcels(tmp_path / "b" / "x.geojson", [at(500, 0), at(900, 0)], name=[None, None], crs="EPSG:4549")
    import_delivery(first, layer="reclaim", workspace=ws)
    file = import_delivery(second, layer="reclaim", workspace=ws, update=update).files[0]
    assert (file.accepted, file.quarantined) == (0, 2)
    kept = open_workspace(ws).layer("reclaim")
    assert kept.geometry.notna().sum() == 1
    assert kept.geometry.iloc[0].bounds == at(0, 0).bounds


def test_a_polygon_that_is_delivered_empty_is_a_row_without_a_shape(ws, tmp_path):
    file = import_delivery(
        parcels(tmp_path / "e.gpkg", [at(0, 0), Polygon()], id=["a", "b"], name=["x", "y"]),
        layer="reclaim",
        workspace=ws,
    ).files[0]
    assert (file.accepted, file.quarantined) == (2, 0)
