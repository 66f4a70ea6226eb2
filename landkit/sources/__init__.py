"""What a planner delivers, opened here and nowhere else.

Names resolve on first use (PEP 562): the child process in which deliveries are read starts while the rest loads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landkit.sources.contained import Reader
    from landkit.sources.delivery import read_delivery
    from landkit.sources.layer import Note, SourceLayer
    from landkit.sources.shapes import screen
    from landkit.sources.vector import list_columns, read_layers

_HOMES = {
    "Note": "landkit.sources.layer",
    "Reader": "landkit.sources.contained",
    "SourceLayer": "landkit.sources.layer",
    "list_columns": "landkit.sources.vector",
    "read_delivery": "landkit.sources.delivery",
    "read_layers": "landkit.sources.vector",
    "screen": "landkit.sources.shapes",
}

__all__ = ["Note", "Reader", "SourceLayer", "list_columns", "read_delivery", "read_layers", "screen"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'landkit.sources' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
