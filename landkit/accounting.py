"""What `landkit area` answers: the ledger of layers, with all that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

import landkit
from landkit.books import Books
from landkit.crs import Plane, read_plane
from landkit.districts import NOWHERE, Districts
from landkit.errors import InputError, UsageError
from landkit.ledger import ASSIGNMENTS, Account, Assign, Features
from landkit.ledger import account as draw_up
from landkit.measure.area import METHODS, Method
from landkit.measured import Part, measured, middle_plane
from landkit.owners import district_names, owners, unknown_owners
from landkit.policy import Count
from landkit.selection import (
    DISTRICT,
    LAYER,
    PROGRAMME,
    Selection,
    from_files,
    from_frames,
    from_workspace,
)
from landkit.sources import Note
from landkit.where import compile_where
from landkit.words import Phrase
from landkit.workspace import Workspace, open_workspace

Paths = Sequence[str | PathLike[str]]
FIGURES = ("parcels", "gross", "net", "exclusive", "shared", "counted", "ledger")


@dataclass(frozen=True)
class Answer:
    """A ledger and what it rests on; areas in m².

    Attributes
    ----------
    account
        The figures.
    by
        The keys of its rows, in the order asked for.
    counted
        What each row of the account gets by the policy.
    basis
        Method, plane, policies, filters, districts, sources of shapes, version.
    repaired
        ``layer``, ``id``, ``before`` and ``after`` of polygons that were invalid.
    unmeasured
        ``layer``, ``id``, ``row`` (from 1), ``reason`` (a key of the words), ``doc_m2`` of rows without a usable shape.
    sources
        ``layer``, ``path``, ``sha256``, ``features`` of each layer.
    notes
        What else to know.
    """

    account: Account
    by: tuple[str, ...]
    counted: np.ndarray
    basis: dict[str, Any]
    repaired: pd.DataFrame
    unmeasured: pd.DataFrame
    sources: list[dict[str, Any]]
    notes: tuple[Note, ...]


def account(
    layers: str | PathLike[str] | gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame] | Paths = (),
    *,
    workspace: str | PathLike[str] | Workspace | None = None,
    source_layer: str | None = None,
    districts: str | PathLike[str] | gpd.GeoDataFrame | None = None,
    district_field: str = "name",
    by: Sequence[str] | None = None,
    where: str | None = None,
    stage: str | None = None,
    as_of: date | None = None,
    count: str = "once",
    assign: Assign = "clip",
    method: Method = "ellipsoid",
    allow_district_overlap: bool = False,
) -> Answer:
    """Draw up the closing ledger of layers.

    Parameters
    ----------
    layers
        Layers of the workspace by name, or files of polygons, or frames; by default the programmes of the workspace.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).
    source_layer
        The layer to read, of a file with several.
    districts
        A layer of the workspace, a file, or a frame; by default the workspace's own, and none for plain files.
    district_field
        The column with the name of each district.
    by
        Keys of the rows: ``district``, ``layer`` (``programme``), ``stage``, or columns. By default district and layer,
        of plain files without districts the layer.
    where
        A filter in CQL2 text.
    stage
        Which stages count, of a workspace: ``reclaim=reclaimed,…`` or ``plan``. All rows on the lists by default.
    as_of
        The business date, of a workspace.
    count
        Who gets shared land: ``once``, ``each``, ``split`` or ``priority:A,B``.
    assign
        To which district land belongs: ``clip``, ``owner`` or ``largest``.
    method
        The area method.
    allow_district_overlap
        Accept more than 0.1 % of the land in two districts.

    Returns
    -------
    Answer
        The figures in m².

    Raises
    ------
    UsageError
        An unknown layer, column, stage or policy; a filter that cannot be read; no workspace.
    InputError
        A file that cannot be read, or holds nothing that can be measured.
    CrsError
        A layer without a reference system, or with an ambiguous one.
    ClosureError
        An identity of the ledger does not hold: a defect.
    """
    policy, condition = Count.parse(count), compile_where(where) if where is not None else None
    _check_choice("area.method", method, METHODS)
    _check_choice("account.assign", assign, ASSIGNMENTS)
    asked = tuple(dict.fromkeys(by or ()))
    columns = {*asked, *(condition.columns if condition else ())}
    books, selections = _select(layers, workspace, columns, source_layer=source_layer, as_of=as_of, stage=stage)
    kept = books.workspace if books is not None else None
    areas_by = _district_selection(districts, books, district_field)
    if areas_by is None and assign != "clip":
        raise UsageError("account.assign_nowhere", assign=assign)
    keys = _keys(asked, selections, with_districts=areas_by is not None)
    if condition is not None:
        _check_known("where.column", condition.columns, selections)
        selections = [selection.where(condition) for selection in selections]
    plane = read_plane(kept.zone.crs) if kept is not None else middle_plane(selections)
    parts = [measured(selection, plane, method, is_given=kept is not None) for selection in selections]
    _require_some(parts)
    partition = _districts(areas_by, district_field, plane) if areas_by is not None else None
    features = _features(parts, keys, partition, areas_by, district_field, as_layers=kept is not None, assign=assign)
    figures = draw_up(
        features,
        plane,
        districts=partition,
        by_district=DISTRICT in keys and partition is not None,
        assign=assign,
        method=method,
        sliver_m2=kept.sliver_m2 if kept is not None else 0.0,
        allow_district_overlap=allow_district_overlap,
    )
    basis = {
        "method": method, "plane": plane.name, "count": str(policy), "assign": assign,
        "as_of": as_of.isoformat() if as_of else None, "stage": stage, "where": where,
        "districts": areas_by.name if areas_by is not None else None,
        **_provenance(parts),
    }  # fmt: skip
    return Answer(
        figures, keys, policy.counted(figures), basis,
        pd.concat([part.repaired for part in parts], ignore_index=True),
        pd.concat([part.unmeasured for part in parts], ignore_index=True),
        [selection.source for selection in (*selections, areas_by) if selection is not None and selection.source],
        tuple(_notes(parts, areas_by, partition, field=district_field, assign=assign)),
    )  # fmt: skip


def _provenance(parts: Sequence[Part]) -> dict[str, Any]:
    sources = sum((Counter(part.certainty) for part in parts), Counter[str]())
    return {"geom_source": dict(sources), "version": landkit.__version__}


def _check_choice(key: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise UsageError(key, method=value, methods=", ".join(choices))


def _select(
    layers: Any,
    workspace: str | PathLike[str] | Workspace | None,
    columns: set[str],
    *,
    source_layer: str | None,
    as_of: date | None,
    stage: str | None,
) -> tuple[Books | None, list[Selection]]:
    """Return the books of the workspace, if one is used, and the layers asked for."""
    if isinstance(layers, gpd.GeoDataFrame):
        layers = {"layer": layers}
    frames = dict(layers) if isinstance(layers, Mapping) else {}
    if isinstance(layers, Mapping) and not frames:
        raise UsageError("account.no_frames")
    given = [] if frames else [fspath(name) for name in ([layers] if isinstance(layers, str | PathLike) else layers)]
    paths = [name for name in given if _is_path(name)]
    names = [name for name in given if not _is_path(name)]
    needed = workspace is not None or names or not (paths or frames)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace) if needed else None
    if source_layer is not None and not paths:
        raise UsageError("account.needs_file")
    if (paths or frames) and not names:
        for option, value in (("--as-of", as_of), ("--stage", stage)):
            if value is not None:
                raise UsageError("account.needs_workspace", option=option)
    books = Books(kept, as_of) if kept is not None else None
    selections = from_workspace(books, names, stage=stage) if books and not (paths or frames) else []
    if names and (paths or frames):
        raise UsageError("account.mixed", names=", ".join(names), files=", ".join(paths))
    selections += from_files(paths, columns=columns, source_layer=source_layer) + from_frames(frames)
    return books, selections


def _is_path(name: str) -> bool:
    """Return whether an argument is meant as a file: layers of a workspace have neither folder nor suffix."""
    return Path(name).suffix != "" or Path(name).name != name or Path(name).is_file()


def _district_selection(districts: Any, books: Books | None, field: str) -> Selection | None:
    if isinstance(districts, gpd.GeoDataFrame):
        chosen = from_frames({DISTRICT: districts})
    elif districts is None:
        name = books.workspace.zone.districts if books is not None else None
        chosen = from_workspace(books, [name]) if books is not None and name else []
    elif books is not None and not _is_path(fspath(districts)):
        chosen = from_workspace(books, [fspath(districts)])
    else:
        chosen = from_files([districts], columns={field}, for_ledger=False)
    if not chosen:
        return None
    if len(chosen) > 1:
        raise UsageError("account.district_layers", file=districts, layers=", ".join(s.name for s in chosen))
    _check_known("account.district_field", (field,), chosen)
    return chosen[0]


def _keys(asked: tuple[str, ...], selections: Sequence[Selection], *, with_districts: bool) -> tuple[str, ...]:
    """Return the keys of the rows, each checked.

    Raises
    ------
    UsageError
        One is neither a word that landkit knows nor a column of any layer, or has the name of a figure.
    """
    if not asked:
        return (DISTRICT, LAYER) if with_districts else (LAYER,)
    own = {name for selection in selections for name in map(str, selection.frame.columns)}
    known = {LAYER, *([DISTRICT] if with_districts else ()), *([PROGRAMME] if PROGRAMME not in own else ())}
    _check_known("account.by", [key for key in asked if key not in known], selections)
    for key in asked:
        if key in FIGURES:
            raise UsageError("account.by_figure", column=key, names=", ".join(FIGURES))
    return asked


def _check_known(key: str, columns: Sequence[str], selections: Sequence[Selection]) -> None:
    """Refuse a column that no layer has."""
    own = list(dict.fromkeys(name for selection in selections for name in selection.columns))
    for column in columns:
        if column not in own:
            known = ", ".join(own) or "-"
            raise UsageError(key, column=column, known=known, nearest=known)


def _require_some(parts: Sequence[Part]) -> None:
    """Refuse a run in which there are rows but none can be measured."""
    rows = sum(len(part.selection.frame) for part in parts)
    if rows and not any(len(part.area) for part in parts):
        part = next(part for part in parts if len(part.unmeasured))
        row, reason = part.unmeasured.iloc[0][["row", "reason"]]
        reason = Phrase(f"reason.{reason}")
        raise InputError("account.nothing", rows=rows, layer=part.selection.title, row=row, reason=reason)


def _districts(selection: Selection, field: str, plane: Plane) -> Districts:
    frame = selection.frame
    names = district_names(selection, field)
    shapes = np.array(frame.geometry.array, dtype=object)
    shapes[~selection.usable] = None
    if not selection.usable.any():
        raise InputError("account.no_districts", layer=selection.title)
    return Districts.of(shapes, names, frame.crs, plane, layer=selection.title)


def _features(
    parts: Sequence[Part],
    keys: Sequence[str],
    partition: Districts | None,
    areas_by: Selection | None,
    field: str,
    *,
    as_layers: bool,
    assign: Assign,
) -> Features:
    """Return the measured rows of all layers as one list.

    In a workspace a programme is a layer; of plain files it is what the rows are grouped by, else the layer.
    """
    grouping = [key for key in keys if not (key == DISTRICT and partition is not None)]
    groups = pd.concat([_groups(part, grouping) for part in parts], ignore_index=True)
    layer = np.repeat(np.arange(len(parts)), [len(part.area) for part in parts])
    programme = layer
    if grouping and not as_layers:
        programme = np.asarray(groups.groupby(grouping, sort=False, dropna=False).ngroup(), dtype=np.int64)
    owner = np.full(len(layer), NOWHERE)
    if assign == "owner" and partition is not None and areas_by is not None:
        owner = np.concatenate([owners(part, partition, areas_by, field) for part in parts])
    return Features(
        np.concatenate([part.shapes for part in parts]),
        np.concatenate([part.area for part in parts]),
        groups,
        programme,
        owner,
        np.concatenate([part.doc_m2 for part in parts]),
    )


def _groups(part: Part, keys: Sequence[str]) -> pd.DataFrame:
    own = part.usable
    columns = {}
    for key in keys:
        if key in own.columns and key != LAYER:
            columns[key] = own[key].astype(object).where(own[key].notna(), None)
            if own[key].dtype == object:  # lists and structures cannot be grouped by but as text
                columns[key] = columns[key].map(lambda value: value if isinstance(value, Hashable) else str(value))
        else:
            name = part.selection.name if key in (LAYER, PROGRAMME) else None
            columns[key] = pd.Series([name] * len(own), index=own.index, dtype=object)
    return pd.DataFrame(columns, index=own.index)


def _notes(
    parts: Sequence[Part], areas_by: Selection | None, partition: Districts | None, *, field: str, assign: Assign
) -> Iterator[Note]:
    for selection in (*(part.selection for part in parts), *([areas_by] if areas_by else [])):
        yield from selection.notes
    for part in parts:
        yield from part.notes()
    if areas_by is not None and partition is not None:
        if assign == "owner":
            for part in parts:
                if len(part.usable):
                    yield from unknown_owners(part, partition, areas_by, field)
        shapeless = len(areas_by.faults)
        if shapeless:
            yield Note("note.districts_without_shape", {"count": shapeless, "layer": areas_by.name})
        if len(partition.repaired):
            yield Note("note.districts_repaired", {"count": len(partition.repaired), "layer": areas_by.name})
        if any(len(label) > 1 for label in partition.labels):
            yield Note("note.districts_overlap", {"layer": areas_by.name})
