"""Write the shipped workspace of Jinhua Development Zone 2022 into layers/, the same bytes on every machine.

Run ``python scripts/build_layers.py`` to write, with ``--check`` to compare what is committed with what this makes.
landkit.toml and plan.toml are written by hand and stay as they are.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import Any

from jinhua import enterprises, files, homes, industry, lists, progress, renewal, slips, zones
from jinhua.finish import finish
from jinhua.register import Register
from jinhua.rows import City, Row

from landkit.schema import schema

LAYERS = Path(__file__).resolve().parents[1] / "layers"
SITES_IN_PROJECTS = 5  # urban villages that an expropriation project covers


def built() -> dict[str, str]:
    """Return the text of every file by name."""
    districts = zones.districts()
    layers = {"district": districts, "zone_area": zones.zone_areas(), "control_line": zones.control_lines()}
    layers |= _programmes(City.built(), Register(districts))
    rows = [row for layer in layers.values() for row in layer]
    low = layers["lowefficiency"]
    approved = lists.own_lists([row for row in rows if "list_no" in row.values]) | lists.enterprise_lists(low)
    events = _events(approved, low, layers["renewal_project"])
    finish(rows, events)
    land = layers["reclaim"] + low
    owners = sorted({row.values["enterprise"] for row in land if row.values["enterprise"]})
    firms = enterprises.enterprises(owners)
    codes = {firm["name"]: firm["uscc"] for firm in firms}
    for row in layers["reclaim"]:
        row.values["uscc"] = codes[row.values["enterprise"]]
    tables = {
        "enterprise": firms,
        "enterprise_parcel": enterprises.holdings(codes, land),
        "event": events,
        "plan_item": lists.plan_items(approved),
    }
    texts = {f"{name}.geojson": files.geojson(name, layer, _columns(name)) for name, layer in layers.items()}
    return texts | {f"{name}.csv": files.table(records) for name, records in tables.items()}


def _programmes(city: City, register: Register) -> dict[str, list[Row]]:
    villages, sites = homes.urban_village(city, register)
    reclaim = industry.reclaim(city, register)
    low = industry.lowefficiency(city, register, reclaim)
    projects = renewal.renewal_project(city, register, sites[:SITES_IN_PROJECTS])
    communities = homes.old_community(city, register)
    plots = renewal.small_plot(city, register, projects)
    return {
        "reclaim": reclaim,
        "small_plot": plots,
        "lowefficiency": low,
        "urban_village": villages,
        "old_community": communities,
        "renewal_project": projects,
    }


def _events(approved: dict[str, lists.Items], low: list[Row], projects: list[Row]) -> list[dict[str, Any]]:
    groups = {target: list(items.values()) for target, items in approved.items()}
    groups["other"] = [[row] for row in low if not row.values["enterprise"]]
    groups["elsewhere"] = [[row] for row in projects if not row.values["list_no"]]
    events = [event for pace in progress.PACES for event in progress.climbs(pace, groups[pace.target], slips.LATE)]
    records = slips.slip(progress.record(events), {"reclaim": "reclaimed", "small_plot": "done"})
    progress.number(records)
    return records


def _columns(layer: str) -> list[str]:
    return list(schema().layers[layer].fields)


def differences(texts: dict[str, str], folder: Path) -> list[str]:
    """Return one line for each file of `folder` that is not what this script makes."""
    found = []
    for name, text in sorted(texts.items()):
        path = folder / name
        committed = path.read_bytes().decode("utf-8") if path.is_file() else ""
        if committed != text:
            lines = list(difflib.unified_diff(committed.splitlines(), text.splitlines(), lineterm="", n=0))
            changed = sum(line[:1] in "+-" for line in lines[2:])
            found.append(f"{name}: {changed} lines differ; first: {next(iter(lines[3:4]), 'line ends')[:160]}")
    made = set(texts)
    extra = [
        path.name for path in sorted(folder.glob("*")) if path.suffix in {".geojson", ".csv"} and path.name not in made
    ]
    return found + [f"{name}: not made by this script" for name in extra]


def main() -> int:
    """Write the workspace, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 where a file differs")
    texts = built()
    if not parser.parse_args().check:
        files.write(LAYERS, texts)
        return 0
    found = differences(texts, LAYERS)
    print("\n".join(found) or f"layers/ is what {Path(__file__).name} makes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
