"""The review sheet: what is on it, that nothing in it is a formula, and that what a person writes comes back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from landkit.errors import InputError
from landkit.matching import Joined, join
from landkit.products.review_sheet import read_review, review_sheet

NAMES = ['=HYPERLINK("http://x")东方机械', "西山塑业\x07有限公司", "南湖电器有限公司"]
LEDGER = pd.DataFrame({"enterprise": NAMES, "area_doc_mu": [10.0, 20.0, 30.0]})
PARCELS = pd.DataFrame({"id": ["001", "=1+1", "R-3"], "enterprise": [name.replace("有限公司", "厂") for name in NAMES]})


@pytest.fixture(name="joined")
def fixture_joined() -> Joined:
    ledger = LEDGER.assign(enterprise=[*NAMES[:1], *(f"{name[:-4]}公司" for name in NAMES[1:])])
    found = join(ledger, PARCELS.assign(enterprise=[NAMES[0] + "厂", *PARCELS["enterprise"][1:]]), layer_id="reclaim")
    assert len(found.review) == 3
    return found


def filled(joined: Joined, folder: Path, *decisions: object, lang: str = "zh") -> Path:
    book = openpyxl.load_workbook(BytesIO(review_sheet(joined, lang=lang)))
    for row, said in enumerate(decisions, start=2):
        book.active.cell(row, 1).value = said
    path = folder / "review.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_decisions_come_back(joined, tmp_path, lang):
    found = read_review(filled(joined, tmp_path, "是", " no ", 1.0, lang=lang))
    assert found["decision"].tolist() == ["yes", "no", "1"]
    assert found["key"].tolist() == joined.review["key"].tolist()
    assert found["id"].tolist() == joined.review["id"].tolist()


def test_what_is_not_filled_in_is_no_decision(joined, tmp_path):
    assert read_review(filled(joined, tmp_path, None, "否", "  "))["decision"].tolist() == ["no"]


def test_nothing_is_a_formula(joined):
    sheet = openpyxl.load_workbook(BytesIO(review_sheet(joined))).active
    texts = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.quotePrefix for cell in texts)
    assert any(cell.value.startswith("=") for cell in texts)


def test_a_choice_is_offered_and_an_id_allowed(joined):
    sheet = openpyxl.load_workbook(BytesIO(review_sheet(joined))).active
    (choice,) = sheet.data_validations.dataValidation
    assert (choice.formula1, str(choice.sqref), bool(choice.showErrorMessage)) == ('"是,否"', "A2:A4", False)


def test_rows_in_another_order_and_further_columns_do_not_matter(joined, tmp_path):
    path = filled(joined, tmp_path, "是", "否", "001")
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    book = openpyxl.Workbook()
    book.active.append(["封面"])
    sheet = book.create_sheet("second")
    for row in [rows[0], *rows[:0:-1]]:
        sheet.append(["意见", *row[::-1]])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(path)
    assert read_review(path)["decision"].tolist() == ["001", "no", "yes"]


def test_a_decision_without_its_row_is_an_error(joined, tmp_path):
    path = filled(joined, tmp_path, "是")
    book = openpyxl.load_workbook(path)
    book.active.cell(2, 11).value = None
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_review(path)
    assert (caught.value.key, caught.value.values["row"]) == ("mapping.review_row", 2)


def test_other_files_are_errors(tmp_path):
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"no workbook")
    book = openpyxl.Workbook()
    book.active.append(["结论", "编号"])
    other = tmp_path / "b.xlsx"
    book.save(other)
    for path in (broken, other, tmp_path / "missing.xlsx"):
        with pytest.raises(InputError) as caught:
            read_review(path)
        assert caught.value.hint("zh")


def test_an_empty_review(tmp_path):
    nothing = join(LEDGER.iloc[:0], PARCELS, layer_id="reclaim")
    path = tmp_path / "empty.xlsx"
    path.write_bytes(review_sheet(nothing))
    assert read_review(path).empty
