"""What became of a delivery, file by file and row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from landkit import words
from landkit.errors import LandkitError

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """Something to know about a delivery or one of its rows.

    Attributes
    ----------
    key
        The entry of `landkit.words`.
    severity
        ``error``, ``warning`` or ``info``.
    layer, row, id
        Where: the delivered layer, the row in it (from 1; 0 for the whole layer) and its id.
    mu
        The land it is about, if any.
    values
        What fills the words.
    """

    key: str
    severity: Severity = "info"
    layer: str = ""
    row: int = 0
    id: str = ""
    mu: float | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Return what was found, in `lang`."""
        return words.text(self.key, lang, **self.values)


@dataclass(frozen=True, eq=False)
class LayerReceipt:
    """What became of one layer of a file.

    Attributes
    ----------
    name
        As delivered.
    target
        The layer that took its rows; empty where none did.
    crs
        The reference system in which it was read; empty for a table.
    features_in, accepted, repaired, unchanged, updated
        Rows. ``unchanged`` and ``updated`` are among the accepted.
    area_m2
        Of the accepted polygons; None where it cannot be stated.
    returned
        The rows that were not taken, as `landkit.intake.returned_rows`; ``row`` is the number for people.
    changes
        As `Intake.changes`.
    findings
        What to know.
    """

    name: str
    target: str
    crs: str
    features_in: int
    accepted: int
    repaired: int
    unchanged: int
    updated: int
    area_m2: float | None
    returned: gpd.GeoDataFrame | pd.DataFrame
    changes: pd.DataFrame
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class FileReceipt:
    """What became of one file.

    Attributes
    ----------
    source
        The file.
    kind
        What it was read as; empty where it could not be.
    sha256
        Its hash.
    layers
        One for each layer, sheet or list.
    features_read
        Rows that were read, where an error kept them from being taken.
    error
        Why nothing of it was taken.
    number
        The number of the import in the workspace's journal; None where nothing was written.
    """

    source: Path
    kind: str = ""
    sha256: str = ""
    layers: tuple[LayerReceipt, ...] = ()
    features_read: int = 0
    error: LandkitError | None = None
    number: int | None = None

    @property
    def features_in(self) -> int:
        """Every record of the file."""
        return sum(layer.features_in for layer in self.layers) + self.features_read

    @property
    def accepted(self) -> int:
        """Rows that were taken."""
        return sum(layer.accepted for layer in self.layers)

    @property
    def quarantined(self) -> int:
        """Rows that were not."""
        return sum(len(layer.returned) for layer in self.layers) + self.features_read

    @property
    def repaired(self) -> int:
        """Accepted rows whose shape was repaired."""
        return sum(layer.repaired for layer in self.layers)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be known about it, of all layers."""
        return tuple(finding for layer in self.layers for finding in layer.findings)


@dataclass(frozen=True)
class Receipt:
    """What became of a delivery.

    Attributes
    ----------
    files
        In the order in which they were read.
    written
        The files that were written, the layers of a workspace among them.
    """

    files: tuple[FileReceipt, ...]
    written: tuple[Path, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest error: the batch goes on, its end says that something is left to do."""
        return max((file.error.exit_code for file in self.files if file.error is not None), default=0)
