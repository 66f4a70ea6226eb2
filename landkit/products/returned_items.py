"""A sheet of returned items that was put right, read as the delivery that its rows are of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from landkit import words
from landkit.products.csv_file import guarded
from landkit.sources import SourceLayer

LEAD = ("source", "layer", "row", "reason", "todo", "kind")  # the first columns of the sheet


def as_delivered(layer: SourceLayer) -> SourceLayer:
    """Return a sheet or layer of returned items as the delivery that its rows are of; any other as it is.

    The first columns are landkit's and go; what was marked as no formula is as it was; the kind is that of the
    delivery, and ``header`` says ``returned``.
    """
    columns = list(layer.frame.columns)
    leads = [[words.text(f"returned.{name}", lang) for name in LEAD] for lang in words.LANGUAGES]
    lead = next((names for names in leads if set(names) <= set(columns)), None)
    if lead is None:
        return layer
    kinds = layer.frame[lead[-1]].dropna().unique()
    frame = layer.frame.drop(columns=lead)
    frame.columns = pd.Index([_plain(name) for name in frame.columns])
    for name in frame.columns.drop(frame.geometry.name):
        if frame[name].dtype in ("str", object):
            frame[name] = frame[name].map(_plain)
    kind = str(kinds[0]) if len(kinds) == 1 else layer.kind
    return replace(layer, frame=frame, kind=kind, header={**layer.header, "returned": "yes"})


def _plain(value: Any) -> Any:
    """Return a text as it was before `guarded` made it harmless."""
    is_marked = isinstance(value, str) and value.startswith("'") and guarded(value[1:]) == value
    return value[1:] if is_marked else value
