"""The workspace: a folder with a ``landkit.toml`` that says which file holds which layer.

Only this module opens the layers that landkit keeps, and says in which file a new version of one goes.
"""

from __future__ import annotations

import csv
import re
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from landkit.errors import InputError, UsageError
from landkit.layer_file import ROW_NUMBER, as_written, table_bytes, truths, write_layer
from landkit.schema import Field, schema
from landkit.settings import SETTINGS, SUFFIXES, LayerSpec, Zone, read_settings, read_text, with_layer
from landkit.sources import SourceLayer, read_layers
from landkit.store import Transaction, exclusive, require_unchanged, settled, told

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["LayerSpec", "Workspace", "Zone", "open_workspace", "write_example"]

_LAYER_NAME = re.compile(r"\w[\w-]*")
_TRUTHS = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}


@dataclass(frozen=True)
class Workspace:
    """An open workspace; its files are read when they are asked for.

    Attributes
    ----------
    root
        Its folder.
    zone
        What it is about.
    sliver_m2
        The tolerance of this name.
    layers
        Its layers and tables by id.
    version
        The number of the last commit when it was opened; after another one it has to be opened again.
    """

    root: Path
    zone: Zone
    sliver_m2: float
    layers: Mapping[str, LayerSpec]
    version: int = 0

    @property
    def plan_path(self) -> Path:
        """Where the plan's targets stand; the file may be missing."""
        return self.root / "plan.toml"

    def source(self, layer_id: str, *, columns: Collection[str] | None = None) -> SourceLayer:
        """Read a polygon layer with what its reader has to say about it.

        Parameters
        ----------
        columns
            The columns that are needed; all where None.

        Raises
        ------
        UsageError
            There is no such layer, or it is a table.
        InputError, CrsError
            Its file cannot be read, or a value is not of the type that the schema gives its field.
        LockedError
            The workspace was changed since it was opened.
        """
        spec = self.polygons(layer_id)
        wanted = None if columns is None else {*columns, ROW_NUMBER}
        try:
            found = read_layers(spec.path, columns=wanted)
            if len(found) > 1:
                found = read_layers(spec.path, source_layer=layer_id, columns=wanted)
        finally:
            require_unchanged(self.root, self.version)
        frame = as_written(found[0].frame)
        _set_types(frame, _fields(layer_id), spec.path, range(1, len(frame) + 1))
        return replace(found[0], name=layer_id, frame=frame)

    def layer(self, layer_id: str, *, columns: Collection[str] | None = None) -> gpd.GeoDataFrame:
        """Read a polygon layer: every row, with a RangeIndex; a row without a shape has a null geometry.

        Raises
        ------
        UsageError, InputError, CrsError, LockedError
            As `source`.
        """
        return self.source(layer_id, columns=columns).frame

    def table(self, layer_id: str) -> pd.DataFrame:
        """Read a table: text as text, dates as datetime64, numbers and truth values nullable, all by the schema.

        Raises
        ------
        UsageError
            There is no such layer, or it has shapes.
        InputError
            Its file cannot be read, or a value is not of the type that the schema gives its field.
        LockedError
            The workspace was changed since it was opened.
        """
        spec = self._spec(layer_id)
        if not spec.is_table:
            raise UsageError("workspace.is_layer", layer=layer_id, file=spec.path)
        try:
            names, rows, lines = _read_csv(spec.path)
        finally:
            require_unchanged(self.root, self.version)
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        cells = {name: [cell or None for cell in column] for name, column in zip(names, columns, strict=True)}
        frame = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in cells.items()})
        _set_types(frame, _fields(layer_id), spec.path, lines)
        return frame

    def stage(self, transaction: Transaction, layer_id: str, frame: pd.DataFrame) -> None:
        """Write the new version of a layer or table as part of a transaction.

        A layer keeps the format of its file. One that is new becomes a GeoPackage, or CSV if it is a table, and gets
        its section in ``landkit.toml``, as a programme where it has a ladder of stages.

        Parameters
        ----------
        transaction
            Of this workspace.
        layer_id
            The layer; a new one needs a name of letters, digits, ``_`` and ``-``.
        frame
            All of its rows; shapes in the reference system that the layer is to have.

        Raises
        ------
        UsageError
            A table is given for a layer or the other way about, the name will not do, or the disk refuses.
        InputError
            Two columns differ in capitals alone, or ``landkit.toml`` cannot be added to.
        LockedError
            Another program has the file open.
        """
        is_table = not isinstance(frame, gpd.GeoDataFrame)
        settings = read_text(transaction.current(SETTINGS))
        spec = self.layers.get(layer_id) or _new_spec(self.root, layer_id, is_table=is_table)
        if spec.is_table != is_table:
            key = "workspace.is_table" if spec.is_table else "workspace.is_layer"
            raise UsageError(key, layer=layer_id, file=spec.path)
        name = spec.path.relative_to(self.root).as_posix()
        if is_table:
            transaction.put(name, table_bytes(frame, _fields(layer_id)))
        else:
            path = transaction.file(name)
            with told(spec.path):
                path.unlink(missing_ok=True)  # staged before in the same transaction
            write_layer(path, frame, name=layer_id, former=spec.path)
        if layer_id not in self.layers:
            enlarged = with_layer(self.root / SETTINGS, settings, spec, districts=layer_id == "district")
            transaction.put(SETTINGS, enlarged.encode("utf-8"))

    def polygons(self, layer_id: str) -> LayerSpec:
        """Return what is said of a polygon layer.

        Raises
        ------
        UsageError
            There is no such layer, or it is a table.
        """
        spec = self._spec(layer_id)
        if spec.is_table:
            raise UsageError("workspace.is_table", layer=layer_id, file=spec.path)
        return spec

    def _spec(self, layer_id: str) -> LayerSpec:
        if layer_id not in self.layers:
            raise UsageError("workspace.no_layer", layer=layer_id, layers=", ".join(self.layers))
        return self.layers[layer_id]


def open_workspace(path: str | PathLike[str] | None = None) -> Workspace:
    """Open the workspace at `path` (its folder or its ``landkit.toml``), else ``.``, else ``./layers``.

    Raises
    ------
    UsageError
        There is no workspace.
    InputError
        Its ``landkit.toml`` is corrupt, or names a file that is missing or outside the folder.
    LockedError
        It is being changed, for longer than half a minute or just while it was read.
    """
    root, version = _find(path)
    try:
        said = read_settings(root / SETTINGS)
    finally:
        require_unchanged(root, version)
    return Workspace(root, said.zone, said.sliver_m2, said.layers, version)


def _find(path: str | PathLike[str] | None) -> tuple[Path, int]:
    """Return the folder of the workspace and the number of its last commit, which is complete."""
    if path is None:
        folders = [Path(), Path("layers")]
    else:
        folders = [Path(path).parent if Path(path).name == SETTINGS else Path(path)]
    for folder in folders:
        version = settled(folder)
        if (folder / SETTINGS).is_file():
            return folder, version
    raise UsageError("workspace.none") if path is None else UsageError("workspace.not_there", folder=path)


def _new_spec(root: Path, layer_id: str, *, is_table: bool) -> LayerSpec:
    known = schema().layers.get(layer_id)
    if known is None and not _LAYER_NAME.fullmatch(layer_id):
        raise UsageError("store.layer_name", name=layer_id)
    is_table = is_table if known is None else known.kind == "table"
    programme = known is not None and bool(known.stages) and not is_table
    return LayerSpec(layer_id, root / f"{layer_id}{'.csv' if is_table else '.gpkg'}", programme)


def _fields(layer_id: str) -> Mapping[str, Field]:
    known = schema()
    return known.layers[layer_id].fields if layer_id in known.layers else known.common


def _read_csv(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the headings, the rows and the line on which each row ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader, [])
            rows, lines = [], []
            for row in reader:
                if not row:
                    continue
                if len(row) != len(names):
                    raise InputError(
                        "workspace.ragged", file=path, line=reader.line_num, found=len(row), wanted=len(names)
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise InputError("workspace.csv", file=path, detail=str(error)) from error
    if len(set(names)) < len(names) or not names:
        raise InputError("workspace.headings", file=path)
    return names, rows, lines


def _set_types(frame: pd.DataFrame, fields: Mapping[str, Field], path: Path, places: Sequence[int]) -> None:
    """Give the text columns of `frame` the types of the schema, in place."""
    for name in frame.columns:
        if name in fields and fields[name].type == "bool":
            frame[name] = truths(frame[name])
        if name in fields and frame[name].dtype == "str":
            typed = _typed(frame[name], fields[name].type)
            bad = frame[name].notna() & typed.isna()
            if bad.any():
                row = int(bad.to_numpy().argmax())
                raise InputError(
                    "workspace.cell", file=path, line=places[row], column=name, value=frame[name].iloc[row],
                    type=fields[name].type,
                )  # fmt: skip
            frame[name] = typed


def _typed(text: pd.Series[str], kind: str) -> pd.Series[Any]:
    if kind == "float":
        numbers = pd.to_numeric(text, errors="coerce").astype("float64")
        return numbers.where(numbers.abs() < float("inf"))
    if kind == "int":
        whole = text.where(text.str.fullmatch(r"[+-]?\d{1,18}"))
        return pd.to_numeric(whole).astype("Int64")
    if kind == "bool":
        return text.str.lower().map(_TRUTHS).astype("boolean")
    if kind in ("date", "datetime"):
        return pd.to_datetime(text, format="ISO8601", errors="coerce")
    return text


def write_example(path: str | PathLike[str], *, force: bool = False) -> Path:
    """Write the example workspace, Jinhua Development Zone 2022, into a new or empty folder.

    Parameters
    ----------
    force
        Write into a folder that holds something, replacing files of the same names and leaving the others.

    Returns
    -------
    Path
        The folder. It is there with every file or, after an error, not at all.

    Raises
    ------
    UsageError
        There is a file of that name, the folder is not empty, or it cannot be written.
    """
    target = Path(path)
    try:
        files = {file.name: file.read_bytes() for file in _example_files()}
    except OSError as error:
        raise UsageError("workspace.target_failed", folder=target, detail=error.strerror) from error
    return write_folder(target, files, purpose="demo", force=force)


def write_folder(target: Path, files: Mapping[str, bytes], *, purpose: str, force: bool) -> Path:
    """Write files into a new or empty folder, all of them or none.

    Parameters
    ----------
    target
        The folder.
    files
        The bytes of each file.
    purpose
        What for.
    force
        Write into a folder that holds something; what is replaced stays in the history of the workspace.

    Raises
    ------
    UsageError
        There is a file of that name, the folder is not empty, or it cannot be written.
    LockedError
        Another process writes there.
    """
    if target.exists() and not target.is_dir():
        raise UsageError("workspace.target_file", folder=target)
    occupied = target.is_dir() and any(target.iterdir())
    if occupied and not force:
        raise UsageError("workspace.target_taken", folder=target)
    if occupied:
        with exclusive(target, purpose=purpose) as transaction:
            for name, data in files.items():
                transaction.put(name, data)
        return target
    try:
        _put_in_place(target, files)
    except OSError as error:
        raise UsageError("workspace.target_failed", folder=target, detail=error.strerror) from error
    return target


def _put_in_place(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder beside `target`, which is new or empty, then rename that."""
    beside = target.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    draft = beside / f".landkit-{secrets.token_hex(8)}"
    draft.mkdir()
    try:
        for name, data in files.items():
            (draft / name).write_bytes(data)
        if target.is_dir():
            target.rmdir()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _example_files() -> list[Traversable]:
    """Return the files of the example: those of the checkout, else those that the wheel carries."""
    checkout = Path(__file__).parents[1] / "layers"
    folder: Traversable = checkout if (checkout / SETTINGS).is_file() else resources.files("landkit.example")
    kept = (".toml", ".md", *SUFFIXES)
    return sorted((file for file in folder.iterdir() if file.name.endswith(kept)), key=lambda file: file.name)
