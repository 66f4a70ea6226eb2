"""Expropriation projects for urban renewal, and small plots."""

from __future__ import annotations

from jinhua.city import Block, Cell, parcels
from jinhua.dice import Dice
from jinhua.plane import MU, area, centre
from jinhua.register import Register, without_shape
from jinhua.rows import City, Lot, Row, hill, is_plain, joined, river, with_hole

IN_THE_BLOCK = 103
PROJECTS = {
    (0, 0): 6,
    (1, 0): 7,
    (2, 0): 8,
    (3, 0): 7,
    (0, 1): 4,
    (1, 1): 4,
    (2, 1): 8,
    (3, 1): 7,
    (0, 2): 4,
    (1, 2): 5,
    (2, 2): 7,
    (3, 2): 8,
    (0, 3): 4,
    (1, 3): 5,
    (2, 3): 7,
    (3, 3): 7,
}
PLOTS_TOTAL_MU = 492.00
PLOTS_IN_PROJECTS = 14
PLOT_MU = 11.2
NO_SHAPE = 44  # this plot's ledger area is what the others leave of the total
KINDS = ("国有土地房屋征收", "国有土地房屋征收", "集体土地征收", "协议搬迁")
USES = ("仓储用地", "工业用地", "商业服务业用地", "空闲地", "城镇住宅用地")
AFTER = {
    "出让": "商业服务业用地",
    "口袋公园": "公园绿地",
    "停车": "交通场站用地",
    "公共配套": "公用设施用地",
    "合并开发": "城镇住宅用地",
}


def renewal_project(city: City, register: Register, sites: list[Lot]) -> list[Row]:
    """Return 103 projects in the Qiubin block, the first on the sites of its urban villages, and four elsewhere."""
    lots = list(sites)
    for cell, count in PROJECTS.items():
        lots += city.lots(f"p{cell}", river(cell), count, 72, fill=0.92)
    del lots[IN_THE_BLOCK:]
    lots += city.lots("p-east", river((4, 3)), 2, 72) + city.lots("p-river", river((3, 5)), 2, 60)
    rows = []
    for number, lot in enumerate(lots, 1):
        dice = Dice(f"project/{number}")
        row = register.row(
            "renewal_project",
            f"X-{number:03d}",
            f"征收项目{number:03d}",
            lot,
            list_no=f"T12-{number:03d}" if number <= IN_THE_BLOCK else None,
            project_no=f"2022-ZS-{number:03d}",
            kind="集体土地征收" if number <= len(sites) else dice.pick(KINDS),
            zuodi_body="做地主体甲",
        )
        households = round(row.values["area_doc_mu"] * dice.uniform(0.5, 2.2))
        row.values.update(households=households, building_m2=float(round(households * dice.uniform(190, 320))))
        rows.append(row)
    for number in (31, 68):
        _leave_a_yard(rows, number)
    return rows


def small_plot(city: City, register: Register, projects: list[Row]) -> list[Row]:
    """Return the 44 plots, 14 of them inside projects; their ledger areas sum to exactly 492 mu."""
    first = city.lots("s1", river((3, 5)), 4, PLOT_MU, fill=0.4)
    next_block = city.lots("s1b", river((3, 5)), 3, PLOT_MU, fill=0.4, focus=centre(first[-1].shape[0][0]))
    lots = [
        *joined(first + next_block, 1),
        *city.lots("s2", river((4, 5), (4, 6)), 5, PLOT_MU, fill=0.5),
        *city.lots("s3", river((4, 3)), 5, PLOT_MU, fill=0.4),
        *city.lots("s4", river((5, 2)), 4, PLOT_MU, fill=0.4),
        *city.lots("s5", river((2, 2), (3, 2)), 4, PLOT_MU, fill=0.5),
        *city.lots("s6", river((3, 0)), 3, PLOT_MU, fill=0.4),
        *city.lots("s7", hill((2, 1)), 2, PLOT_MU, fill=0.5),
        *_inside(projects),
    ]
    lots.append(Lot(lots[0].shape, lots[0].cell, 0))
    rows = []
    for number, lot in enumerate(lots, 1):
        dice = Dice(f"plot/{number}")
        mode = dice.pick((*AFTER, "口袋公园", "停车"))
        rows.append(
            register.row(
                "small_plot",
                f"P-{number:02d}",
                f"小地块{number:02d}",
                lot,
                list_no=f"T03-{number:02d}",
                plot_no=f"ZD-{number:03d}",
                current_use=dice.pick(USES),
                planned_use=AFTER[mode],
                update_mode=mode,
            )
        )
    last = rows[NO_SHAPE - 1]
    without_shape(last)
    rest = round(PLOTS_TOTAL_MU - sum(row.values["area_doc_mu"] for row in rows if row is not last), 2)
    last.values.update(area_doc_mu=rest, cert_m2=None, survey_m2=None)
    rows[1].values.update(plan_year=2021, note="2021年结转")
    return rows


def _inside(projects: list[Row]) -> list[Lot]:
    """Return a plot inside some projects."""
    lots: list[Lot] = []
    for row in projects[7:IN_THE_BLOCK:3]:
        assert row.shape is not None  # noqa: S101
        cell: Cell = ("城", 2, 2)
        if is_plain(row.shape) and len(lots) < PLOTS_IN_PROJECTS:
            ring = row.shape[0][0]
            pieces = [
                p for p in parcels(Block(cell, int(row.id[2:]), ring), PLOT_MU * MU) if area(p) > 0.6 * PLOT_MU * MU
            ]
            lots.append(Lot([[pieces[0]]], cell, 0))
    return lots


def _leave_a_yard(rows: list[Row], number: int) -> None:
    """Leave a yard out of the first plain project from a number on."""
    row = next(row for row in rows[number:] if row.shape and is_plain(row.shape))
    assert row.shape is not None  # noqa: S101
    row.shape = with_hole(row.shape, 0.28)
    row.values["area_doc_mu"] = round(row.values["area_doc_mu"] * (1 - 0.28**2), 2)
