"""CSV files read back as they were, whatever is in them, and start no formula."""

import csv
import io
import math
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit.errors import LandkitError
from landkit.products.csv_file import csv_bytes, unguard

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
STARTERS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''", "＝", "＋", "－", "＠"])
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # OWASP's list


def read(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_bytes():
    data = csv_bytes(
        ["district", "净额(亩)"],
        [["秋滨", 1350.0], [None, 12], ["=1+1", -0.5], ['say "a,b"', None], [date(2022, 6, 30), True]],
    )
    assert (
        data
        == (
            '\ufeffdistrict,净额(亩)\r\n秋滨,1350.0\r\n,12\r\n\'=1+1,-0.5\r\n"say ""a,b""",\r\n2022-06-30,true\r\n'
        ).encode()
    )


@given(texts=st.lists(st.builds(str.__add__, STARTERS, TEXTS), min_size=1, max_size=6))
def test_texts_come_back(texts):
    header, row = read(csv_bytes(texts, [texts]))
    assert [unguard(cell) for cell in header] == texts
    assert [unguard(cell) for cell in row] == texts
    assert not [cell for cell in row if cell.startswith(DANGEROUS)]


def test_pandas_reads_it():
    frame = pd.read_csv(io.BytesIO(csv_bytes(["名称", "mu"], [["a\r\nb", 1.5], ["'=x", None]])))
    assert frame.columns.tolist() == ["名称", "mu"]
    assert frame["mu"].tolist()[0] == 1.5
    assert frame["mu"].isna().tolist() == [False, True]
    assert [unguard(text) for text in frame["名称"]] == ["a\r\nb", "'=x"]


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_plain_and_exact(value):
    cell = read(csv_bytes(["n"], [[value]]))[1][0]
    assert float(cell) == value
    assert set(cell) <= set("-.0123456789")
    assert cell not in ("-0.0", "-0")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (-5, "-5"),
        (np.float64(0.1), "0.1"),
        (np.int64(3), "3"),
        (datetime(2022, 6, 30, 8, 0), "2022-06-30T08:00:00"),
        (pd.Timestamp("2022-06-30"), "2022-06-30T00:00:00"),
        (False, "false"),
    ],
)
def test_kinds_of_cells(value, cell):
    assert read(csv_bytes(["n"], [[value]]))[1] == [cell]


@pytest.mark.parametrize("value", [math.nan, math.inf, np.float64("nan"), pd.NaT, pd.NA, b"x", [1], Decimal(1)])
def test_what_is_no_cell(value):
    with pytest.raises(LandkitError) as caught:
        csv_bytes(["net"], [[value]])
    assert caught.value.key == "csv.cell"
    assert "net" in caught.value.message("en")
    assert "net" in caught.value.message("zh")


@pytest.mark.parametrize("row", [[], ["a", "b"]])
def test_rows_of_another_length(row):
    with pytest.raises(ValueError, match="zip"):
        csv_bytes(["a"], [row])


def test_half_a_surrogate_pair_is_spelt_out():
    assert csv_bytes(["a"], [["x\ud800"]]).endswith(b"x\\ud800\r\n")


def test_no_rows():
    assert read(csv_bytes(["a", "b"], [])) == [["a", "b"]]
