"""`landkit import`: any delivery into a workspace, or to a clean GeoPackage; the batch never dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landkit.admission import Admitted, Surroundings, admit
from landkit.crs import read_plane, read_source
from landkit.errors import CrsError, InputError, LandkitError, UsageError
from landkit.mapping import guess_layer
from landkit.measure.area import areas
from landkit.products.output import check_targets
from landkit.products.package import write_package
from landkit.products.returned_sheet import returned_files
from landkit.receipts import FileReceipt, Finding, LayerReceipt, Receipt
from landkit.sources import SourceLayer
from landkit.sources.contained import Reader
from landkit.sources.folder import deliveries
from landkit.store import exclusive, restore
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
    paths = [file for source in given for file in deliveries(Path(source))]
    if out is not None:
        if layer is not None or join or update:
            raise UsageError("intake.out_alone")
        return _to_package(paths, Path(out), wish, force, progress)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    return _to_workspace(paths, kept.root, wish, progress)


def _undone(number: int, given: list[Any], workspace: Any) -> Receipt:
    if given:
        raise UsageError("intake.undo_alone", number=number)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    return Receipt((), tuple(kept.root / name for name in restore(kept.root, number)))


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
            layers = reader.read(path, source_layer=wish.source_layer, encoding=wish.encoding)
            receipts.append(take(path, layers))
        except LandkitError as error:
            rows = sum(len(layer.frame) for layer in layers)
            receipts.append(FileReceipt(path, _kind(layers), _hash(layers), features_read=rows, error=error))
    return receipts


def _kind(layers: Sequence[SourceLayer]) -> str:
    return ", ".join(dict.fromkeys(layer.kind for layer in layers if layer.kind))


def _hash(layers: Sequence[SourceLayer]) -> str:
    return layers[0].sha256 if layers else ""


def _receipt(admitted: Admitted, target: str, **counts: Any) -> LayerReceipt:
    intake = admitted.intake
    returned = intake.returned
    shown = gpd.GeoDataFrame(returned, geometry=admitted.layer.frame.geometry.name) if len(returned) else returned
    return LayerReceipt(
        name=admitted.layer.name, target=target, crs=admitted.crs, features_in=len(admitted.layer.frame),
        accepted=len(intake.accepted), repaired=intake.repaired, area_m2=_area(intake.accepted),
        returned=shown, changes=intake.changes, findings=admitted.findings,
        **{"unchanged": 0, "updated": 0, **counts},
    )  # fmt: skip


def _area(frame: gpd.GeoDataFrame) -> float | None:
    """Return the area of polygons on the ellipsoid, None where their system does not allow it."""
    if frame.crs is None or frame.geometry.isna().all():
        return None
    try:
        return float(areas(frame).sum())
    except LandkitError:
        return None  # a foreign datum, or data wider than one zone: rows are kept all the same


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
        admitted = [admit(one, target=None, around=Surroundings(), crs=wish.crs, overlaps=wish.overlaps) for one in layers]
        for one in admitted:
            frame = one.intake.accepted
            kept = frame if one.layer.has_shapes else pd.DataFrame(frame.drop(columns=frame.geometry.name))
            frames[_free_name(one.layer, frames)] = kept
        return FileReceipt(path, _kind(layers), _hash(layers), tuple(_receipt(one, one.layer.name) for one in admitted))

    with Reader() as reader:
        receipts = _each(paths, reader, wish, progress, take)
    receipt = Receipt(tuple(receipts))
    if not frames:
        return receipt
    write_package(out, frames, force=force)
    written = [out, *returned_files(receipt, out.with_name(f"{out.stem}-returned"), force=force)]
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
