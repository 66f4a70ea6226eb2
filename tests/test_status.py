"""How targets stand: every figure below can be worked out by hand from the few rows that are written."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from rich.cells import cell_len
from shapely import box

from landkit.cli import main
from landkit.errors import InputError, UsageError
from landkit.products.status_table import status_text
from landkit.standing import due_share, status
from landkit.workspace import open_workspace

MU = 10000 / 15
SHIPPED = Path(__file__).parents[1] / "layers"
EAST, NORTH = 500_000.0, 3_210_000.0  # on the central meridian, where plane and ellipsoid differ by 1e-6


def square(column: float, row: float, side: float = 100.0):
    """Return a square of 15 mu (10,000 m2) unless told otherwise, on a grid of 100 m."""
    return box(EAST + 100 * column, NORTH + 100 * row, EAST + 100 * column + side, NORTH + 100 * row + side)


TARGET = """
[[target]]
id = "{id}"
kind = "{kind}"
what = "{id} in words"
what_zh = "目标{id}"
value = {value}
unit = "{unit}"
test = "{test}"
words = "{words}"
quote = "原文,{value:g}{unit}。"
section = "(五)条款"
due = 2022-12-31
layer = "{layer}"
"""


def target(name: str, layer: str, measure: str | None, **said) -> str:
    values = {"kind": "progress", "value": 2, "unit": "家", "test": ">=", "words": "", **said}
    head = TARGET.format(id=name, layer=layer, **values)
    return head if measure is None else f"{head}[target.measure]\n{measure}\n"


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a workspace and opens it."""

    def make(targets: list[str], *, official: str = "ledger", **tables):
        lines = ['[zone]\nname = "区"\nname_en = "Zone"\nyear = 2022\ncrs = "EPSG:4549"\n']
        if "district" in tables:
            lines[0] += 'districts = "district"\n'
        for name, rows in tables.items():
            table = pd.DataFrame(rows)
            if "geometry" in table.columns:
                file = f"{name}.gpkg"
                frame = gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4549")
                frame.to_file(tmp_path / file, layer=name, driver="GPKG")
            else:
                file = f"{name}.csv"
                table.to_csv(tmp_path / file, index=False, encoding="utf-8")
            lines.append(f'[layers.{name}]\nfile = "{file}"\n')
            lines.append(f'area_official = "{official}"\n' if "geometry" in table.columns else "")
        (tmp_path / "landkit.toml").write_text("\n".join(lines), encoding="utf-8")
        head = '[plan]\ntitle = "计划"\nnumber = "1"\npublished = 2022-09-14\n'
        (tmp_path / "plan.toml").write_text(head + "".join(targets), encoding="utf-8")
        return open_workspace(tmp_path)

    return make


def at(workspace, day: str = "2022-06-30", **options):
    """Return the targets by id, as the JSON says them, and the whole status."""
    found = status(workspace, as_of=date.fromisoformat(day), **options)
    told = json.loads(json.dumps(found.to_json(), allow_nan=False))["landkit.status/v1"]
    return {entry["id"]: entry for entry in told["targets"]}, found


def event(number: int, row: str, stage: str, day: str, evidence: str | None = "文") -> dict:
    return {
        "event_no": f"E{number}",
        "layer": "reclaim",
        "id": row,
        "stage": stage,
        "event_date": day,
        "recorded_at": f"{day}T10:00:00",
        "evidence_no": evidence,
        "reverses": None,
    }


# R1 and R2 belong to one enterprise (A); R3 is shared by B and C; R4 has only a name; R5 has no shape
RECLAIM = [
    {"id": "R1", "enterprise": "甲", "area_doc_mu": 15.0, "freed_mu": 20.0, "geometry": square(0, 0), "district": "D1"},
    {"id": "R2", "enterprise": "甲", "area_doc_mu": 16.0, "freed_mu": 21.0, "geometry": square(1, 0), "district": "D2"},
    {"id": "R3", "enterprise": "乙", "area_doc_mu": 14.5, "freed_mu": 22.0, "geometry": square(2, 0), "district": "D1"},
    {"id": "R4", "enterprise": "丁", "area_doc_mu": 15.5, "freed_mu": 23.5, "geometry": square(3, 0), "district": "D1"},
    {"id": "R5", "enterprise": "戊", "area_doc_mu": 10.0, "freed_mu": 12.5, "geometry": None, "district": None},
]
RECLAIM = [{**row, "geom_source": "placeholder" if row["geometry"] else "none", "stage": None} for row in RECLAIM]
OWNERS = [
    {"uscc": "A", "layer": "reclaim", "id": "R1"},
    {"uscc": "A", "layer": "reclaim", "id": "R2"},
    {"uscc": "B", "layer": "reclaim", "id": "R3"},
    {"uscc": "C", "layer": "reclaim", "id": "R3"},
]
EVENTS = [
    event(1, "R1", "reclaimed", "2022-03-01"),
    event(2, "R2", "signed", "2022-03-01"),
    event(3, "R2", "resupplied", "2022-08-01"),
    event(4, "R3", "reclaimed", "2022-04-01", evidence=None),
    event(5, "R5", "reclaimed", "2022-05-01"),
]
DISTINCT = 'statistic = "distinct"\nof = "enterprise"\nstage = "reclaimed"\nrule = "{}"'


def test_enterprises_count_once_and_by_the_rule(made):
    rules = ("all", "any", "first")
    targets = [target(f"T{rule}", "reclaim", DISTINCT.format(rule), value=4) for rule in rules]
    workspace = made(targets, reclaim=RECLAIM, enterprise_parcel=OWNERS, event=EVENTS)
    june, _ = at(workspace)
    # B, C and 戊 are done; A holds one parcel that is and one that is not
    assert [june[f"T{rule}"]["actual"] for rule in rules] == [3, 4, 4]
    august, _ = at(workspace, "2022-08-01")
    assert [august[f"T{rule}"]["actual"] for rule in rules] == [4, 4, 4]


def test_stages_are_counted_where_the_item_stands_with_its_ledger_area(made):
    workspace = made(
        [target("T1", "reclaim", DISTINCT.format("all"))], reclaim=RECLAIM, enterprise_parcel=OWNERS, event=EVENTS
    )
    told, _ = at(workspace)
    lines = {line["stage"]: (line["count"], line["mu"]) for line in told["T1"]["stages"]}
    assert lines == {None: (1, 15.5), "signed": (1, 31.0), "reclaimed": (3, 24.5)}
    assert [line["zh"] for line in told["T1"]["stages"]] == [None, "签约", "净地入库"]
    assert told["T1"]["without_shape"] == {"items": 1, "mu": 10.0}
    # B and C, on one row of 14.5 mu
    assert told["T1"]["without_evidence"] == {"items": 2, "mu": 14.5}
    assert told["T1"]["undated"] == {"items": 0, "mu": 0.0}


def test_a_sum_is_taken_over_the_items_that_another_target_counts(made):
    total = 'statistic = "sum"\nfield = "freed_mu"\nstage = "reclaimed"\nitems_of = "T1"'
    beside = 'beside = [{ statistic = "net", stage = "reclaimed" }, { statistic = "sum", field = "area_doc_mu" }]'
    workspace = made(
        [
            target("T1", "reclaim", DISTINCT.format("all")),
            target("T2", "reclaim", f"{total}\n{beside}", value=34.5, unit="亩", words="超"),
            target("T3", "reclaim", total, value=34.5, unit="亩"),
        ],
        reclaim=RECLAIM,
        enterprise_parcel=OWNERS,
        event=EVENTS,
    )
    told, found = at(workspace)
    # R3, once though it has two enterprises, and R5; R1 is done, but its enterprise is not
    assert told["T2"]["actual"] == pytest.approx(22 + 12.5, abs=1e-12)
    assert (told["T2"]["state"], told["T3"]["state"]) == ("on_pace", "met")  # 超 is strictly more
    net, ledger = told["T2"]["beside"]
    assert net["value"] == pytest.approx(15 + 10, rel=1e-5)  # a shape of 15 mu, and R5 by the ledger
    assert (ledger["value"], ledger["stage"]) == (pytest.approx(71.0), None)  # without a stage: all of the list
    assert found.stacking[0].targets == ("T2", "T3")
    assert found.stacking[0].mu == pytest.approx(15, rel=1e-5)


PLOTS = [
    {"id": "P1", "list_no": "L1", "area_doc_mu": 5.0, "geometry": square(0, 5), "off_list": False, "stage": "done"},
    {"id": "P2", "list_no": "L1", "area_doc_mu": 6.0, "geometry": square(1, 5), "off_list": False, "stage": "完成"},
    {"id": "P3", "list_no": "L2", "area_doc_mu": 7.0, "geometry": square(2, 5), "off_list": True, "stage": "done"},
    {"id": "P4", "list_no": "L3", "area_doc_mu": 8.0, "geometry": square(3, 5), "off_list": False, "stage": "cleared"},
    {"id": "P5", "list_no": "L5", "area_doc_mu": 9.0, "geometry": square(4, 5), "off_list": False, "stage": "odd"},
]
LIST = [
    {"list_no": "L1", "target": "T1", "layer": "small_plot", "id": "P1", "change": "原计划", "change_date": None},
    {"list_no": "L1", "target": "T1", "layer": "small_plot", "id": "P2", "change": "原计划", "change_date": None},
    {"list_no": "L2", "target": "T1", "layer": "small_plot", "id": "P3", "change": "原计划", "change_date": None},
    {"list_no": "L3", "target": "T1", "layer": "small_plot", "id": "P4", "change": "新增", "change_date": "2022-07-01"},
    {"list_no": "L4", "target": "T1", "layer": "small_plot", "id": None, "change": "原计划", "change_date": None},
    {"list_no": "L6", "target": "T1", "layer": "small_plot", "id": "P9", "change": "原计划", "change_date": None},
]
ITEMS = 'statistic = "items"\nstage = "done"'


def test_list_items_count_and_not_polygons(made):
    workspace = made(
        [target("T1", "small_plot", ITEMS), target("T2", "small_plot", 'statistic = "items"\nitems_of = "T1"')],
        small_plot=PLOTS,
        plan_item=LIST,
    )
    june, found = at(workspace)
    # L1 has two rows and counts once; L2 is off the list; L4 has no row and L6 no row any more: on the list, not done
    assert (june["T1"]["actual"], june["T2"]["actual"]) == (1, 3)
    assert june["T1"]["undated"] == {"items": 1, "mu": 11.0}
    assert {line["stage"]: line["count"] for line in june["T1"]["stages"]} == {None: 2, "done": 1}
    assert any("P9" in note.text("zh") for note in found.notes)
    assert any("odd" in note.text("en") for note in found.notes)
    july, _ = at(workspace, "2022-07-01")
    assert july["T2"]["actual"] == 4


def test_without_a_list_rows_gather_by_their_item_number(made):
    workspace = made([target("T1", "small_plot", ITEMS)], small_plot=PLOTS)
    told, _ = at(workspace)
    assert told["T1"]["actual"] == 1
    assert {line["stage"]: line["count"] for line in told["T1"]["stages"]} == {None: 1, "cleared": 1, "done": 1}


def test_net_counts_a_place_once_and_shapeless_rows_by_the_ledger(made):
    rows = [
        {"id": "A", "area_doc_mu": 99.0, "geometry": square(0, 0), "stage": "accepted"},
        {"id": "B", "area_doc_mu": 99.0, "geometry": square(0.5, 0), "stage": "accepted"},
        {"id": "C", "area_doc_mu": 4.0, "geometry": None, "stage": "accepted"},
        {"id": "D", "area_doc_mu": 99.0, "geometry": square(9, 9), "stage": "signed"},
    ]
    measure = 'statistic = "net"\nstage = "accepted"'
    workspace = made([target("T8", "lowefficiency", measure, value=20, unit="亩")], lowefficiency=rows)
    told, _ = at(workspace)
    assert told["T8"]["actual"] == pytest.approx(15 + 7.5 + 4, rel=1e-5)
    assert told["T8"]["share"] == pytest.approx(26.5 / 20, rel=1e-5)
    assert told["T8"]["state"] == "met"


def test_stacking_is_the_land_that_two_targets_share(made):
    low = [{"id": "L", "area_doc_mu": 15.0, "geometry": square(0.25, 0), "stage": "accepted"}]
    taken = [{"id": "R", "area_doc_mu": 15.0, "freed_mu": 18.0, "geometry": square(0, 0), "stage": "reclaimed"}]
    workspace = made(
        [
            target("T2", "reclaim", 'statistic = "sum"\nfield = "freed_mu"\nstage = "reclaimed"', unit="亩"),
            target("T8", "lowefficiency", 'statistic = "net"\nstage = "accepted"', unit="亩"),
        ],
        reclaim=taken,
        lowefficiency=low,
    )
    _, found = at(workspace)
    assert [pair.targets for pair in found.stacking] == [("T2", "T8")]
    assert found.stacking[0].mu == pytest.approx(0.75 * 15, rel=1e-5)
    assert any("may not be added" in note.text("en") for note in found.notes)


def test_kinds_have_states_of_their_own(made):
    zone = [
        {"id": "QB", "kind": "区块", "area_doc_km2": 1.0, "geometry": square(0, 0, 1000)},
        {"id": "PT", "kind": "平台", "area_doc_km2": 1.0, "geometry": None},
    ]
    firms = [
        {"uscc": "A", "name": "甲", "above_scale": "true", "tax_wan": 100, "eval_land_mu": 10},
        {"uscc": "B", "name": "乙", "above_scale": "true", "tax_wan": 20, "eval_land_mu": 30},
        {"uscc": "C", "name": "丙", "above_scale": "true", "tax_wan": None, "eval_land_mu": 1000},
        {"uscc": "D", "name": "丁", "above_scale": "false", "tax_wan": 1, "eval_land_mu": 1000},
    ]
    ratio = 'statistic = "ratio"\nnumerator = "tax_wan"\ndenominator = "eval_land_mu"\nwhere = "above_scale = TRUE"'
    scope = {"kind": "scope", "test": "=", "unit": "平方公里"}
    workspace = made(
        [
            target("T10", "zone_area", 'statistic = "area"\nwhere = "id = \'QB\'"', **scope),
            target("T11", "zone_area", 'statistic = "area"\nwhere = "id = \'PT\'"', **scope),
            target("T18", "zone_area", 'statistic = "items"', kind="scope", test="=", value=2, unit="个"),
            target("T16", "enterprise", ratio, kind="context", test="~", value=20, unit="万元/亩"),
            target("T05", "supply", None, kind="ledger_only", value=50, unit="亿元"),
            target("T23", "floor_space", None, value=10, unit="万方"),
        ],
        zone_area=zone,
        enterprise=firms,
    )
    told, found = at(workspace, "2022-12-31")
    assert told["T10"]["actual"] == pytest.approx(1.0, rel=1e-5)
    assert (told["T18"]["actual"], told["T18"]["state"], told["T18"]["share"]) == (2, "described", None)
    assert told["T16"]["actual"] == 120 / 40  # not the mean of 10 and 2/3, and not with C
    assert any("T16" in note.text("en") for note in found.notes)
    assert {name: told[name]["actual"] for name in ("T11", "T05", "T23")} == dict.fromkeys(("T11", "T05", "T23"))
    assert {name: told[name]["state"] for name in ("T11", "T05", "T23", "T16")} == {
        "T11": "no_layer",
        "T05": "no_layer",
        "T23": "no_layer",
        "T16": "shown",
    }
    assert not found.missed


def test_rows_lie_within_an_area_by_their_larger_part(made):
    zone = [{"id": "QB", "kind": "区块", "geometry": box(EAST, NORTH, EAST + 1000, NORTH + 1000)}]
    rows = [
        {"id": "X1", "project_no": "1", "geometry": square(9.4, 0), "stage": "announced"},
        {"id": "X2", "project_no": "2", "geometry": square(9.6, 1), "stage": "announced"},
        {"id": "X3", "project_no": "3", "geometry": None, "stage": "announced"},
    ]
    measure = 'statistic = "items"\nstage = "announced"\nwithin = "zone_area:QB"'
    lines = [
        {"list_no": f"L{n}", "target": "T13", "layer": "renewal_project", "id": f"X{n}", "change": "原计划"}
        for n in (1, 2, 3)
    ]
    workspace = made(
        [target("T12", "renewal_project", measure), target("T13", "renewal_project", measure)],
        zone_area=zone,
        renewal_project=rows,
        plan_item=lines,
    )
    told, found = at(workspace)
    # X3 has no shape: the list of T13 says that it is meant, nothing does so for T12
    assert (told["T12"]["actual"], told["T13"]["actual"]) == (1, 2)
    assert any("T12" in note.text("en") and "X3" in note.text("en") for note in found.notes)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2021-12-31", 0),
        ("2022-01-30", 0),
        ("2022-01-31", 1 / 12),
        ("2022-02-28", 2 / 12),
        ("2022-06-29", 5 / 12),
        ("2022-06-30", 0.5),
        ("2022-12-30", 11 / 12),
        ("2022-12-31", 1),
        ("2023-01-01", 1),
    ],
)
def test_the_year_is_over_month_by_month(day, share):
    assert due_share(date.fromisoformat(day), 2022) == pytest.approx(share, abs=1e-15)


def test_pace_and_states_of_progress(made):
    rows = [{"id": f"P{n}", "geometry": square(n, 0), "stage": "done"} for n in range(3)]
    workspace = made(
        [target(f"T{value}", "small_plot", ITEMS, value=value, unit="宗") for value in (2, 6, 7)], small_plot=rows
    )
    told, _ = at(workspace)
    assert [told[name]["state"] for name in ("T2", "T6", "T7")] == ["met", "on_pace", "behind"]
    assert (told["T7"]["due_by_now"], told["T7"]["gap"]) == (3.5, -0.5)
    told, found = at(workspace, "2022-12-31")
    assert [told[name]["state"] for name in ("T2", "T6", "T7")] == ["met", "overdue", "overdue"]
    assert [standing.target.id for standing in found.missed] == ["T6", "T7"]
    assert told["T2"]["share"] == 1.5


def test_an_item_belongs_to_one_key_area(made):
    areas = [
        {"id": "D1", "name": "一", "kind": "片区", "geometry": box(EAST, NORTH, EAST + 250, NORTH + 100)},
        {"id": "D2", "name": "二", "kind": "片区", "geometry": box(EAST + 250, NORTH, EAST + 320, NORTH + 100)},
    ]
    workspace = made(
        [target("T1", "reclaim", DISTINCT.format("any"))],
        district=areas,
        reclaim=RECLAIM,
        enterprise_parcel=OWNERS,
        event=EVENTS,
    )
    owner, _ = at(workspace, "2022-08-01")
    # 甲 has R1 (D1, 15 mu) and R2 (D2, 16 mu); R3's two enterprises are in D1; 戊 is registered nowhere
    assert {e["district"]: e["count"] for e in owner["T1"]["districts"]} == {"D2": 1, "D1": 2, None: 1}
    largest, _ = at(workspace, "2022-08-01", assign="largest")
    # R1 and R2 lie in D1, R3 half and half
    counts = {e["district"]: e["count"] for e in largest["T1"]["districts"]}
    assert sum(counts.values()) == 4
    assert counts[None] == 1
    with pytest.raises(UsageError) as caught:
        status(workspace, assign="clip")
    assert caught.value.key == "status.assign"


def test_the_official_area_is_the_one_the_office_names(made):
    rows = [
        {"id": "P1", "area_doc_mu": 1.0, "cert_m2": 2 * MU, "survey_m2": 3 * MU, "area_official": None},
        {"id": "P2", "area_doc_mu": 1.0, "cert_m2": 2 * MU, "survey_m2": 3 * MU, "area_official": "ledger"},
        {"id": "P3", "area_doc_mu": 1.0, "cert_m2": 2 * MU, "survey_m2": None, "area_official": None},
        {"id": "P4", "area_doc_mu": 1.0, "cert_m2": 2 * MU, "survey_m2": 3 * MU, "area_official": "geom"},
        {"id": "P5", "area_doc_mu": 1.0, "cert_m2": 2 * MU, "survey_m2": 3 * MU, "area_official": "cert"},
    ]
    rows = [{**row, "geometry": square(n, 0), "stage": "done"} for n, row in enumerate(rows)]
    measure = 'statistic = "sum"\nfield = "area_official"\nstage = "done"'
    workspace = made([target("T4", "small_plot", measure, unit="亩")], official="survey", small_plot=rows)
    told, found = at(workspace)
    # 3 by the survey, 1 by the ledger, P3 has no survey and gets no other figure, 15 by the shape, 2 by the certificate
    assert told["T4"]["actual"] == pytest.approx(3 + 1 + 15 + 2, rel=1e-5)
    assert any(note.text("en").startswith("T4: rows that count") for note in found.notes)


def test_a_column_that_is_not_there_is_refused(made):
    measure = 'statistic = "sum"\nfield = "remediated_mu"\nstage = "done"'
    workspace = made([target("T4", "small_plot", measure)], small_plot=PLOTS)
    with pytest.raises(InputError) as caught:
        status(workspace)
    assert (caught.value.key, caught.value.values["column"]) == ("plan.column", "remediated_mu")


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return status(open_workspace(SHIPPED), as_of=date(2022, 6, 30))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", ["table", "md", "csv", "json"])
def test_every_form_says_that_the_geometry_is_a_placeholder(shipped, form, lang):
    shown = status_text(shipped, form=form, lang=lang, width=80)
    assert "placeholder" in shown.lower() or "示意图形" in shown
    assert "142." in shown or form == "csv"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 160])
def test_tables_fit_the_terminal(shipped, lang, width):
    shown = status_text(shipped, form="table", lang=lang, width=width)
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    assert "T34b" in shown


def test_csv_has_a_row_for_every_target_and_units_in_its_headings(shipped):
    shown = status_text(shipped, form="csv", lang="zh")
    rows = list(csv.DictReader(io.StringIO(shown.removeprefix("\ufeff"))))
    assert [row["编号"] for row in rows] == [standing.target.id for standing in shipped.targets]
    assert {row["编号"]: row["累计完成"] for row in rows}["T05"] == ""
    assert "有账无图（亩）" in rows[0]


def test_json_keeps_the_contract(shipped):
    told = json.loads(status_text(shipped, form="json"))["landkit.status/v1"]
    assert told["as_of"] == "2022-06-30"
    assert {"method", "plane", "version", "assign", "sources", "geom_source"} <= set(told["basis"])
    assert all(len(source["sha256"]) == 64 for source in told["basis"]["sources"])
    wanted = {
        "id", "kind", "what", "quote", "section", "words", "force", "test", "value", "unit", "due", "actual", "share",
        "stages", "due_by_now", "gap", "lead_unit", "state", "beside", "without_shape", "undated", "without_evidence",
        "note",
    }  # fmt: skip
    assert all(wanted <= set(entry) for entry in told["targets"])
    first = next(entry for entry in told["targets"] if entry["id"] == "T01")
    assert first["quote"] == "加快收回68家企业,腾挪空间超3000亩,更新44宗492亩小地块"


def test_the_shipped_year_goes_as_it_was_told(shipped):
    # what the story of the layers tells of the end of June and of the year
    june = {standing.target.id: standing.actual for standing in shipped.targets}
    assert {name: june[name] for name in ("T01", "T03", "T06", "T07", "T12", "T17")} == {
        "T01": 31, "T03": 19, "T06": 6, "T07": 17, "T12": 48, "T17": 2,
    }  # fmt: skip
    year, found = at(open_workspace(SHIPPED), "2022-12-31")
    assert year["T04"]["actual"] == pytest.approx(492, abs=1e-9)
    assert year["T02"]["actual"] > 3000
    assert year["T08"]["actual"] > 4000
    assert {entry["id"] for entry in year.values() if entry["state"] == "met"} >= {"T02", "T03", "T04", "T06", "T07"}
    assert all(entry["actual"] is None for entry in year.values() if entry["kind"] == "ledger_only")
    assert [pair.targets for pair in found.stacking] == [("T02", "T08")]


# --- the command -----------------------------------------------------------------------------------------------------


def test_strict_closes_the_gate_after_printing(capsys):
    asked = ["status", "-w", str(SHIPPED), "--as-of", "2022-12-31", "--format", "json", "--lang", "en"]
    assert main([*asked, "--strict"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["landkit.status/v1"]["as_of"] == "2022-12-31"
    assert "T01" in err
    assert main(["status", "-w", str(SHIPPED), "--as-of", "2022-11-30", "--format", "md", "--strict"]) == 0


def test_a_csv_file_has_its_basis_beside_it(tmp_path, capsys):
    path = tmp_path / "s.csv"
    assert main(["status", "-w", str(SHIPPED), "--as-of", "2022-06-30", "--format", "csv", "-o", str(path)]) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "landkit.status/v1" in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert main(["status", "-w", str(SHIPPED), "--format", "csv", "-o", str(path)]) == 2
    capsys.readouterr()


def test_items_whose_rows_have_no_area_are_shown_without_mu(made):
    rows = [{**row, "area_doc_mu": None} for row in RECLAIM]
    workspace = made(
        [target("T1", "reclaim", DISTINCT.format("all"))], reclaim=rows, enterprise_parcel=OWNERS, event=EVENTS
    )
    told, found = at(workspace)
    lines = {line["stage"]: (line["count"], line["mu"]) for line in told["T1"]["stages"]}
    assert lines == {None: (1, None), "signed": (1, None), "reclaimed": (3, None)}
    assert told["T1"]["without_evidence"] == {"items": 2, "mu": None}
    assert told["T1"]["undated"] == {"items": 0, "mu": 0.0}
    for lang, pile in (("en", "2"), ("zh", "2项")):
        shown = status_text(found, form="md", lang=lang)
        assert "0.0" not in shown
        assert f"| {pile} |" in shown


def test_open_items_without_a_responsible_unit_are_shown(made):
    rows = [{**row, "lead_unit": unit} for row, unit in zip(RECLAIM, ("街道", None, " ", "街道", None), strict=True)]
    measure = 'statistic = "items"\nstage = "reclaimed"'
    workspace = made([target("T1", "reclaim", measure)], reclaim=rows)
    told, found = at(workspace)
    assert told["T1"]["open_by_unit"] == [{"unit": "街道", "count": 2}, {"unit": None, "count": 3}]
    for lang, label in (("en", "no unit 3"), ("zh", "未填责任单位 3")):
        assert f"街道 2; {label}" in status_text(found, form="csv", lang=lang)
    nobody = made([target("T1", "reclaim", measure)], reclaim=RECLAIM)
    assert "未填责任单位 5" in status_text(at(nobody)[1], form="md", lang="zh")


def test_a_field_that_no_delivery_has_filled_yet_measures_nothing(made):
    measure = 'statistic = "sum"\nfield = "survey_m2"\nstage = "done"'
    plots = [{name: value for name, value in row.items() if name != "survey_m2"} for row in PLOTS]
    told, _ = at(made([target("T4", "small_plot", measure, unit="亩")], small_plot=plots))
    assert told["T4"]["actual"] is None
