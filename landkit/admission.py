"""One delivered layer on its way in: its system found, its columns named, its rows sorted, and all of it told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from landkit.conversion import Converted, convert
from landkit.crs import Plane, Source, carry, read_source
from landkit.errors import CrsError, InputError, LandkitError
from landkit.georeference import Location, locate
from landkit.intake import CHANGES, NUMBERED_BY_FILE, Intake, ground_m2, name_rows, outline_ids, plane_of, take_in
from landkit.mapping import FieldMap, map_fields
from landkit.measure.area import measure
from landkit.measure.pairs import overlapping_pairs
from landkit.measure.rings import Geometries, only, polygonal
from landkit.measure.validity import repair
from landkit.merging import GEOM_SOURCE, NO_SHAPE, Merged
from landkit.receipts import Finding, LayerReceipt, Severity
from landkit.schema import schema
from landkit.sources import Note, SourceLayer
from landkit.stage_columns import stage_columns
from landkit.units import convert as to_unit
from landkit.words import Phrase

_SOURCE_OF_KIND = {"Survey TXT": "survey", "DXF": "cad"}
_MOST_PAIRS = 20  # overlaps told one by one; the rest as a sum
_GRAVE = ("ring", "spike", "id_twice")


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What is known of the place where a delivery is to go.

    Attributes
    ----------
    plane
        The working plane; None without a workspace, where rows are kept in the system they came in.
    aoi
        West, south, east, north in degrees.
    districts, reference
        Layers of the workspace that a delivery is held against.
    """

    plane: Plane | None = None
    aoi: tuple[float, float, float, float] | None = None
    districts: gpd.GeoDataFrame | None = None
    reference: gpd.GeoDataFrame | None = None


@dataclass(frozen=True, eq=False)
class Admitted:
    """A delivered layer, ready to be kept.

    Attributes
    ----------
    layer
        As delivered.
    intake
        Its rows.
    crs
        How the system in which it was read is called; empty for a table.
    fields
        Which delivered column became which field; None where nothing was mapped.
    findings
        What to know.
    """

    layer: SourceLayer
    intake: Intake
    crs: str
    fields: FieldMap | None
    findings: tuple[Finding, ...]


def admit(
    layer: SourceLayer,
    *,
    target: str | None,
    around: Surroundings,
    crs: str | None = None,
    profile: Mapping[str, str] | None = None,
    overlaps: bool = True,
) -> Admitted:
    """Bring a delivered layer into shape.

    Parameters
    ----------
    layer
        As its reader gave it.
    target
        The canonical layer that it is for; None keeps columns, points and lines as they are.
    around
        The workspace's plane, area of interest and layers.
    crs
        The system that the user says it is in.
    profile
        Delivered column -> field, as remembered.
    overlaps
        Look for land that two of its rows cover.

    Raises
    ------
    CrsError
        Its system is missing and not just one fits; without a working plane it is kept as unknown, and said to be.
    DatumError
        It cannot be carried to the working plane.
    """
    place = _placed(layer, around, crs)
    shapes, system = place.shapes, place.system
    fields, converted = _mapped(layer, target, profile)
    frame = converted.frame if converted is not None else layer.frame.drop(columns=layer.frame.geometry.name)
    named, labelled = pd.DataFrame(columns=CHANGES), tuple[Finding, ...]()
    if target is not None and not _is_table(target):
        frame, labelled = _numbered(_with_source(frame, layer), layer)
        frame, named = name_rows(
            frame, stem=_stem(layer), numbered_by_file=layer.kind in NUMBERED_BY_FILE, prefix=target
        )
    intake = take_in(
        layer, frame, shapes, crs=system, source=_measuring(system, layer), only_polygons=target is not None
    )
    named = named[named["row"].isin(intake.accepted.index)]
    intake = Intake(intake.accepted, intake.returned, pd.concat([intake.changes, named], ignore_index=True))
    findings = (
        *_notes(layer, place),
        *_remarks(layer, intake),
        *labelled,
        *_field_findings(layer, target, fields, converted),
        *_changes(layer, intake),
        *_returns(layer, intake),
        *(_overlaps(layer, intake) if overlaps else ()),
    )
    return Admitted(layer, intake, place.name, fields, findings)


def _is_table(target: str) -> bool:
    """Return whether rows are for a table, where an id is that of something else and never made up."""
    known = schema().layers.get(target)
    return known is not None and known.kind == "table"


def _stem(layer: SourceLayer) -> str:
    stem = layer.path.stem
    return stem if layer.name in ("", stem) else f"{stem}-{layer.name}"


@dataclass(frozen=True, eq=False)
class _Place:
    """Shapes in the system in which they are kept, and how the one they came in was found.

    ``came_in`` is None for a table and for what nothing is known of; ``unknown`` says why.
    """

    shapes: Geometries
    system: pyproj.CRS | None
    came_in: pyproj.CRS | None = None
    notes: tuple[Note, ...] = ()
    unknown: CrsError | None = None

    @property
    def name(self) -> str:
        return self.came_in.to_string() if self.came_in is not None else ""


def _placed(layer: SourceLayer, around: Surroundings, given: str | None) -> _Place:
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    if around.plane is None:
        return _as_it_came(layer, shapes, given)
    if not layer.has_shapes or shapely.is_missing(shapes).all():
        return _Place(shapes, around.plane.crs)
    found = _located(layer, shapes, around, given)
    return _Place(found.shapes, around.plane.crs, found.crs, found.notes)


def _as_it_came(layer: SourceLayer, shapes: Geometries, given: str | None) -> _Place:
    """Keep shapes in their own system: what is declared is kept, what is missing is found or said to be unknown."""
    declared = layer.frame.crs
    if not layer.has_shapes or shapely.is_missing(shapes).all():
        return _Place(shapes, declared)
    said = declared if given is None else _system(given)
    if said is not None and (given is None or _measuring(said, layer) is None):
        return _Place(shapes, said, said)
    try:
        found = _located(layer, shapes, Surroundings(), given)
    except CrsError as error:
        if given is not None:
            raise
        return _Place(shapes, None, unknown=error)
    turned = shapely.transform(shapes, lambda xy: xy[:, ::-1]) if found.swapped else shapes
    return _Place(np.asarray(turned), found.crs, found.crs, found.notes)


def _located(layer: SourceLayer, shapes: Geometries, around: Surroundings, given: str | None) -> Location:
    return locate(
        shapes, declared=layer.frame.crs, header=layer.header, aoi=around.aoi, plane=around.plane,
        districts=around.districts, reference=around.reference, given=given, name=_title(layer),
    )  # fmt: skip


def _system(given: str) -> pyproj.CRS | None:
    """Return the system that the user names, None where `locate` is to say what is wrong with it."""
    try:
        return pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError:
        return None


def _title(layer: SourceLayer) -> str:
    inner = "/".join(part for part in (layer.member, layer.name if layer.name != layer.path.stem else "") if part)
    return f"{layer.path} [{inner}]" if inner else str(layer.path)


def _measuring(system: pyproj.CRS | None, layer: SourceLayer) -> Source | None:
    """Return the system in which areas can be stated, None for a foreign datum: its rows are kept, unmeasured."""
    if system is None:
        return None
    try:
        return read_source(system, name=_title(layer))
    except LandkitError:
        return None


def _mapped(
    layer: SourceLayer, target: str | None, profile: Mapping[str, str] | None
) -> tuple[FieldMap | None, Converted | None]:
    if target is None:
        return None, None
    columns = [str(name) for name in layer.frame.columns.drop(layer.frame.geometry.name)]
    fields = map_fields(columns, target, profile=profile, sheet_unit=layer.header.get("unit", ""))
    return fields, convert(layer.frame[columns], fields, target)


def row_number(layer: SourceLayer, label: int) -> int:
    """Return the number of a row for people: in its sheet where it has one, else in its layer, from 1."""
    return label + 1 if layer.rows is None else layer.rows[label]


def _with_source(frame: pd.DataFrame, layer: SourceLayer) -> pd.DataFrame:
    """Say where shapes come from where the kind of file tells it: a survey, a drawing, a table without any."""
    if GEOM_SOURCE in frame.columns:
        return frame
    told = _SOURCE_OF_KIND.get(layer.kind) if layer.has_shapes else NO_SHAPE
    return frame if told is None else frame.assign(**{GEOM_SOURCE: told})


def _numbered(frame: pd.DataFrame, layer: SourceLayer) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Give the outlines of a drawing the numbers that stand in them as ids, and say so."""
    labels = outline_ids(frame) if layer.kind == "DXF" else None
    if labels is None:
        return frame, ()
    said = _finding(layer, "intake.labels", values={"count": int(labels.count()), "id": labels.dropna().iloc[0]})
    return frame.assign(id=labels), (said,)


def _finding(layer: SourceLayer, key: str, severity: Severity = "info", **rest: Any) -> Finding:
    return Finding(key, severity, layer.name, **rest)


def _notes(layer: SourceLayer, place: _Place) -> Iterator[Finding]:
    for note in layer.notes:
        # an error among the notes is a part of the file that could not be read
        yield _finding(layer, note.key, "error" if note.key.startswith("error.") else "info", values=note.values)
    for note in place.notes:
        yield _finding(layer, note.key, "warning", values=note.values)
    if place.unknown is not None:
        for key in (f"error.{place.unknown.key}", f"error.{place.unknown.key}.hint"):
            yield _finding(layer, key, "error", values=place.unknown.values)


def _remarks(layer: SourceLayer, intake: Intake) -> Iterator[Finding]:
    ids = _ids(intake) if len(layer.remarks) else {}
    for remark in layer.remarks.to_dict("records"):
        row = int(remark["row"])
        place = {"row": row_number(layer, row), "id": str(ids.get(row, ""))}
        yield _finding(layer, remark["key"], "warning", **place, values=remark["values"])


def _ids(intake: Intake) -> dict[int, str]:
    frame = intake.accepted
    return dict(zip(frame.index, frame["id"], strict=True)) if "id" in frame.columns else {}


def _field_findings(
    layer: SourceLayer, target: str | None, fields: FieldMap | None, converted: Converted | None
) -> Iterator[Finding]:
    if fields is None or converted is None:
        return
    read = stage_columns(list(fields.unmapped), target or "")
    if kept := [column for column in fields.unmapped if column not in {*read.dates, *read.evidence}]:
        yield _finding(layer, "intake.unmapped", values={"columns": ", ".join(kept)})
    for column, unit in fields.assumed.items():
        values = {"column": column, "field": fields.fields[column], "unit": unit}
        yield _finding(layer, "intake.unit_assumed", values=values)
    for doubt in fields.doubtful:
        values = {"column": doubt.column, "fields": ", ".join(doubt.fields), "winner": doubt.winner}
        yield _finding(layer, doubt.key, "warning", values=values)
    for problem in converted.problems.to_dict("records"):
        told = {"column": problem["column"], "value": str(problem["value"]), "reason": Phrase(str(problem["reason"]))}
        yield _finding(layer, "intake.cell", "warning", row=row_number(layer, int(problem["row"])), values=told)


def _changes(layer: SourceLayer, intake: Intake) -> Iterator[Finding]:
    for change in intake.changes.to_dict("records"):
        before, after = float(change["before_m2"]), float(change["after_m2"])
        values = {"count": int(change["count"]), "before": before, "after": after, "id": change["id"]}
        mu = None if np.isnan(after - before) else to_unit(abs(after - before), unit="mu")
        place = {"row": row_number(layer, int(change["row"])), "id": str(change["id"])}
        severity: Severity = "warning" if change["change"] in _GRAVE else "info"
        yield _finding(layer, f"change.{change['change']}", severity, **place, mu=mu, values=values)


def _returns(layer: SourceLayer, intake: Intake) -> Iterator[Finding]:
    for row, reason in zip(intake.returned["row"], intake.returned["reason"], strict=True):
        yield _finding(layer, f"reason.{reason}", "error", row=row_number(layer, int(row)))


def _overlaps(layer: SourceLayer, intake: Intake) -> Iterator[Finding]:
    """Yield the land that two accepted rows of one delivery cover, the largest first."""
    frame = intake.accepted
    shapes = np.asarray(frame.geometry.array, dtype=object)
    shapes = only(shapes, polygonal(shapes))
    source = _measuring(frame.crs, layer)
    if source is None or shapely.is_missing(shapes).all():
        return
    try:
        plane = plane_of(shapes, source)
        pairs = overlapping_pairs(repair(carry(shapes, source, plane)).shapes)
        mu = np.asarray(to_unit(measure(pairs.shapes, plane), unit="mu"))
    except InputError as error:  # wider than one zone
        yield _finding(layer, f"error.{error.key}", "warning", values=error.values)
        return
    ids = frame["id"].astype("str") if "id" in frame.columns else "#" + (frame.index.to_series() + 1).astype("str")
    order = np.argsort(-mu, kind="stable")
    for at in order[:_MOST_PAIRS]:
        values = {"first": ids.iloc[pairs.first[at]], "second": ids.iloc[pairs.second[at]], "mu": float(mu[at])}
        row = row_number(layer, int(frame.index[pairs.first[at]]))
        yield _finding(layer, "intake.overlap", "warning", row=row, mu=float(mu[at]), values=values)
    if len(order) > _MOST_PAIRS:
        rest = float(mu[order[_MOST_PAIRS:]].sum())
        values = {"count": len(order) - _MOST_PAIRS, "mu": rest}
        yield _finding(layer, "intake.overlaps", "warning", mu=rest, values=values)


def receipt(
    admitted: Admitted,
    target: str,
    *,
    merged: Merged | None = None,
    unchanged: int = 0,
    findings: tuple[Finding, ...] | None = None,
) -> LayerReceipt:
    """Return what became of an admitted layer.

    Parameters
    ----------
    target
        The layer that took its rows.
    merged
        What they did to it.
    unchanged
        Rows that a table had already.
    findings
        In place of those of the admission.
    """
    intake = admitted.intake
    returned = intake.returned.assign(row=[row_number(admitted.layer, int(label)) for label in intake.returned["row"]])
    shape = admitted.layer.frame.geometry.name
    return LayerReceipt(
        name=admitted.layer.name,
        target=target,
        crs=admitted.crs,
        features_in=len(admitted.layer.frame),
        accepted=len(intake.accepted),
        repaired=intake.repaired,
        unchanged=unchanged if merged is None else int(merged.unchanged.sum()),
        updated=0 if merged is None else int(merged.updated.sum()),
        area_m2=_area(intake.accepted, admitted.layer),
        returned=gpd.GeoDataFrame(returned, geometry=shape, crs=admitted.crs or None) if len(returned) else returned,
        changes=intake.changes,
        findings=admitted.findings if findings is None else findings,
    )


def _area(frame: gpd.GeoDataFrame, layer: SourceLayer) -> float | None:
    """Return the area of the polygons on the ellipsoid, None where it cannot be stated."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    polygons = polygonal(shapes)
    source = _measuring(frame.crs, layer)
    if source is None or not polygons.any():
        return None
    total = float(ground_m2(shapes[polygons], source).sum())
    return None if np.isnan(total) else total
