"""`landkit import`: any delivery into a workspace, or to a clean GeoPackage; the batch never dies."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from landkit.admission import Surroundings, admit, row_number
from landkit.admission import receipt as layer_receipt
from landkit.errors import LandkitError, UsageError
from landkit.intake import returned_rows
from landkit.journal import PROFILES, Import, already_imported, profiles, record, remember
from landkit.products.changes_file import changes_bytes
from landkit.products.output import check_targets
from landkit.products.package import write_package
from landkit.products.returned_items import as_delivered
from landkit.receipts import FileReceipt, Finding, LayerReceipt, Receipt
from landkit.shelving import Shelves
from landkit.sources import SourceLayer
from landkit.sources.contained import Reader
from landkit.sources.folder import deliveries
from landkit.store import Transaction, exclusive, history, restore
from landkit.workspace import Workspace, open_workspace

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Wish:
    """How a delivery is to be read and taken in, as the options of these names say."""

    layer: str | None = None
    crs: str | None = None
    source_layer: str | None = None
    encoding: str | None = None
    join: bool = False
    update: bool = False
    overlaps: bool = True


def import_delivery(
    sources: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
    *,
    layer: str | None = None,
    workspace: str | PathLike[str] | Workspace | None = None,
    out: str | PathLike[str] | None = None,
    crs: str | None = None,
    source_layer: str | None = None,
    encoding: str | None = None,
    join: bool = False,
    update: bool = False,
    overlaps: bool = True,
    undo: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Take files in: into layers of a workspace, or to a clean GeoPackage.

    Every record is accepted or returned with a reason. Each file is read in a process of its own with limits on time
    and memory, and written in one transaction; what is wrong with one file does not keep the others out.

    Parameters
    ----------
    sources
        Files or folders.
    layer
        The layer of the workspace that takes the rows. By default what a file's own name or columns say, if that is
        one layer alone.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).
    out
        A GeoPackage to write instead; no workspace is needed, columns stay as delivered.
    crs
        The reference system of the delivery, where it names none or a wrong one.
    source_layer
        Read only the layer, sheet or list of this name.
    encoding
        How its text is encoded, where it does not say so.
    join
        Match rows without a shape to the parcels of the layer; what is in doubt goes to a review sheet.
    update
        Replace rows whose id the layer holds already with other content; otherwise they are returned.
    overlaps
        Look for land that two rows of a layer cover.
    undo
        Put back what the import of this number replaced; no sources then.
    force
        Replace `out` if it exists.
    progress
        Called with files done, files in all and the name of the next.

    Returns
    -------
    Receipt
        A line for each file.

    Raises
    ------
    UsageError
        Nothing to import, no workspace, an unknown layer, or a file that exists.
    LockedError
        Another process writes the workspace.
    """
    given = [sources] if isinstance(sources, str | PathLike) else list(sources)
    if undo is not None:
        return _undone(undo, given, workspace)
    if not given:
        raise UsageError("intake.nothing")
    wish = Wish(layer, crs, source_layer, encoding, join, update, overlaps)
    if out is not None and (layer is not None or join or update):
        raise UsageError("intake.out_alone")
    paths = [file for source in given for file in deliveries(Path(source))]
    if out is not None:
        return _to_package(paths, Path(out), wish, force, progress)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    return _to_workspace(paths, kept.root, wish, progress)


def _undone(number: int, given: list[Any], workspace: Any) -> Receipt:
    if given:
        raise UsageError("intake.undo_alone", number=number)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    commit = restore(kept.root, number, leave=("log/", PROFILES))
    names = next(found.files for found in history(kept.root) if found.number == commit)
    return Receipt((), tuple(kept.root / name for name in names))


def _each(
    paths: Iterable[Path], reader: Reader, wish: Wish, progress: Progress | None, take: Callable[..., FileReceipt]
) -> list[FileReceipt]:
    """Read every file and hand it to `take`; what goes wrong is the receipt of that file alone."""
    files = list(paths)
    receipts = []
    for number, path in enumerate(files):
        if progress is not None:
            progress(number, len(files), path.name)
        layers: list[SourceLayer] = []
        try:
            read = reader.read(path, source_layer=wish.source_layer, encoding=wish.encoding)
            layers = [as_delivered(layer) for layer in read]
            receipts.append(take(path, layers))
        except LandkitError as error:
            rows = sum(len(layer.frame) for layer in layers)
            receipts.append(FileReceipt(path, _kind(layers), _hash(layers), features_read=rows, error=error))
    return receipts


def _kind(layers: Sequence[SourceLayer]) -> str:
    return ", ".join(dict.fromkeys(layer.kind for layer in layers if layer.kind))


def _hash(layers: Sequence[SourceLayer]) -> str:
    return layers[0].sha256 if layers else ""


# -- to a GeoPackage ---------------------------------------------------------------------------------------------------


def _to_package(paths: list[Path], out: Path, wish: Wish, force: bool, progress: Progress | None) -> Receipt:
    if out.suffix.lower() != ".gpkg":
        raise UsageError("intake.out_kind", path=out)
    beside = [out.with_name(f"{out.stem}-returned{suffix}") for suffix in (".xlsx", ".gpkg")]
    check_targets([out, *beside], force=force)
    for path in paths:
        if any(target.exists() and path.exists() and target.samefile(path) for target in (out, *beside)):
            raise UsageError("output.delivery", path=str(out))
    frames: dict[str, pd.DataFrame] = {}

    def take(path: Path, layers: list[SourceLayer]) -> FileReceipt:
        admitted = [
            admit(one, target=None, around=Surroundings(), crs=wish.crs, overlaps=wish.overlaps) for one in layers
        ]
        for one in admitted:
            frame = one.intake.accepted
            kept = frame if one.layer.has_shapes else pd.DataFrame(frame.drop(columns=frame.geometry.name))
            frames[_free_name(one.layer, frames)] = kept
        return FileReceipt(
            path, _kind(layers), _hash(layers), tuple(layer_receipt(one, one.layer.name) for one in admitted)
        )

    with Reader() as reader:
        receipts = _each(paths, reader, wish, progress, take)
    receipt = Receipt(tuple(receipts))
    written: list[Path] = []
    if any(map(len, frames.values())):
        write_package(out, frames, force=force)
        written.append(out)
    if any(file.quarantined for file in receipts):
        from landkit.products.returned_sheet import returned_files

        written += returned_files(receipt, out.with_name(f"{out.stem}-returned"), force=force)
    return Receipt(receipt.files, tuple(written))


def _free_name(layer: SourceLayer, taken: Iterable[str]) -> str:
    """Return what a layer is called in the package: its own name, with its file's where another has that already."""
    held = {name.casefold() for name in taken}
    if layer.name.casefold() not in held:
        return layer.name
    longer = f"{layer.path.stem}-{layer.name}"
    number, name = 1, longer
    while name.casefold() in held:
        number += 1
        name = f"{longer}-{number}"
    return name


# -- into a workspace --------------------------------------------------------------------------------------------------


def _to_workspace(paths: list[Path], root: Path, wish: Wish, progress: Progress | None) -> Receipt:
    written: list[Path] = []

    def take(path: Path, layers: list[SourceLayer]) -> FileReceipt:
        with exclusive(root, purpose=f"landkit import {path.name}") as transaction:
            number, receipts = _shelved(transaction, open_workspace(root), path, layers, wish)
            written.extend(root / name for name in transaction.changes)
        return FileReceipt(path, _kind(layers), _hash(layers), receipts, number=number)

    with Reader() as reader:
        receipts = _each(paths, reader, wish, progress, take)
    return Receipt(tuple(receipts), tuple(dict.fromkeys(written)))


def _shelved(
    transaction: Transaction, workspace: Workspace, path: Path, layers: Sequence[SourceLayer], wish: Wish
) -> tuple[int | None, tuple[LayerReceipt, ...]]:
    """Put the layers of a file into the workspace; return the number of the import, None where nothing is written."""
    root = workspace.root
    now = datetime.now().astimezone().replace(microsecond=0)
    shelves = Shelves(
        workspace, profiles=profiles(root), layer=wish.layer, crs=wish.crs, join=wish.join, update=wish.update,
        overlaps=wish.overlaps, reviewed=_reviewed(root), recorded_at=now.replace(tzinfo=None),
    )  # fmt: skip
    receipts = _all_taken(shelves, layers)
    file = FileReceipt(path, _kind(layers), _hash(layers), receipts)
    if not shelves.changed and _is_told(root, file):
        return None, tuple(_again(root, file, one) for one in receipts)
    for layer_id, frame in shelves.changed.items():
        workspace.stage(transaction, layer_id, frame)
    number = transaction.number
    if file.quarantined:
        from landkit.products.returned_sheet import returned_bytes

        for suffix, data in returned_bytes(Receipt((file,))).items():
            transaction.put(f"returned/returned-{number:04d}{suffix}", data)
    for layer_id, joined in shelves.reviews.items():
        from landkit.products.review_sheet import review_sheet

        transaction.put(f"review/{layer_id}-{number:04d}.xlsx", review_sheet(joined))
    for (kind, layer_id), columns in shelves.mapped.items():
        remember(transaction, kind, layer_id, columns)
    record(transaction, *(_entry(transaction, file, one, shelves, now) for one in receipts))
    return number, receipts


def _again(root: Path, file: FileReceipt, layer: LayerReceipt) -> LayerReceipt:
    """Return the receipt of a layer that changes nothing, saying so."""
    former = already_imported(root, file.sha256, layer.target, source_layer=layer.name)
    known = Finding("intake.again", "info", layer.name, values={"number": former.number if former else 0})
    return replace(
        layer, findings=(known if former else Finding("intake.nothing_new", "info", layer.name), *layer.findings)
    )


def _is_told(root: Path, file: FileReceipt) -> bool:
    """Return whether a file that changes nothing has left its returned items here before, or has none."""
    former = [already_imported(root, file.sha256, one.target, source_layer=one.name) for one in file.layers]
    return all(
        not len(one.returned)
        or (entry is not None and entry.quarantined == len(one.returned) and _returned_at(root, entry.number).is_file())
        for one, entry in zip(file.layers, former, strict=True)
    )


def _returned_at(root: Path, number: int) -> Path:
    return root / "returned" / f"returned-{number:04d}.xlsx"


def _entry(transaction: Transaction, file: FileReceipt, layer: LayerReceipt, shelves: Shelves, now: datetime) -> Import:
    """Return the line of the journal for a layer, whose changes are put beside it."""
    changes = ""
    if len(layer.changes):
        changes = f"log/changes-{transaction.number:04d}-{layer.target}.csv"
        transaction.put(changes, changes_bytes(layer.changes))
    return Import(
        number=transaction.number, time=now.isoformat(), source=str(file.source), sha256=file.sha256,
        layer=layer.target, features_in=layer.features_in, accepted=layer.accepted, quarantined=len(layer.returned),
        repaired=layer.repaired, source_layer=layer.name, crs=layer.crs,
        fields=shelves.mapped.get((file.kind, layer.target), {}), changes=changes, user=getpass.getuser(),
    )  # fmt: skip


def _all_taken(shelves: Shelves, layers: Sequence[SourceLayer]) -> tuple[LayerReceipt, ...]:
    """Take every layer in; one that cannot be taken is returned whole, unless it is the only one."""
    receipts: list[LayerReceipt] = []
    errors: list[LandkitError] = []
    for layer in layers:
        try:
            receipts.append(shelves.take(layer))
        except LandkitError as error:
            errors.append(error)
            receipts.append(_refused(layer, error))
    if len(errors) == len(layers):
        raise errors[0]
    return tuple(receipts)


def _refused(layer: SourceLayer, error: LandkitError) -> LayerReceipt:
    rows = returned_rows(layer, pd.Series("not_taken", index=layer.frame.index, dtype="str"))
    returned = gpd.GeoDataFrame(rows, geometry=layer.frame.geometry.name, crs=layer.frame.crs)
    returned["row"] = [row_number(layer, label) for label in rows["row"]]
    finding = Finding(f"error.{error.key}", "error", layer.name, values=error.values)
    return LayerReceipt(layer.name, "", "", len(layer.frame), 0, 0, 0, 0, None, returned, pd.DataFrame(), (finding,))


def _reviewed(root: Path) -> dict[str, pd.DataFrame]:
    """Return what persons have decided on the review sheets, by layer; a later sheet comes after an earlier one."""
    found: dict[str, list[pd.DataFrame]] = {}
    for sheet in sorted((root / "review").glob("*-[0-9][0-9][0-9][0-9].xlsx")):
        from landkit.products.review_sheet import read_review

        found.setdefault(sheet.stem[:-5], []).append(read_review(sheet))
    return {layer: pd.concat(sheets, ignore_index=True) for layer, sheets in found.items()}
