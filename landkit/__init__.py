"""landkit: land and urban-renewal ledgers, measured once and correctly, offline.

Names resolve on first use (PEP 562), so that ``import landkit`` and ``landkit --help`` load no geo library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landkit.measure.area import areas

__version__ = "0.1.0"

_HOMES = {"areas": "landkit.measure.area"}

__all__ = ["__version__", "areas"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'landkit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
