"""The report of an import: a line for each file with what is to be known of it, or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landkit.products.json_text import json_text
from landkit.products.table import clean
from landkit.receipts import FileReceipt, Finding, LayerReceipt, Receipt
from landkit.rounding import rounded
from landkit.units import convert
from landkit.words import text

_MOST = 3  # findings shown of each kind in the text report
_FOLDERS = ("log", "returned", "review")
_SIGNS = {"error": "✗", "warning": "!", "info": "·"}


def import_text(receipt: Receipt, *, form: str, lang: str = "en") -> str:
    """Return the report as text.

    Parameters
    ----------
    form
        ``table``: lines for people; ``json``: one object a line for each file under ``landkit.import/v1``.
    """
    if form == "json":
        return "".join(_line(file, lang) for file in receipt.files)
    lines = [line for file in receipt.files for line in _file(file, lang)]
    if len(receipt.files) > 1:
        lines.append(_total(receipt, lang))
    if receipt.written:
        key = "import.wrote" if receipt.files else "import.undone"
        lines.append(text(key, lang, files=", ".join(map(_place, receipt.written))))
    if any(layer.area_m2 for file in receipt.files for layer in file.layers):
        lines.append(text("import.basis", lang))
    return "".join(f"{clean(line)}\n" for line in lines)


def _place(path: Path) -> str:
    """Return where a file was written, as seen from the workspace."""
    return f"{path.parent.name}/{path.name}" if path.parent.name in _FOLDERS else path.name


def _line(file: FileReceipt, lang: str) -> str:
    """Return one file as a line of JSON."""
    document = {
        "source": str(file.source), "kind": file.kind, "sha256": file.sha256, "features_in": file.features_in,
        "accepted": file.accepted, "quarantined": file.quarantined, "repaired": file.repaired,
        "layers": [_layer_document(layer) for layer in file.layers],
        "findings": [_finding_document(finding, lang) for finding in file.findings],
        "number": file.number,
        "error": _error_document(file, lang),
    }  # fmt: skip
    return json_text({"landkit.import/v1": document}, indent=None)


def _layer_document(layer: LayerReceipt) -> dict[str, Any]:
    return {
        "name": layer.name, "target": layer.target, "crs": layer.crs, "features_in": layer.features_in,
        "accepted": layer.accepted, "quarantined": len(layer.returned), "repaired": layer.repaired,
        "unchanged": layer.unchanged, "updated": layer.updated, "area_m2": layer.area_m2,
        "method": "ellipsoid" if layer.area_m2 is not None else None,
        "returned": [
            {"row": int(row), "reason": reason}
            for row, reason in zip(layer.returned.get("row", ()), layer.returned.get("reason", ()), strict=True)
        ],
    }  # fmt: skip


def _finding_document(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "finding": finding.key, "severity": finding.severity, "layer": finding.layer, "row": finding.row or None,
        "id": finding.id or None, "mu": finding.mu, "text": finding.text(lang),
    }  # fmt: skip


def _error_document(file: FileReceipt, lang: str) -> dict[str, Any] | None:
    if file.error is None:
        return None
    error = file.error
    return {"exit": error.exit_code, "key": error.key, "message": error.message(lang), "hint": error.hint(lang)}


def _file(file: FileReceipt, lang: str) -> Iterator[str]:
    counts = {"features_in": file.features_in, "accepted": file.accepted, "quarantined": file.quarantined}
    said = [text("import.file", lang, kind=file.kind or "?", name=file.source.name, **counts)]
    for name in ("repaired", "unchanged", "updated"):
        count = file.repaired if name == "repaired" else sum(getattr(layer, name) for layer in file.layers)
        if count:
            said.append(text(f"import.{name}", lang, count=count))
    yield "  ".join(said)
    for layer in file.layers:
        yield f"    {_layer(layer, lang)}"
    yield from _findings(file, lang)
    if file.error is not None:
        yield f"    ✗ {text('import.failed', lang, message=file.error.message(lang))}"
        yield f"      {file.error.hint(lang)}"
    if file.number is not None:
        yield f"    {text('import.number', lang, number=file.number)}"


def _layer(layer: LayerReceipt, lang: str) -> str:
    values = {"name": layer.name, "target": layer.target, "accepted": layer.accepted, "crs": layer.crs}
    if not layer.crs:
        return text("import.layer.table", lang, **values)
    mu = "?" if layer.area_m2 is None else f"{rounded(convert(layer.area_m2, unit='mu'), digits=2):,.2f}"
    return text("import.layer", lang, area=mu, **values)


def _findings(file: FileReceipt, lang: str) -> Iterator[str]:
    """Yield what was found, of each kind the first few: a thousand repairs are a table, not a report."""
    shown: Counter[str] = Counter()
    left = 0
    for finding in file.findings:
        shown[finding.key] += 1
        if shown[finding.key] > _MOST:
            left += 1
            continue
        place = [text("import.row", lang, row=finding.row)] if finding.row else []
        place += [finding.id] if finding.id else []
        lead = " ".join(place) + ("  " if place else "")
        yield f"    {_SIGNS[finding.severity]} {lead}{finding.text(lang)}"
    if left:
        yield f"    · {text('import.more', lang, count=left)}"


def _total(receipt: Receipt, lang: str) -> str:
    return text(
        "import.total", lang,
        files=len(receipt.files), failed=sum(file.error is not None for file in receipt.files),
        features_in=sum(file.features_in for file in receipt.files),
        accepted=sum(file.accepted for file in receipt.files),
        quarantined=sum(file.quarantined for file in receipt.files),
    )  # fmt: skip
