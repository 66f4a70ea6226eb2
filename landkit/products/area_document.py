"""The ledger as a document: everything, unrounded, under the key of its contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from landkit.accounting import Answer
from landkit.districts import NOWHERE
from landkit.selection import DISTRICT
from landkit.units import convert
from landkit.words import text

_AREAS = ("gross", "net", "exclusive", "shared", "counted", "ledger")


def area_document(answer: Answer, *, unit: str = "mu", lang: str = "en") -> dict[str, Any]:
    """Return the document of `answer` with areas in `unit`; `lang` is that of its notes and reasons."""
    figures = answer.account
    return {
        "landkit.area/v1": {
            "basis": {**answer.basis, "unit": unit, "by": list(answer.by)},
            "total": {
                name: convert(value, unit=unit) if isinstance(value, float) else value
                for name, value in figures.total.items()
            },
            "rows": [
                {
                    **keys_of(answer, int(row["district"]), int(row["group"])),
                    "parcels": int(row["parcels"]),
                    **{name: area_in(float(row[name]), unit) for name in _AREAS},
                }
                for row in figures.rows.assign(counted=answer.counted).to_dict("records")
            ],
            "shared": [
                {
                    **_district(answer, int(row["district"])),
                    "groups": [_group(answer, number) for number in row["groups"]],
                    "area": convert(float(row["area"]), unit=unit),
                }
                for row in figures.shared.to_dict("records")
            ],
            "closes": {"ok": True, "residual": convert(figures.residual, unit=unit)},
            **rows_apart(answer.repaired, answer.unmeasured, unit=unit, lang=lang),
            "sources": answer.sources,
            "notes": [note.text(lang) for note in answer.notes],
        }
    }


def rows_apart(repaired: pd.DataFrame, unmeasured: pd.DataFrame, *, unit: str, lang: str) -> dict[str, Any]:
    """Return the rows that were repaired and those that could not be measured, areas in `unit`."""
    return {
        "repaired": [
            {
                "layer": row["layer"],
                "id": row["id"],
                "before": convert(float(row["before"]), unit=unit),
                "after": convert(float(row["after"]), unit=unit),
            }
            for row in repaired.to_dict("records")
        ],
        "unmeasured": [
            {
                **{name: plain(row[name]) for name in ("layer", "id", "row")},
                "reason": text(f"reason.{row['reason']}", lang),
                "ledger": area_in(float(row["doc_m2"]), unit),
            }
            for row in unmeasured.to_dict("records")
        ],
    }


def keys_of(answer: Answer, district: int, group: int) -> dict[str, Any]:
    """Return the keys of a row with their values, in the order asked for."""
    own = {**_district(answer, district), **_group(answer, group)}
    return {key: own[key] for key in answer.by if key in own}


def _district(answer: Answer, number: int) -> dict[str, Any]:
    if DISTRICT not in answer.by or DISTRICT in answer.account.groups.columns:
        return {}
    if number == NOWHERE:
        return {DISTRICT: None}
    names = answer.account.districts[number]
    return {DISTRICT: names[0] if len(names) == 1 else list(names)}


def _group(answer: Answer, number: int) -> dict[str, Any]:
    groups = answer.account.groups
    return {str(key): plain(groups[key].iloc[number]) for key in groups.columns}


def plain(value: Any) -> Any:
    """Return a value of a delivered column as JSON has it: missing is null, a date its ISO text."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, date | datetime):
        day = isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if day and isinstance(value, datetime) else value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, str | int | float | bool) else str(value)


def area_in(area: float, unit: str) -> float | None:
    """Return an area (m²) in `unit`, None for NaN."""
    return None if np.isnan(area) else convert(area, unit=unit)
