"""Land taken back from enterprises, and low-efficiency land."""

from __future__ import annotations

from itertools import pairwise

from jinhua.city import CITY_DETOURS as DETOURS
from jinhua.dice import Dice
from jinhua.plane import with_corners_of
from jinhua.register import Register, ledger_areas, without_shape
from jinhua.rows import (
    City,
    Lot,
    Row,
    bow_tie,
    hill,
    is_plain,
    joined,
    larger_part,
    river,
    with_hole,
)

TAKEN_BACK_FROM = 68
SEVERAL_PARCELS = {3: 2, 9: 2, 17: 3, 24: 2, 31: 2, 38: 2, 45: 2, 52: 2, 60: 2}  # enterprise: its parcels
ALSO_LOW_EFFICIENCY = range(12, 34)  # enterprises taken back as a way of remediating
UPGRADED_ALONE = range(69, 168)  # of these 99, one goes off the list and one joins it
OFF_LIST, JOINED = 100, 167
WORKSHOPS = range(168, 244)
OUTDATED = range(244, 253)
OTHER_LAND = 24

MODES = ("协议有偿收回",) * 6 + ("置换", "司法处置", "到期收回", "无偿收回")
UPGRADES = ("自主提升", "自主提升", "追加投资", "流转", "改变用途")
CAUSES = ("低产出", "低产出", "投而未达标", "用而未尽", "建而未投", "供而未用", "低产出|违建", "用而未尽|低产出")


def enterprise_name(number: int) -> str:
    """Return the neutral name of an enterprise."""
    return f"企业{number:03d}"


def reclaim(city: City, register: Register) -> list[Row]:
    """Return the parcels of the 68 enterprises whose land is taken back."""
    lots = [
        *joined(city.lots("r1", river((0, 1), (0, 2)), 15, 43), 1),
        *city.lots("r2", river((1, 2), (1, 1)), 14, 43),
        *joined(city.lots("r3", river((2, 2), (2, 1)), 11, 43), 1),
        *city.lots("r4", river((3, 1)), 6, 40),
        *city.lots("r5", river((1, 3), (1, 4)), 6, 40, focus=DETOURS[1]),
        *city.lots("r6", river((4, 2)), 8, 40, focus=DETOURS[0]),
        *city.lots("r7", river((5, 2), (5, 3)), 8, 42),
        *city.lots("r8", river((3, 5)), 4, 34),
        *city.lots("r9", river((4, 5)), 3, 34),
        *city.lots("r10", hill((1, 0)), 3, 40),
        *city.lots("r11", river((2, 4)), 2, 38),
    ]
    owners = [n for n in range(1, TAKEN_BACK_FROM + 1) for _ in range(SEVERAL_PARCELS.get(n, 1))]
    rows = []
    for number, (owner, lot) in enumerate(zip(owners, lots, strict=True), 1):
        dice = Dice(f"reclaim/{number}")
        row = register.row(
            "reclaim",
            f"R-{number:03d}",
            f"收回地块{number:03d}",
            lot,
            list_no=f"T01-{owner:03d}",
            enterprise=enterprise_name(owner),
            land_use="0601",
            tenure=dice.pick(("出让", "出让", "出让", "划拨", "租赁")),
            ownership="国有",
            mode=dice.pick(MODES),
            partial=dice.chance(0.12),
            soil_status=dice.pick(("未做", "进行中", "达标", "达标", "需修复")),
            reserve_body="收储主体甲",
        )
        row.values["freed_mu"] = round(row.values["area_doc_mu"] * dice.uniform(0.94, 1.0), 2)
        row.values["building_m2"] = round(row.values["area_doc_mu"] * dice.uniform(380, 720))
        rows.append(row)
    for number in (21, 47, 66):
        without_shape(rows[number - 1])
    rows[4].values["district"] = "D02"  # lies in D01
    return rows


def lowefficiency(city: City, register: Register, taken: list[Row]) -> list[Row]:
    """Return low-efficiency land: of enterprises to upgrade, of workshops, of outdated capacity, and the rest."""
    rows: list[Row] = []
    for owner, lot in [*_shared_with(taken), *_upgraded(city)]:
        rows.append(_industrial(register, len(rows) + 1, owner, lot))
    for owner, lot in zip(WORKSHOPS, _workshops(city), strict=True):
        rows.append(_industrial(register, len(rows) + 1, owner, lot, cause="低散乱", name="作坊地块"))
    for owner, lot in zip(OUTDATED, _outdated(city), strict=True):
        rows.append(_industrial(register, len(rows) + 1, owner, lot, cause="落后产能", measure="淘汰"))
    for lot in _other(city):
        rows.append(_other_land(register, len(rows) + 1, lot))
    _spoil(rows)
    return rows


def _shared_with(taken: list[Row]) -> list[tuple[int, Lot]]:
    """Return the land of enterprises whose take-back is their remediation, whole or the larger part of it."""
    found = []
    for row in taken:
        owner = int(row.values["list_no"].removeprefix("T01-"))
        if owner in ALSO_LOW_EFFICIENCY and row.shape:
            dice = Dice(f"shared/{row.id}")
            whole = not is_plain(row.shape) or dice.chance(0.55)
            shape = row.shape if whole else larger_part(row.shape, dice.uniform(0.55, 0.8))
            found.append((owner, Lot(shape, ("城", 1, 1), 0)))
    rings = [rings[0] for _, lot in found for rings in lot.shape]
    for _, lot in found:  # a part cut off has a new corner on its neighbour's edge
        lot.shape = [[with_corners_of(r[0], [ring for ring in rings if ring is not r[0]]), *r[1:]] for r in lot.shape]
    return found


def _upgraded(city: City) -> list[tuple[int, Lot]]:
    lots = [
        *city.lots("l1", river((0, 2), (0, 3)), 23, 26),
        *city.lots("l2", river((1, 1), (1, 0)), 20, 26),
        *city.lots("l3", river((2, 3)), 12, 26),
        *city.lots("l4", river((3, 2)), 10, 24),
        *city.lots("l5", river((4, 1)), 12, 26),
        *city.lots("l6", river((4, 2)), 6, 24, focus=DETOURS[0]),
        *city.lots("l7", river((5, 1)), 7, 26),
        *city.lots("l8", river((4, 6), (5, 6)), 6, 22),
        *city.lots("l9", hill((0, 1)), 4, 24),
        *city.lots("l10", river((0, 0)), 2, 24),
    ]
    owners = [n for n in UPGRADED_ALONE for _ in range(2 if n in {75, 90, 118, 140} else 1)]
    lots.insert(lots.index(lots[len(lots) // 3]), lots[len(lots) // 3])  # two firms on one plot: the duplicate
    return list(zip(owners, lots, strict=True))


def _workshops(city: City) -> list[Lot]:
    return [
        *city.lots("w1", river((1, 1), (1, 0)), 26, 4.3),
        *city.lots("w2", river((2, 3)), 22, 4.3),
        *city.lots("w3", river((4, 3)), 16, 4.3),
        *city.lots("w4", river((5, 5)), 8, 4.0),
        *city.lots("w5", hill((2, 0)), 4, 4.0),
    ]


def _outdated(city: City) -> list[Lot]:
    return [
        *city.lots("o1", river((0, 1), (0, 2)), 4, 26),
        *city.lots("o2", river((2, 1)), 3, 26),
        *city.lots("o3", river((4, 1)), 2, 26),
    ]


def _other(city: City) -> list[Lot]:
    return [
        *city.lots("x1", river((3, 5)), 8, 24),
        *city.lots("x2", river((4, 5)), 6, 24),
        *city.lots("x3", hill((0, 0)), 7, 24),
        *city.lots("x4", river((0, 0)), 3, 24),
    ]


def _industrial(
    register: Register,
    number: int,
    owner: int,
    lot: Lot,
    *,
    cause: str | None = None,
    measure: str | None = None,
    name: str = "低效地块",
) -> Row:
    dice = Dice(f"lowefficiency/{number}")
    target = "T14" if owner in WORKSHOPS else "T15" if owner in OUTDATED else "T13"
    if cause == "低散乱":
        cause = dice.pick(("低散乱", "低散乱", "低散乱|违建", "低产出|低散乱"))
    far = round(dice.uniform(0.35, 0.95), 2)
    return register.row(
        "lowefficiency",
        f"L-{number:03d}",
        f"{name}{number:03d}",
        lot,
        list_no=f"T08-{number:03d}",
        category="industries",
        enterprise=enterprise_name(owner),
        cause=cause or dice.pick(CAUSES),
        measure=measure
        or ("收回" if owner <= TAKEN_BACK_FROM else "改变用途" if target == "T14" else dice.pick(UPGRADES)),
        use_now="工业用地",
        use_plan="工业用地" if owner > TAKEN_BACK_FROM else "新型产业用地",
        far_contract=round(far + dice.uniform(0.2, 0.9), 2),
        far_now=far,
        density_now=round(dice.uniform(22, 55), 1),
        output_per_mu=round(dice.uniform(18, 95), 1),
        grant_date=f"{dice.integer(1998, 2014)}-{dice.integer(1, 12):02d}-{dice.integer(1, 28):02d}",
    )


def _other_land(register: Register, number: int, lot: Lot) -> Row:
    towns = lot.cell[0] == "城" and lot.cell[2] >= 5
    return register.row(
        "lowefficiency",
        f"L-{number:03d}",
        f"低效地块{number:03d}",
        lot,
        list_no=f"T08-{number:03d}",
        category="towns" if towns else "villages",
        enterprise=None,
        cause="用而未尽" if towns else "违建",
        measure="改变用途",
        use_now="商业服务业用地" if towns else "农村宅基地",
        use_plan="商业服务业用地" if towns else "公园绿地",
        far_contract=None,
        far_now=None,
        density_now=None,
        output_per_mu=None,
        grant_date=None,
    )


def _spoil(rows: list[Row]) -> None:
    """Put in the flaws that real ledgers have; docs/layers.md names them."""
    by_id = {row.id: row for row in rows}
    yards = [row for row in rows[26:120] if row.shape and is_plain(row.shape) and row.values["area_doc_mu"] > 24]
    for row in (yards[3], yards[11]):
        assert row.shape is not None  # noqa: S101
        row.shape = with_hole(row.shape, 0.34)
        row.values.update(ledger_areas(row.shape, Dice(f"yard/{row.id}")))
    tie = yards[6]
    assert tie.shape is not None  # noqa: S101
    tie.shape = bow_tie(tie.shape)
    for name in ("L-058", "L-103", "L-160", "L-215"):
        without_shape(by_id[name])
    off = next(row for row in rows if row.values["enterprise"] == enterprise_name(OFF_LIST))
    off.values.update(off_list=True, note="调出清单")
    by_id["L-085"].values["district"] = "D02"  # lies in D01
    for first, second in pairwise(rows):
        if first.shape and first.shape == second.shape:
            second.values["note"] = "与上一行同一宗地,两家租户"
