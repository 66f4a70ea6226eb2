"""The district in which each row is registered, which its shape may contradict."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from landkit.districts import NOWHERE, Districts
from landkit.errors import UsageError
from landkit.measure.rings import IntArray
from landkit.measured import Part
from landkit.schema import id_column
from landkit.selection import DISTRICT, Selection
from landkit.sources import Note

_SHOWN = 5  # names in a note


def district_names(selection: Selection, field: str) -> list[str]:
    """Return the name of each district, else ``#row``."""
    given = selection.frame[field]
    return [f"#{row + 1}" if pd.isna(name) or str(name) == "" else str(name) for row, name in given.items()]


def owners(part: Part, partition: Districts, areas_by: Selection, field: str) -> IntArray:
    """Return the number of the registered district of each row, which names it or gives its id."""
    if DISTRICT not in part.usable.columns:
        if len(part.usable) == 0:
            return np.empty(0, dtype=np.intp)
        raise UsageError("account.no_owner", layer=part.selection.title)
    return partition.number(_registered(part, areas_by, field))


def _registered(part: Part, areas_by: Selection, field: str) -> list[str | None]:
    """Return the name of the registered district of each row, as given where it is neither a name nor an id."""
    column = id_column(map(str, areas_by.frame.columns))
    ids = areas_by.frame[column] if column is not None else pd.Series(dtype=object)
    names = dict(zip(map(_plain, ids), district_names(areas_by, field), strict=False))
    given = part.usable[DISTRICT].astype(object)
    return [None if pd.isna(value) else names.get(_plain(value), _plain(value)) for value in given]


def _plain(value: object) -> str:
    """Return an id as text: a column of whole numbers with a gap in it is one of floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def unknown_owners(part: Part, partition: Districts, areas_by: Selection, field: str) -> Iterator[Note]:
    """Yield a note where rows are registered in a district that there is not."""
    given = _registered(part, areas_by, field)
    lost = [name for name, found in zip(given, partition.number(given), strict=True) if name and found == NOWHERE]
    if lost:
        names = ", ".join(list(dict.fromkeys(lost))[:_SHOWN])
        yield Note("note.owner_unknown", {"layer": part.selection.name, "count": len(lost), "names": names})
