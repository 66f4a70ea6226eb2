"""Text tables line up, lose nothing and obey no syntax of the data's."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit.products.table import Column, Table, clean, render_markdown, render_text

LEDGER = Table(
    columns=[
        Column("片区"),
        Column("政策"),
        Column("宗数", numeric=True),
        Column("逐项合计(亩)", numeric=True),
        Column("去重后面积(亩)", numeric=True),
        Column("政策叠加(亩)", numeric=True),
        Column("台账面积(亩)", numeric=True),
    ],
    rows=[
        ["秋滨区块", "收回", "12", "1,350.00", "999.99", "100.00", "1,349.96"],
        ["中央创新城(南区)", "城镇低效用地再开发", "103", "42,000.00", "4,950.00", "0.00", "3,001.50"],
        ["双溪西路两侧(含五百滩)、九峰山", "城中村", "8", "492.00", "-0.01", "250.01", "492.00"],
        ["合计", "", "123", "43,842.00", "5,949.98", "350.01", "4,843.46"],
    ],
    title="金华开发区 2022",
    footers=1,
)


def cells_wide(text):
    """Terminal cells by Unicode's own table, not by the library under test."""
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return wide - sum(1 for c in text if unicodedata.category(c) in ("Mn", "Me"))


# --- text ---------------------------------------------------------------------------------------------------------


def test_lines_up_with_chinese():
    table = Table([Column("片区"), Column("mu", numeric=True)], [["秋滨", "1.00"], ["B", "20.00"]])
    assert render_text(table, width=80) == "片区     mu\n───────────\n秋滨   1.00\nB     20.00\n"


def test_total_is_set_off():
    table = Table([Column("a"), Column("b", numeric=True)], [["x", "1"], ["sum", "1"]], title="T", footers=1)
    assert render_text(table, width=80, ascii_only=True).splitlines() == [
        "T", "a    b", "------", "x    1", "------", "sum  1",
    ]  # fmt: skip


def test_wide_terminal_wraps_nothing():
    lines = render_text(LEDGER, width=160).splitlines()
    assert len(lines) == 1 + 1 + 1 + 3 + 1 + 1
    for row, line in zip(LEDGER.rows, [*lines[3:6], lines[7]], strict=True):
        assert all(cell in line for cell in row)
    assert {cells_wide(line) for line in lines[1:]} == {cells_wide(lines[2])}  # the last column is set to the right


@pytest.mark.parametrize("width", [160, 120, 100, 80, 60, 40, 30])
def test_fits_and_keeps_every_figure(width):
    text = render_text(LEDGER, width=width)
    assert max(map(cells_wide, text.splitlines())) <= width
    words = text.split()
    for row in LEDGER.rows:
        for figure in row[2:]:
            assert figure in words
    data = Counter(c for row in LEDGER.rows for c in "".join(row))
    assert data <= Counter(text)


def test_continued_blocks_repeat_the_names():
    text = render_text(LEDGER, width=40)
    blocks = text.split("\n\n")
    assert len(blocks) > 1
    assert all("合计" in block.splitlines()[-1] for block in blocks)
    assert all("片区" in block for block in blocks)


def test_a_figure_wider_than_the_terminal_stays_whole():
    table = Table([Column("a"), Column("b", numeric=True)], [["x" * 30, "1,234,567,890.00"]])
    text = render_text(table, width=10)
    assert "1,234,567,890.00" in text
    assert "".join(text.split()).count("x") == 30


def test_no_line_starts_with_a_closing_mark():
    quote = "强力收回企业土地使用权,腾挪空间,盘活存量用地。推动工业用地《有机更新》和“提质增效”;做好、做实。"
    table = Table([Column("条款"), Column("数", numeric=True)], [[quote, "1"]])
    for width in range(16, 40):
        lines = [line.strip() for line in render_text(table, width=width).splitlines()[2:]]
        assert "".join(lines).replace(" ", "").replace("1", "") == quote
        assert not [line for line in lines if line[0] in ",。;、》”" or line[-1] in "《“"]


def test_rules_exist_on_a_chinese_console():
    render_text(LEDGER, width=80).encode("gbk")
    english = Table([Column("a")], [["b"]], title="t")
    render_text(english, width=80, ascii_only=True).encode("ascii")


def test_markup_of_rich_is_data():
    names = ["[b]x[/b]", "[red]", ":smile:", "[link=http://x]y[/link]", "\\[b]", "{0}", "%s"]
    text = render_text(Table([Column("[i]n[/i]")], [[name] for name in names]), width=80)
    assert [line.strip() for line in text.splitlines()] == ["[i]n[/i]", "─" * 23, *names]


@pytest.mark.parametrize("columns", [[Column("a")], [Column("a", numeric=True), Column("条款")]])
def test_no_rows(columns):
    assert render_text(Table(columns, []), width=80).splitlines()[0].split() == [c.title for c in columns]
    assert render_markdown(Table(columns, [])).count("\n") == 2


def test_rows_of_another_length():
    with pytest.raises(ValueError, match="every column"):
        Table([Column("a")], [["1", "2"]])


WORDS = st.text(alphabet=st.characters(codec="gbk", exclude_categories=["Cc", "Co", "Cn"]), max_size=30)
FIGURES = st.floats(min_value=-1e6, max_value=1e6).map("{:,.2f}".format)


@given(rows=st.lists(st.tuples(WORDS, FIGURES, WORDS, FIGURES), max_size=5), width=st.integers(30, 200))
def test_any_text_fits_and_survives(rows, width):
    columns = [Column("片区"), Column("mu", numeric=True), Column("名称"), Column("share", numeric=True)]
    text = render_text(Table(columns, rows), width=width, ascii_only=True)
    assert max(map(cells_wide, text.splitlines())) <= width
    for row in rows:
        assert row[1] in text.split()
        assert row[3] in text.split()
    data = Counter(c for row in rows for c in "".join(row) if not c.isspace())
    assert data <= Counter(text)


# --- Markdown -----------------------------------------------------------------------------------------------------


def test_markdown():
    table = Table(
        [Column("片区"), Column("net | mu", numeric=True)],
        [["A|B\n<script>alert(1)</script>", "1.00"], ["合计", ""]],
        title="*T*",
        footers=1,
    )
    assert render_markdown(table) == (
        "**\\*T\\***\n\n"
        "| 片区 | net \\| mu |\n"
        "| --- | ---: |\n"
        "| A\\|B &lt;script&gt;alert(1)&lt;/script&gt; | 1.00 |\n"
        "| **合计** |  |\n"
    )


@given(text=st.text(max_size=40))
def test_a_markdown_cell_stays_in_its_cell(text):
    lines = render_markdown(Table([Column("a"), Column("b")], [[text, "end"]])).split("\n")
    assert len(lines) == 4
    row = lines[2].replace("\\\\", "").replace("\\|", "")
    assert row.count("|") == 3
    assert row.endswith("| end |")
    assert "<" not in row


# --- clean --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("秋滨(28km²),“区块”、①\u3000㎡", "秋滨(28km²),“区块”、①\u3000㎡"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2J\x07\x00", "2J"),
        ("a\r\nb\nc\td\u2028e\x85f", "a b c d e f"),
        ("abc\u202egpj.exe\u202c", "abcgpj.exe"),
        ("\u2066x\u2069\u200e\u200f\u061c\ufeff\u200b", "x"),
        ("\ud800", "\ufffd"),
        ("\ue000", "\ue000"),  # private use: rare characters of names in GBK files
        ("", ""),
    ],
)
def test_clean(raw, expected):
    assert clean(raw) == expected


@given(text=st.text())
def test_clean_leaves_nothing_that_steers(text):
    result = clean(text)
    assert not {unicodedata.category(c) for c in result} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean(result) == result
    result.encode("utf-8")


def test_hostile_cells_are_cleaned_in_every_table():
    hostile = "\x1b]8;;http://x\x07name\u202e\nnext"
    table = Table([Column(hostile), Column("n\x1b", numeric=True)], [[hostile, "1\x1b"]], title=hostile)
    for text in (render_text(table, width=80), render_markdown(table)):
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
        assert "name next" in text
