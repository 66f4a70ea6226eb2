"""The slips of the event book that landkit must show and not hide; docs/layers.md names them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Record = dict[str, Any]

LATE = {"R-010"}  # the second parcel of an enterprise follows months after the first
UNDATED = "L-044"  # reported as accepted, no event at all
WITHOUT_EVIDENCE = (
    ("reclaim", "R-059", "reclaimed"),
    ("lowefficiency", "L-131", "planned"),
    ("renewal_project", "X-051", "announced"),
)
REPORTED_TOO_EARLY = (("reclaim", "R-061", "2022-05-20"), ("small_plot", "P-17", "2022-08-15"))


def slip(records: list[Record], tops: dict[str, str]) -> list[Record]:
    """Return the records with the slips in them; `tops` is the declared stage of each layer reported too early."""
    kept = [entry for entry in records if entry["id"] != UNDATED]
    for layer, row, stage in WITHOUT_EVIDENCE:
        _entry(kept, layer, row, stage)["evidence_no"] = None
    for layer, row, day in REPORTED_TOO_EARLY:
        kept += _too_early(kept, layer, row, day, tops[layer])
    return kept


def _too_early(records: list[Record], layer: str, row: str, day: str, stage: str) -> list[Record]:
    """Return a report of a stage not yet reached, and the later entry that corrects it to the stage truly reached."""
    before = [
        entry for entry in records if (entry["layer"], entry["id"]) == (layer, row) and entry["event_date"] <= day
    ]
    truth = max(before, key=lambda entry: entry["event_date"])
    moment = datetime.fromisoformat(f"{day}T10:05:00") + timedelta(days=2)
    wrong = {
        **truth,
        "stage": stage,
        "event_date": day,
        "recorded_at": moment.isoformat(),
        "evidence_no": f"佐证-2022-{row}-1",
    }
    # The correction bears the date of what it corrects: as of no day does the wrong stage count.
    right = {
        **wrong,
        "stage": truth["stage"],
        "recorded_at": (moment + timedelta(days=24)).isoformat(),
        "evidence_no": f"佐证-2022-{row}-2",
        "reverses": wrong,
    }
    return [wrong, right]


def _entry(records: list[Record], layer: str, row: str, stage: str) -> Record:
    return next(entry for entry in records if (entry["layer"], entry["id"], entry["stage"]) == (layer, row, stage))
