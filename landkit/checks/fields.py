"""What single cells say: missing, outside their domain, garbled; and ids that do not identify."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from landkit.checks.finds import finds, nothing, together
from landkit.checks.registers import numbers
from landkit.checks.registry import registry
from landkit.checks.subjects import Land, Subject
from landkit.identifiers import is_valid_unit_no, is_valid_uscc, personal_data
from landkit.schema import Field, id_column, schema

_CODES = {"uscc": is_valid_uscc, "bdcdyh": is_valid_unit_no}
_SHOWN = 40  # characters of a value
# Half of a character, or what a reader puts in its place
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff]|\\?{3}|锟斤拷|烫烫烫")
# GBK or UTF-8 read as Latin-1; UTF-8 read as GBK begins its characters with one of a few dozen
_LATIN = re.compile("[\u0080-\u00ff]{2}")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def fields(land: Land) -> pd.DataFrame:
    """Find cells that cannot be right."""
    return together(table for subject in land.subjects for table in _of_layer(subject))


def _of_layer(subject: Subject) -> Iterator[pd.DataFrame]:
    known = schema().layers.get(subject.name)
    columns = known.fields if known is not None else schema().common
    if known is not None:
        yield from (_missing(subject, field) for field in columns.values() if field.required == "M")
    for field in columns.values():
        if field.name in subject.frame.columns:
            yield _outside_domain(subject, field)
            yield _outside_range(subject, field)
    for name in subject.frame.columns:
        if pd.api.types.is_string_dtype(subject.frame[name].dtype):
            yield _garbled(subject, str(name))
    yield from _ids(subject)
    yield from (_codes(subject, name, is_valid) for name, is_valid in _CODES.items())
    yield _personal(subject)


def _codes(subject: Subject, name: str, is_valid: Callable[[pd.Series[Any]], pd.Series[bool]]) -> pd.DataFrame:
    """Find codes whose check character or build does not hold."""
    if name not in subject.frame.columns:
        return nothing()
    given = subject.frame[name][~_is_empty(subject.frame[name])]
    bad = given[~is_valid(given)]
    values = [{"field": name, "value": str(value)[:_SHOWN]} for value in bad]
    return _on(subject, "id_code", bad.index, name, values)


def _personal(subject: Subject) -> pd.DataFrame:
    """Find numbers of people outside the fields that are meant for them; the number itself is not shown."""
    frame = pd.DataFrame(subject.frame.drop(columns=[subject.part.selection.frame.geometry.name]))
    told = personal_data(frame)
    found = [
        _on(subject, "personal", pd.Index(group["row"]), f"{column} {kind}",
            [{"field": str(column), "kind": f"check.personal.{kind}"}] * len(group))
        for (column, kind), group in told.groupby(["column", "kind"])
    ]  # fmt: skip
    return together(found)


def _on(
    subject: Subject, check: str, rows: pd.Index, detail: str, values: Iterable[Mapping[str, object]]
) -> pd.DataFrame:
    ids = [(name,) for name in subject.ids[rows]]
    return finds(check, subject.name, rows, ids, detail=detail, values=values)


def _is_empty(column: pd.Series) -> pd.Series[bool]:
    if pd.api.types.is_string_dtype(column.dtype):
        return column.isna() | (column.astype("str").str.strip() == "")
    return column.isna()


def _missing(subject: Subject, field: Field) -> pd.DataFrame:
    """Find rows without a mandatory value; the id, found by alias, has a check of its own."""
    if field.name == "id":
        return nothing()
    frame = subject.frame
    empty = _is_empty(frame[field.name]) if field.name in frame.columns else pd.Series(True, index=frame.index)
    rows = frame.index[empty]
    return _on(subject, "missing_field", rows, field.name, [{"field": field.name}] * len(rows))


def _outside_domain(subject: Subject, field: Field) -> pd.DataFrame:
    if not field.domain:
        return nothing()
    column = subject.frame[field.name]
    given = column[~_is_empty(column)].astype("str").str.strip()
    distinct = given.unique()
    bad = {value for value in distinct if not _allowed(value, field)}
    rows = given.index[given.isin(bad)]
    allowed = ", ".join(field.domain)
    values = [{"field": field.name, "value": given[row][:_SHOWN], "allowed": allowed} for row in rows]
    return _on(subject, "domain", rows, field.name, values)


def _allowed(value: str, field: Field) -> bool:
    parts = value.split("|") if field.type == "set" else [value]
    return all(part.strip() in field.domain for part in parts)


def _outside_range(subject: Subject, field: Field) -> pd.DataFrame:
    allowed = registry().ranges.get(field.name)
    if allowed is None:
        return nothing()
    given = numbers(subject.frame, field.name).dropna()
    bad = given[(given <= allowed.above) | (given < allowed.least) | (given > allowed.most)]
    values = [{"field": field.name, "value": f"{value:g}", "allowed": allowed.name} for value in bad]
    return _on(subject, "domain", bad.index, field.name, values)


def _garbled(subject: Subject, name: str) -> pd.DataFrame:
    column = subject.frame[name]
    distinct = column.dropna().unique()
    bad = {value for value in distinct if not str(value).isascii() or "???" in str(value)}
    bad = {value for value in bad if is_garbled(str(value))}
    rows = column.index[column.isin(bad)] if bad else column.index[:0]
    return _on(subject, "garbled", rows, name, [{"field": name, "value": str(column[row])[:_SHOWN]} for row in rows])


def is_garbled(text: str) -> bool:
    """Return whether a text shows the marks of having been read in the wrong encoding."""
    if _BROKEN.search(text):
        return True
    if _LATIN.search(text):
        return _becomes_chinese(text, "cp1252", "gb18030") or _becomes_chinese(text, "latin-1", "utf-8")
    # Chinese text is hardly ever UTF-8 by chance: of two characters on, the odds are one in some hundreds.
    return len(_CHINESE.findall(text)) >= 2 and _becomes_chinese(text, "gb18030", "utf-8")


def _becomes_chinese(text: str, wrong: str, right: str) -> bool:
    try:
        return _CHINESE.search(text.encode(wrong).decode(right)) is not None
    except UnicodeError:
        return False


def _ids(subject: Subject) -> Iterator[pd.DataFrame]:
    column = id_column([str(name) for name in subject.frame.columns])
    frame = subject.frame
    empty = _is_empty(frame[column]) if column is not None else pd.Series(True, index=frame.index)
    rows = frame.index[empty]
    yield _on(subject, "id_missing", rows, "", [{}] * len(rows))
    if column is None:
        return
    given = frame[column][~empty]
    for value, group in given[given.duplicated(keep=False)].groupby(given, sort=False):
        ids = tuple(subject.ids[group.index])
        values = [{"id": str(value)[:_SHOWN], "rows": len(group)}]
        yield finds("id_repeated", subject.name, [int(group.index[-1])], [ids], values=values)
