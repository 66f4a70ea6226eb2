"""Every change that an import made to delivered rows, as CSV beside the journal."""

from __future__ import annotations

import pandas as pd

from landkit.intake import CHANGES
from landkit.products.csv_file import csv_bytes


def changes_bytes(changes: pd.DataFrame) -> bytes:
    """Return the changes (columns as `Intake.changes`; rows counted from 1) as CSV."""
    rows = [
        [int(row) + 1, str(identity), str(change), int(count), *(None if pd.isna(m2) else float(m2) for m2 in areas)]
        for row, identity, change, count, *areas in changes[CHANGES].itertuples(index=False)
    ]
    return csv_bytes(CHANGES, rows)
