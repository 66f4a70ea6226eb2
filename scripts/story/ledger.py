"""The ledger of enterprises as an office keeps it: 71 rows of 68 firms under a merged title, the header on row 3.

61 parcels belong to 58 firms, three of which have two; one firm is a tenant; nine have no parcel yet. S-204
has lost its number in the ledger, and only its name tells whose it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date

import openpyxl
from jinhua.enterprises import uscc
from openpyxl.styles import Alignment

from story.scene import drawn, messy, resurveyed

HEADER = [
    "序号", "地块编号", "企业名称", "统一社会信用代码", "用地面积(亩)", "腾挪空间(亩)", "排查时间", "排查文号",
    "签约时间", "签约文号", "净地入库时间", "净地入库文号", "备注",
]  # fmt: skip
TWO_PLOTS = {"S-120": "S-119", "S-133": "S-132", "S-202": "S-201"}
LOST = "S-204"
WITHOUT_PARCEL, WITHOUT_PARCEL_MU = 9, 0.2
_FOUND, _SIGNED = date(2022, 3, 1), date(2022, 5, 20)


@dataclass
class Row:
    """A row of the ledger; dates with the number of their document."""

    firm: int
    parcel: str
    mu: float | None
    freed: float | None = None
    dates: list[date | None] = field(default_factory=lambda: [_FOUND, None, None])
    note: str = ""

    def cells(self, number: int) -> list[object]:
        """Return the cells of the row."""
        told: list[object] = []
        for stage, day in zip("排签收", self.dates, strict=True):
            told += [day, f"示例{stage}〔2022〕{self.firm}号" if day else None]
        name = f"企业{self.firm:03}"
        return [number, self.parcel or None, name, uscc(900 + self.firm), self.mu, self.freed, *told, self.note or None]


def rows() -> list[Row]:
    """Return the rows in the order of the ledger.

    Taken back by the end of June: the six parcels of the drawing, of five firms, with 28 + 5 x 14 = 98 mu freed up. The
    firm of S-132 and S-133 gives back the one in June and the other in July. The parcels of Qiubin are under contract.
    """
    firms: dict[str, int] = {}
    found = []
    for plot in [*drawn(), *resurveyed(), *messy()]:
        owner = TWO_PLOTS.get(plot.id, plot.id)
        firm = firms.setdefault(owner, len(firms) + 1)
        row = Row(firm, "" if plot.id == LOST else plot.id, round(plot.mu, 2))
        if plot.id < "S-130":
            row.freed, row.dates = (28.0 if plot.id == "S-118" else 14.0), [_FOUND, _SIGNED, date(2022, 6, 15)]
        elif plot.id in ("S-132", "S-133"):
            last = date(2022, 6, 20) if plot.id == "S-132" else date(2022, 7, 5)
            row.freed, row.dates = 8.0, [_FOUND, _SIGNED, last]
        elif plot.id < "S-200":
            row.dates = [_FOUND, _SIGNED, None]
        found.append(row)
    tenant = len(firms) + 1
    found.append(Row(tenant, "S-140", None, dates=[None, None, None], note="租赁"))
    found += [Row(tenant + 1 + k, "", WITHOUT_PARCEL_MU, note="沿街加工点,尚未勘测") for k in range(WITHOUT_PARCEL)]
    return found


def workbook() -> bytes:
    """Return the workbook, its areas in mu, with a total at the bottom that agrees."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收回企业台账"
    sheet["A1"] = "2022年收回企业用地台账(示例数据,企业与地块均为虚构)"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"] = "填报单位:示例部门    截至:2022年6月28日"
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(HEADER))
    sheet.append(HEADER)
    ledger = rows()
    for number, row in enumerate(ledger, start=1):
        sheet.append(row.cells(number))
    total = [round(sum(row.mu or 0 for row in ledger), 2), round(sum(row.freed or 0 for row in ledger), 2)]
    sheet.append(["合计", None, None, None, *total])
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def _timeless(data: bytes) -> bytes:
    """Return a workbook without the time of its making, uncompressed: the same bytes wherever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as kept:
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2022-06-28T00:00:00Z", part)
            info = zipfile.ZipInfo(name, (2022, 6, 28, 0, 0, 0))
            info.create_system = 0
            kept.writestr(info, part)
    return made.getvalue()
