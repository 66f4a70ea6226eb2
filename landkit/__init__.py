"""landkit: land and urban-renewal ledgers, measured once and correctly, offline.

Names resolve on first use (PEP 562), so that ``import landkit`` and ``landkit --help`` load no geo library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landkit.accounting import account
    from landkit.checks.report import check
    from landkit.decisions import decide
    from landkit.exporting import export
    from landkit.founding import init
    from landkit.health import doctor
    from landkit.importing import import_delivery
    from landkit.inventory import layers
    from landkit.measure.area import areas
    from landkit.redlines import redline
    from landkit.standing import status
    from landkit.workspace import open_workspace, write_example

__version__ = "0.1.0"

_HOMES = {
    "account": "landkit.accounting",
    "areas": "landkit.measure.area",
    "check": "landkit.checks.report",
    "decide": "landkit.decisions",
    "doctor": "landkit.health",
    "export": "landkit.exporting",
    "import_delivery": "landkit.importing",
    "init": "landkit.founding",
    "layers": "landkit.inventory",
    "open_workspace": "landkit.workspace",
    "redline": "landkit.redlines",
    "status": "landkit.standing",
    "write_example": "landkit.workspace",
}

__all__ = [
    "__version__",
    "account",
    "areas",
    "check",
    "decide",
    "doctor",
    "export",
    "import_delivery",
    "init",
    "layers",
    "open_workspace",
    "redline",
    "status",
    "write_example",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'landkit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
