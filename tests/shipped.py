"""The shipped workspace as its files say, read without landkit; the tests of the layers and of the lists use it."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely.geometry import shape

ROOT = Path(__file__).parents[1]
LAYERS = ROOT / "layers"
SOURCE = ROOT.parent / "shared" / "plan"
MU = 10000 / 15
PROGRAMMES = ("reclaim", "small_plot", "lowefficiency", "urban_village", "old_community", "renewal_project")
POLYGONS = ("district", "zone_area", *PROGRAMMES, "control_line")
GEOD = pyproj.Geod(ellps="GRS80")
PLANE = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
SCHEMA = tomllib.loads((ROOT / "landkit" / "schema.toml").read_text(encoding="utf-8"))


def features(layer: str) -> dict[str, dict]:
    found = json.loads((LAYERS / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]
    rows = {entry["properties"]["id"]: entry for entry in found}
    assert len(rows) == len(found), f"{layer}: an id twice"
    return rows


def records(name: str) -> list[dict[str, str]]:
    with (LAYERS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def in_plane(lonlat: np.ndarray) -> np.ndarray:
    return np.column_stack(PLANE.transform(lonlat[:, 0], lonlat[:, 1]))


ROWS = {layer: features(layer) for layer in POLYGONS}
VALUES = {layer: {name: row["properties"] for name, row in rows.items()} for layer, rows in ROWS.items()}
SHAPES = {
    layer: {name: shape(row["geometry"]) for name, row in rows.items() if row["geometry"]}
    for layer, rows in ROWS.items()
}
LAND = {
    layer: {name: shapely.make_valid(shapely.transform(land, in_plane)) for name, land in shapes.items()}
    for layer, shapes in SHAPES.items()
}
EVENTS = records("event")
PLAN = tomllib.loads((LAYERS / "plan.toml").read_text(encoding="utf-8"))
TARGETS = {target["id"]: target for target in PLAN["target"]}
REVERSED = {event["reverses"] for event in EVENTS if event["reverses"]}


def flaw(words: str) -> set[str]:
    """Return the ids that docs/layers.md names for a flaw."""
    text = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.removeprefix("| ").startswith(words)]
    return set(re.findall(r"\b[A-Z]-\d+\b", line.split("|")[2] if line.startswith("|") else line))


def ladder(layer: str, name: str) -> list[str]:
    entry = SCHEMA["layers"][layer]
    rungs = entry.get("ladders", {}).get(VALUES[layer][name].get("mode"), entry["stages"])
    return [rung["id"] for rung in rungs]


def ellipsoid_m2(land) -> float:
    return abs(GEOD.geometry_area_perimeter(land)[0])


def items(target: str) -> dict[str, set[str]]:
    """Return the rows behind each item that stands on a list at the end of the year."""
    found: dict[str, set[str]] = defaultdict(set)
    gone = set()
    for line in records("plan_item"):
        if line["target"] == target:
            found[line["list_no"]].add(line["id"])
            gone |= {line["list_no"]} if line["change"] == "调出" else set()
    return {list_no: rows for list_no, rows in found.items() if list_no not in gone}


def reached(layer: str, stage: str, day: str) -> set[str]:
    """Return the rows at a rung or above it by a day, from the events alone."""
    standing = [event for event in EVENTS if event["layer"] == layer and event["event_no"] not in REVERSED]
    found = set()
    for event in standing:
        rungs = ladder(layer, event["id"])
        if event["event_date"] <= day and stage in rungs and rungs.index(event["stage"]) >= rungs.index(stage):
            found.add(event["id"])
    return found
