"""What a workspace remembers of its imports: one line each in ``log/imports.jsonl``, and the columns it has learnt.

``profiles.toml`` says, for each kind of source and layer, which delivered column is which field. It is meant to be
edited by hand: what stands in it is never changed by landkit, only added to.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from landkit.errors import InputError
from landkit.schema import schema
from landkit.settings import read_text, toml_error
from landkit.store import Transaction

LOG, PROFILES = "log/imports.jsonl", "profiles.toml"
_PROFILE = re.compile(r"(\w+)(?: \[[^\[\]]+\])?")
_TITLE = """\
# Which delivered column is which field, by kind of source and layer. Edit freely: landkit adds and never changes.
# 来件字段与标准字段的对应，按来源类型与图层分节；可手工修改，landkit 只增不改。
"""


@dataclass(frozen=True)
class Import:
    """An import of one delivered layer into a layer of the workspace.

    Attributes
    ----------
    number
        Of the commit that wrote it: `landkit.store.restore` takes it back.
    time
        ISO 8601, with the offset from UTC.
    source
        The delivered file.
    sha256
        Its hash.
    layer
        The layer of the workspace.
    features_in, accepted, quarantined, repaired
        Rows.
    source_layer
        The layer, sheet or list in the file.
    crs
        In which reference system it was read, and why.
    fields
        Delivered column -> field.
    changes
        The file in the workspace that lists every change; empty where there is none.
    user
        Who imported it.
    """

    number: int
    time: str
    source: str
    sha256: str
    layer: str
    features_in: int
    accepted: int
    quarantined: int
    repaired: int
    source_layer: str = ""
    crs: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    changes: str = ""
    user: str = ""


_NEEDED = {known.name: known.type for known in fields(Import)}


def imports(root: str | PathLike[str]) -> list[Import]:
    """Return the imports into a workspace, the oldest first.

    Raises
    ------
    InputError
        A line of the log is none of landkit's.
    """
    return _read_log(Path(root) / LOG)


def already_imported(
    root: str | PathLike[str], sha256: str, layer: str, *, source_layer: str | None = None
) -> Import | None:
    """Return the last import of a file of this hash into `layer`, None where there was none.

    Parameters
    ----------
    root
        The workspace.
    sha256
        Of the delivered file.
    layer
        The layer of the workspace.
    source_layer
        Only of this layer of the file.

    Raises
    ------
    InputError
        A line of the log is none of landkit's.
    """
    same = [
        entry
        for entry in imports(root)
        if entry.sha256 == sha256 and entry.layer == layer and source_layer in (None, entry.source_layer)
    ]
    return same[-1] if same else None


def repaired_rings(root: str | PathLike[str], layer: str) -> dict[str, str]:
    """Return the shapes, as well-known text, that rows of a layer were delivered with before their rings were repaired.

    Of a row that was repaired in several imports the last one counts; whether its shape still stands is not looked at.

    Raises
    ------
    InputError
        A line of the log is none of landkit's, or a list of changes is damaged.
    """
    found: dict[str, str] = {}
    for entry in imports(root):
        path = Path(root) / entry.changes
        if entry.layer != layer or not entry.changes or not path.is_file():
            continue
        try:
            changes = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        except ValueError as error:
            raise InputError("journal.line", file=path, line=1) from error
        drawn = changes[changes.get("delivered", "") != ""]
        found |= dict(zip(drawn["id"].str.removeprefix("'"), drawn["delivered"], strict=True))
    return found


def record(transaction: Transaction, *entries: Import) -> None:
    """Add lines to the log as part of a transaction.

    Raises
    ------
    UsageError, LockedError
        As `Transaction.file`.
    """
    path = transaction.current(LOG)
    before = path.read_bytes() if path.is_file() else b""
    lines = [json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries]
    transaction.put(LOG, before + "".join(lines).encode("utf-8"))


def _read_log(path: Path) -> list[Import]:
    if not path.is_file():
        return []
    lines = read_text(path).split("\n")
    return [_entry(path, number, line) for number, line in enumerate(lines, 1) if line]


def _entry(path: Path, number: int, line: str) -> Import:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise InputError("journal.line", file=path, line=number) from error
    kinds = {"int": int, "str": str}
    if not isinstance(said, dict) or any(
        not isinstance(value, kinds.get(str(_NEEDED.get(name)), object)) for name, value in said.items()
    ):
        raise InputError("journal.line", file=path, line=number)
    try:
        return Import(**{name: value for name, value in said.items() if name in _NEEDED})
    except TypeError as error:
        raise InputError("journal.line", file=path, line=number) from error


def profiles(root: str | PathLike[str]) -> dict[tuple[str, str], dict[str, str]]:
    """Return what is remembered of columns: (kind of source, layer) -> delivered column -> field.

    A field may be followed by its unit, as in ``area_doc_mu [ha]``.

    Raises
    ------
    InputError
        The file is corrupt, or names a layer or a field that is not known; the error has the line.
    """
    path = Path(root) / PROFILES
    return _read_profiles(path, read_text(path)) if path.is_file() else {}


def remember(transaction: Transaction, kind: str, layer: str, columns: Mapping[str, str]) -> None:
    """Add columns to what is remembered, as part of a transaction; those that are there stay as they are.

    Parameters
    ----------
    transaction
        Of the workspace.
    kind
        What the reader calls the file.
    layer
        The layer of the workspace.
    columns
        Delivered column -> field, with its unit in square brackets if need be.

    Raises
    ------
    InputError
        The file is corrupt, or written in a way that nothing can be added to.
    UsageError, LockedError
        As `Transaction.file`.
    """
    path = transaction.current(PROFILES)
    text = read_text(path) if path.is_file() else _TITLE
    known = _read_profiles(transaction.root / PROFILES, text)
    before = known.get((kind, layer), {})
    taken = {_field(value) for value in before.values()}
    added = {name: value for name, value in columns.items() if name not in before and _field(value) not in taken}
    if not added:
        return
    lines = text.rstrip("\n").split("\n")
    place = _end_of(lines, kind, layer)
    if place is None:
        lines += ["", f"[{_quoted(kind)}.{_quoted(layer)}]"]
        place = len(lines)
    lines[place:place] = [f"{_quoted(name)} = {_quoted(value)}" for name, value in added.items()]
    enlarged = "\n".join([*lines, ""])
    wanted = {**known, (kind, layer): {**before, **added}}
    try:
        is_meant = _read_profiles(transaction.root / PROFILES, enlarged) == wanted
    except InputError:
        is_meant = False
    if not is_meant:
        raise InputError("journal.profile_form", file=transaction.root / PROFILES, name=f"[{kind}.{layer}]")
    transaction.put(PROFILES, enlarged.encode("utf-8"))


def _field(value: str) -> str:
    """Return the field of an entry, without the unit behind it."""
    return value.partition(" ")[0]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _end_of(lines: list[str], kind: str, layer: str) -> int | None:
    """Return the place after the last entry of a section, None where there is no such section."""
    end = None
    for number, header in enumerate(_headers(lines)):
        if header != (kind, layer):
            continue
        if lines[number].strip():
            end = number + 1
    return end


def _headers(lines: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield for each line the section that it stands in."""
    here: tuple[str, ...] = ()
    for line in lines:
        if line.lstrip().startswith("["):
            here = _names(line)
        yield here


def _names(line: str) -> tuple[str, ...]:
    """Return the names in a header such as ``["Shapefile".reclaim]``."""
    try:
        found: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    names = []
    while isinstance(found, dict) and found:
        name, found = next(iter(found.items()))
        names.append(name)
    return tuple(names)


def _read_profiles(path: Path, text: str) -> dict[tuple[str, str], dict[str, str]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise toml_error(path, text, error) from error
    found: dict[tuple[str, str], dict[str, str]] = {}
    for kind, layers in raw.items():
        for layer, columns in layers.items() if isinstance(layers, dict) else [("", layers)]:
            if not isinstance(columns, dict):
                raise InputError("journal.profile_form", file=path, name=f"[{kind}.{layer}]")
            _check_columns(path, text, (kind, layer), columns)
            found[kind, layer] = columns
    return found


def _check_columns(path: Path, text: str, section: tuple[str, str], columns: Mapping[str, Any]) -> None:
    known = schema()
    layer = known.layers.get(section[1])
    names = layer.fields if layer is not None else known.common
    taken: dict[str, str] = {}
    for column, value in columns.items():
        parts = _PROFILE.fullmatch(value) if isinstance(value, str) else None
        if parts is None or parts[1] not in names:
            line = _line_of(text, section, column)
            raise InputError(
                "journal.profile_field", file=path, line=line, column=column, value=value, layer=section[1]
            )
        if parts[1] in taken:
            line = _line_of(text, section, column)
            first = taken[parts[1]]
            raise InputError("journal.profile_twice", file=path, line=line, column=column, first=first, value=parts[1])
        taken[parts[1]] = column


def _line_of(text: str, section: tuple[str, str], column: str) -> int:
    """Return the line of an entry, else that of its section, else 1; written in an unusual way it is not found."""
    lines, found = text.split("\n"), 1
    for number, (line, header) in enumerate(zip(lines, _headers(lines), strict=True), 1):
        if header != section:
            continue
        found = number if line.lstrip().startswith("[") else found
        if not line.lstrip().startswith("[") and _names(line)[:1] == (column,):
            return number
    return found
