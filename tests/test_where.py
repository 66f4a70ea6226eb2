"""Filters: what they answer, what they refuse, and what must never reach the parser."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from landkit import words
from landkit.errors import UsageError
from landkit.where import MAX_CHAIN, MAX_DEPTH, MAX_TERMS, compile_where

FRAME = pd.DataFrame(
    {
        "kind": ["城中村", "园中村", None, "城中村"],
        "name": ["A%1", "a_1", "A\\1", "it's"],
        "mu": [5.0, 7.5, np.nan, -1.0],
        "n": pd.array([1, None, 3, 2**53 + 1], dtype="Int64"),
        "done": pd.array([True, False, None, True], dtype="boolean"),
        "day": pd.to_datetime(["2022-06-30", "2022-07-01", None, "2022-01-31"]),
        "at": pd.to_datetime(["2022-06-30 23:59", "2022-07-01 00:00", None, "2022-06-30 00:00"]),
        "utc": pd.to_datetime(["2022-06-30T23:59Z", "2022-07-01T00:00Z", None, "2022-06-30T00:00Z"]),
        "面积(亩)": [1, 2, 3, 4],
        "empty": [None, None, None, None],
    },
    index=[10, 20, 30, 40],
)


def rows(text: str) -> list[int]:
    mask = compile_where(text).mask(FRAME)
    assert mask.dtype == bool
    assert mask.index.equals(FRAME.index)
    return list(FRAME.index[mask])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind = '城中村'", [10, 40]),
        ("\"kind\" <> '城中村'", [20]),
        ("NOT kind = '城中村'", [20]),
        ("NOT (kind = '城中村' OR mu > 100)", [20]),
        ("kind IS NULL", [30]),
        ("kind IS NOT NULL AND mu < 6", [10, 40]),
        ("mu BETWEEN 5 AND 7.5", [10, 20]),
        ("mu NOT BETWEEN 5 AND 7.5", [40]),
        ("mu >= -1 AND mu <= 5", [10, 40]),
        ("5 < mu", [20]),
        ("kind IN ('园中村', 'x')", [20]),
        ("kind NOT IN ('园中村', 'x')", [10, 40]),
        ("mu IN (5, n)", [10]),
        ("n = 3", [30]),
        ("n > 9007199254740991", [40]),
        ("done", [10, 40]),
        ("NOT done", [20]),
        ("done = FALSE", [20]),
        ("TRUE", [10, 20, 30, 40]),
        ("name LIKE 'a%'", [20]),
        ("name LIKE '_\\%1'", [10]),
        ("name LIKE 'a\\_1'", [20]),
        ("name LIKE 'A\\\\1'", [30]),
        ("name = 'it''s'", [40]),
        ("name LIKE '%''%'", [40]),
        ("name LIKE ''", []),
        ("name NOT LIKE '%1'", [40]),
        ("day = DATE('2022-06-30')", [10]),
        ("day <= '2022-06-30'", [10, 40]),
        ("day BETWEEN '2022-02-01' AND DATE('2022-12-31')", [10, 20]),
        ("day IN (DATE('2022-06-30'), '2022-01-31')", [10, 40]),
        ("at <= DATE('2022-06-30')", [10, 40]),
        ("at = '2022-06-30T23:59'", [10]),
        ("day < at", [10, 40]),
        ("utc < TIMESTAMP('2022-07-01T07:59:30+08:00')", [10, 40]),
        ("utc = '2022-06-30'", [10, 40]),
        ('"面积(亩)" > 3', [40]),
        ("empty = 'x' OR empty > 5 OR NOT empty LIKE 'y'", []),
        ("mu = n", []),
        ("name = kind", []),
    ],
)
def test_what_a_filter_selects(text, expected):
    assert rows(text) == expected


def test_columns_are_all_a_reader_needs_in_order_of_use():
    assert compile_where("b = 1 AND (a IS NULL OR NOT b > c) AND d IN (e, 'f')").columns == ("b", "a", "c", "d", "e")


def test_a_null_in_a_list_or_a_range_leaves_the_answer_unknown():
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": [np.nan, np.nan]})
    assert compile_where("x IN (1, y)").mask(frame).tolist() == [True, False]
    assert compile_where("NOT x IN (1, y)").mask(frame).tolist() == [False, False]
    assert compile_where("x BETWEEN 2 AND y").mask(frame).tolist() == [False, False]
    assert compile_where("NOT x BETWEEN 2 AND y").mask(frame).tolist() == [True, False]


def test_whole_numbers_beyond_a_double_stay_apart():
    big = 2**53
    frame = pd.DataFrame({"a": [big + 1, big], "b": [float(big), float(big)], "u": np.array([1, 2], dtype="uint64")})
    assert compile_where("a = b").mask(frame).tolist() == [False, True]
    assert compile_where("a > b").mask(frame).tolist() == [True, False]
    assert compile_where("u > -1").mask(frame).all()


def test_object_columns_are_read_by_what_they_hold():
    frame = pd.DataFrame(
        {
            "d": pd.Series([date(2022, 1, 1), None], dtype=object),
            "b": pd.Series([True, None], dtype=object),
            "s": pd.Series(["x", None], dtype=object),
            "c": pd.Categorical(["x", None]),
        }
    )
    for text in ("d = DATE('2022-01-01')", "b", "s = 'x'", "c LIKE 'x'", "d >= '2022-01-01' AND c = s"):
        assert compile_where(text).mask(frame).tolist() == [True, False]


def test_a_missing_shape_can_be_asked_for_and_nothing_else_of_a_shape():
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[None, Point(0, 0)])
    assert compile_where("geometry IS NULL").mask(frame).tolist() == [True, False]
    with pytest.raises(UsageError) as caught:
        compile_where("geometry = 'x'").mask(frame)
    assert caught.value.key == "where.type"


@pytest.mark.parametrize(
    ("text", "key", "named"),
    [
        ("kind == 'x'", "where.syntax", "1:7"),
        ("", "where.syntax", "1:1"),
        ("kind = ‘x’", "where.syntax", "1:8"),
        ("(kind = 'x'", "where.parentheses", "(kind = 'x'"),
        ("kind = 'x')(", "where.parentheses", "kind"),
        ("casei(kind) = 'x'", "where.construct", "casei"),
        ("foo(kind)", "where.construct", "foo"),
        ("mu + 1 > 2", "where.construct", "+"),
        ("-mu > 2", "where.construct", "*"),
        ("S_INTERSECTS(geometry, POINT(1 1))", "where.construct", "s_intersects"),
        ("kind = POINT(1 1)", "where.construct", "Point"),
        ("T_AFTER(day, DATE('2022-01-01'))", "where.construct", "t_after"),
        ("day = INTERVAL('..', '2022-01-01')", "where.construct", "INTERVAL"),
        ("kind = ('a', 'b')", "where.construct", "(…, …)"),
        ("kind LIKE name", "where.construct", "LIKE"),
        ("DATE(day) = '2022-01-01'", "where.construct", "DATE"),
        ("1 < mu < 3", "where.nested_comparison", "<"),
        ("(mu = 1) = TRUE", "where.nested_comparison", "="),
        ("1 = 1", "where.constant", "1.0 = 1.0"),
        ("'x' LIKE 'x'", "where.constant", "LIKE"),
        ("kind = NULL", "where.null", "NULL"),
        ("'x'", "where.not_a_condition", "'x'"),
        ("kind = 'x' AND 5", "where.not_a_condition", "5"),
        ("n = 9007199254740993", "where.number", str(2**53)),
        ("n = 1e400", "where.number", str(2**53)),
        ("day = DATE('2022-02-30')", "where.date", "2022-02-30"),
        ("day = DATE('20220201')", "where.date", "20220201"),
        ("at = TIMESTAMP('noon')", "where.date", "noon"),
        ("name LIKE 'x\\'", "where.pattern", "x\\"),
        ("like(name)", "where.construct", "like(…)"),
        ("kind = 'x' AND between(mu, 1)", "where.construct", "between(…)"),
        ("and(kind = 'x')", "where.construct", "and(…)"),
    ],
)
def test_what_is_refused_names_the_construct(text, key, named):
    with pytest.raises(UsageError) as caught:
        compile_where(text)
    assert caught.value.key == key
    for lang in words.LANGUAGES:
        assert named in caught.value.message(lang)
        assert caught.value.hint(lang)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("kind < 5", ['"kind" (text)', "'5' (number)"]),
        ("mu = '5'", ['"mu" (number)', "'5' (text)"]),
        ("mu LIKE '5'", ['"mu" (number)']),
        ("done = 1", ['"done" (bool)']),
        ("done < TRUE", ['"done" (bool)']),
        ("kind = DATE('2022-06-30')", ['"kind" (text)', "(day)"]),
        ("day > 20220630", ['"day" (date)']),
        ("at = TIMESTAMP('2022-06-30T23:59:00Z')", ['"at" (date)', "(moment)"]),
        ("utc = '2022-06-30T23:59:00'", ['"utc" (zoned)', "(clock)"]),
        ("utc = day", ['"utc" (zoned)', '"day" (date)']),
        ("mu IN (5, 'x')", ['"mu" (number)', "'x' (text)"]),
        ("mu", ['"mu" (number)', "(bool)"]),
    ],
)
def test_kinds_are_never_converted(text, named):
    with pytest.raises(UsageError) as caught:
        compile_where(text).mask(FRAME)
    assert caught.value.key == "where.type"
    assert all(part in caught.value.message("en") for part in named)


def test_an_unknown_column_is_named_with_its_neighbours():
    with pytest.raises(UsageError) as caught:
        compile_where("knd = 'x'").mask(FRAME)
    assert (caught.value.values["column"], caught.value.values["nearest"]) == ("knd", "kind")
    with pytest.raises(UsageError, match="zzz"):
        compile_where("zzz = 'x'").mask(FRAME)
    with pytest.raises(UsageError) as caught:
        compile_where("day = '30 June'").mask(FRAME)
    assert caught.value.key == "where.date"


def test_a_column_that_stands_twice_is_refused():
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(UsageError, match='two columns are called "a"'):
        compile_where("a = 1").mask(frame)


# --- the guard -----------------------------------------------------------------------------------------------------

DEEP = {
    "parentheses": lambda n: "(" * n + "a = 1" + ")" * n,
    "not": lambda n: "NOT " * n + "a = 1",
    "not (": lambda n: "NOT (" * n + "a = 1" + ")" * n,
    "and": lambda n: " AND ".join(["a = 1"] * n),
    "or": lambda n: " OR ".join(["a = 1"] * n),
    "minus": lambda n: "a = " + "- " * n + "b",
    "equals": lambda n: " = ".join(["a"] * n),
    "plus": lambda n: " + ".join(["a"] * n) + " = 1",
    "power": lambda n: "^".join(["a"] * n) + " = 1",
    "like": lambda n: " like ".join(["a"] * n),
    "functions": lambda n: "f(" * n + "a" + ")" * n + " = 1",
    "lists": lambda n: "a in (" * n + "1" + ")" * n,
    "not in": lambda n: "a" + " not in (1)" * n,
    "collections": lambda n: "s_intersects(g, " + "GEOMETRYCOLLECTION(" * n + "POINT(1 1)" + ")" * n + ")",
    "hidden behind quotes": lambda n: "a = '''' AND " + "NOT " * n + "b = ''''",
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_text_is_refused_and_never_parsed(kind):
    for size in (MAX_TERMS + 2, 20_000):
        with pytest.raises(UsageError):
            compile_where(DEEP[kind](size))
    with pytest.raises(UsageError) as caught:
        compile_where("a = '" + "x" * 200_000 + "'")
    assert caught.value.key == "where.length"


# A thread with half the stack that one has on Windows
AT_THE_LIMITS = f"""
import sys, threading
from landkit.errors import UsageError
from landkit.where import compile_where
depth, chain, terms = {MAX_DEPTH}, {MAX_CHAIN}, {MAX_TERMS}
link = "NOT " * (chain - 1) + "a = 1"
texts = [
    "(" * depth + link + ")" * depth,
    ("NOT " * chain + "(") * depth + link + ")" * depth,
    ("a in " + "(") * depth + "1" + ")" * depth,
    ("f(") * depth + "1" + ")" * depth + "= 1",
    " AND ".join(["a = 1"] * (terms + 1)),
    " OR a = 2 AND ".join(["NOT NOT NOT a = 1"] * (terms // 2)),
    "=".join(["a"] * (chain + 1)),
    "a = " + "-" * (chain - 1) + "1",
    "a in (" + ",".join(["'x'"] * 20000) + ")",
]
def run():
    for text in texts:
        try:
            compile_where(text)
        except UsageError as error:
            if error.key == "where.nesting":
                print("too early:", text[:60])
    print("survived")
threading.stack_size(512 * 1024)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_the_parser_survives_all_that_the_guard_lets_through():
    done = subprocess.run([sys.executable, "-c", AT_THE_LIMITS], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "survived", done.stderr[-500:]
    assert done.returncode == 0


def test_broken_text_inside_parentheses_is_refused_quickly():
    start = time.process_time()
    for body in ("a ==", "a = 1 AND " * 8 + "b ==", "a in (1, 2, 3,)"):
        with pytest.raises(UsageError):
            compile_where("(" * (MAX_DEPTH - 1) + body + ")" * (MAX_DEPTH - 1))
    assert time.process_time() - start < 3


def test_a_pattern_cannot_stall():
    frame = pd.DataFrame({"a": ["a" * 4000]})
    start = time.process_time()
    assert not compile_where("a LIKE '" + "%a" * 30 + "%b'").mask(frame).any()
    assert time.process_time() - start < 1


# --- random expressions against an evaluator written from the definition --------------------------------------------

COLUMNS = ("x", "y", "名")
NUMBERS = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([0.5, -1.25]))
TEXTS = st.one_of(st.none(), st.text("ab%_\\'城", max_size=3))
RECORDS = st.lists(st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS, "名": TEXTS}), min_size=1, max_size=6)

SIGNS = ["a", "b", "城", "%", "_", "\\%", "\\_", "\\\\", "'"]
atoms = st.one_of(
    st.tuples(st.just("cmp"), st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), st.sampled_from(["x", "y"]),
              st.one_of(st.sampled_from(["x", "y"]), NUMBERS.filter(lambda v: v is not None))),
    st.tuples(st.just("text"), st.sampled_from(["=", "<>", "<", ">="]), TEXTS.filter(lambda v: v is not None)),
    st.tuples(st.just("in"), st.sampled_from(["x", "y"]),
              st.lists(st.one_of(st.sampled_from(["x", "y"]), st.integers(-3, 3)), min_size=1, max_size=3)),
    st.tuples(st.just("between"), st.integers(-3, 3), st.sampled_from(["x", "y"])),
    st.tuples(st.just("null"), st.sampled_from(COLUMNS)),
    st.tuples(st.just("like"), st.lists(st.sampled_from(SIGNS), max_size=4)),
)  # fmt: skip
trees = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def written(tree) -> str:  # noqa: PLR0911 - one return a construct
    match tree:
        case ("cmp", op, left, right):
            return f"{left} {op} {right}"
        case ("text", op, right):
            return f"名 {op} {quoted(right)}"
        case ("in", left, items):
            return f"{left} IN ({', '.join(map(str, items))})"
        case ("between", low, column):
            return f"x BETWEEN {low} AND {column}"
        case ("null", column):
            return f"{column} IS NULL"
        case ("like", parts):
            return f"名 LIKE {quoted(''.join(parts))}"
        case ("not", arg):
            return f"NOT ({written(arg)})"
        case (op, args):
            return f" {op.upper()} ".join(f"({written(arg)})" for arg in args)


def compared(op, left, right):
    if left is None or right is None:
        return None
    return {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op]


def negated(answer):
    return None if answer is None else not answer


def either(answers):
    if any(answer is True for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False


def matches(parts, text) -> bool:
    if not parts:
        return text == ""
    head, rest = parts[0], parts[1:]
    if head == "%":
        return any(matches(rest, text[start:]) for start in range(len(text) + 1))
    if head == "_":
        return text != "" and matches(rest, text[1:])
    sign = head[-1]
    return text.startswith(sign) and matches(rest, text[1:])


def answered(tree, row):  # noqa: PLR0911 - one return a construct
    def value(item):
        return row[item] if isinstance(item, str) else item

    match tree:
        case ("cmp", op, left, right):
            return compared(op, value(left), value(right))
        case ("text", op, right):
            return compared(op, row["名"], right)
        case ("in", left, items):
            return either([compared("=", value(left), value(item)) for item in items])
        case ("between", low, column):
            inside = [compared(">=", row["x"], low), compared("<=", row["x"], row[column])]
            return negated(either([negated(answer) for answer in inside]))
        case ("null", column):
            return row[column] is None
        case ("like", parts):
            return None if row["名"] is None else matches(parts, row["名"])
        case ("not", arg):
            return negated(answered(arg, row))
        case ("and", args):
            return negated(either([negated(answered(arg, row)) for arg in args]))
        case ("or", args):
            return either([answered(arg, row) for arg in args])


@settings(max_examples=300, deadline=None)
@given(tree=trees, records=RECORDS)
def test_random_filters_answer_as_three_valued_logic_does(tree, records):
    frame = pd.DataFrame(
        {
            "x": pd.array([r["x"] for r in records], dtype="Float64"),
            "y": pd.Series([r["y"] for r in records], dtype="float64"),
            "名": pd.Series([r["名"] for r in records], dtype="str"),
        }
    )
    expected = [answered(tree, row) is True for row in records]
    assert compile_where(written(tree)).mask(frame).tolist() == expected
