"""What the land office writes in every row: key area, township, unit, list item and the ledger's own areas."""

from __future__ import annotations

from typing import Any

from shapely import MultiPolygon, Polygon

from jinhua.city import HILL_TOWN, Cell
from jinhua.dice import Dice
from jinhua.plane import MU, Shape, mu
from jinhua.rows import Lot, Row

UNITS = {"D01": "责任单位甲", "D02": "责任单位乙", "D03": "责任单位丙", "D04": "责任单位丁", None: "责任单位戊"}
YEAR_END = "2022-12-31"


class Register:
    """Fills the columns that all programmes share."""

    def __init__(self, districts: list[Row]) -> None:
        self._areas = {row.id: polygon(row.shape) for row in districts if row.shape}

    def row(self, layer: str, row_id: str, name: str, lot: Lot, *, list_no: str | None, **own: Any) -> Row:
        """Return a row on a lot; its ledger area differs from the shape by up to 1.9 %, as ledgers do."""
        dice = Dice(f"register/{layer}/{row_id}")
        district = self.district(lot.shape)
        values = {
            "id": row_id,
            "list_no": list_no,
            "name": name,
            "district": district,
            "township": township(lot.cell),
            "lead_unit": UNITS[district],
            **ledger_areas(lot.shape, dice),
            "plan_year": 2022,
            "due_date": YEAR_END,
            "geom_source": "placeholder",
            "off_list": False,
            "note": None,
            **own,
        }
        return Row(layer, values, lot.shape)

    def district(self, shape: Shape) -> str | None:
        """Return the key area that holds most of a shape, None where most of it lies in none."""
        land = polygon(shape)
        shares = {name: land.intersection(area).area / land.area for name, area in self._areas.items()}
        best = max(shares, key=lambda name: shares[name])
        return best if shares[best] > 0.5 else None


def polygon(shape: Shape) -> MultiPolygon:
    """Return a shape as shapely sees it."""
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in shape])


def ledger_areas(shape: Shape, dice: Dice) -> dict[str, float | None]:
    """Return the ledger's area and, for some, those of the certificate and of the demarcation survey."""
    measured = mu(shape)
    ledger = round(measured * dice.uniform(0.981, 1.019), 2)
    certified = round(ledger * MU * dice.uniform(0.985, 1.006), 2)
    surveyed = round(measured * MU * dice.uniform(0.9985, 1.0015), 2)
    return {
        "area_doc_mu": ledger,
        "cert_m2": certified if dice.chance(0.55) else None,
        "survey_m2": surveyed if dice.chance(0.4) else None,
    }


def township(cell: Cell) -> str:
    """Return the township an imagined quarter is entered under."""
    town, column, row = cell
    if town == HILL_TOWN:
        return "汤溪镇"
    if row >= 5:
        return "三江街道" if column >= 4 else "西关街道"
    if column >= 5:
        return "苏孟乡"
    return "江南街道" if row == 4 or column == 4 else "秋滨街道"


def without_shape(row: Row) -> None:
    """Leave a row in the ledger alone: 有账无图."""
    row.shape = None
    row.values["geom_source"] = "none"
    row.values["note"] = "有账无图"
