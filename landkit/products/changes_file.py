"""Every change that an import made to delivered rows, as CSV beside the journal."""

from __future__ import annotations

import math

import pandas as pd
import shapely

from landkit.intake import CHANGES
from landkit.products.csv_file import csv_bytes


def changes_bytes(changes: pd.DataFrame) -> bytes:
    """Return the changes (columns as `Intake.changes`; rows counted from 1, shapes as well-known text) as CSV."""
    rows = [
        [
            int(change["row"]) + 1,
            str(change["id"]),
            str(change["change"]),
            int(change["count"]),
            *(None if math.isnan(change[name]) else float(change[name]) for name in ("before_m2", "after_m2")),
            None if change["delivered"] is None else shapely.to_wkt(change["delivered"], rounding_precision=-1),
        ]
        for change in changes[CHANGES].to_dict("records")
    ]
    return csv_bytes(CHANGES, rows)
