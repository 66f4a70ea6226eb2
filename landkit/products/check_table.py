"""What a check found, to be read: a table, CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landkit.checks.report import Report
from landkit.products.csv_file import csv_bytes
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, clean, render_text
from landkit.words import Phrase, text

_SHOWN_IDS = 3
_COLUMNS = ("mu", "severity", "fixer", "check", "layer", "ids", "text", "settled")
_LISTED = ("finding", *_COLUMNS, "dimension")


def check_text(report: Report, *, form: str, lang: str = "en", width: int = 80) -> str:
    """Return the report as text.

    Parameters
    ----------
    form
        ``table``, ``csv`` or ``json``.
    width
        Of the terminal, in cells; for ``table`` alone.
    """
    if form == "json":
        return json_text(document(report, lang=lang))
    if form == "csv":
        rows = [[clean(cell) if isinstance(cell, str) else cell for cell in row] for row in _rows(report, lang)]
        return csv_bytes([text(f"check.column.{name}", lang) for name in _LISTED], rows).decode("utf-8")
    columns = [Column(text(f"check.column.{name}", lang), name == "mu") for name in _COLUMNS]
    tolerance = report.basis["tolerance"]
    lines = [
        [f"{finding['mu']:,.2f}", *(str(_cell(finding, name, lang, tolerance, brief=True)) for name in _COLUMNS[1:])]
        for finding in report.findings.to_dict("records")
    ]
    body = render_text(Table(columns, lines, title=text("check.title", lang)), width=width) if lines else ""
    return body + "".join(f"{clean(line)}\n" for line in closing(report, lang))


def closing(report: Report, lang: str) -> Iterator[str]:
    """Yield what stands under the findings: the sum, the gate, the basis and notes."""
    if len(report.findings) == 0:
        yield text("check.none", lang)
    settled = int((report.findings["settled"] != "").sum())
    yield text("check.total", lang, stake=report.at_stake_mu, count=len(report.findings), settled=settled)
    if report.gate_mu is not None:
        state = "open" if report.is_open else "closed"
        yield text(f"check.gate.{state}", lang, stake=report.at_stake_mu, gate=report.gate_mu)
    yield text("check.meaning", lang)
    basis = report.basis
    yield text(
        "check.basis", lang, method=text(f"method.{basis['method']}", lang), plane=basis["plane"], rows=basis["rows"],
        as_of=basis["as_of"] or text("area.no_date", lang), version=basis["version"],
    )  # fmt: skip
    for note in report.notes:
        yield note.text(lang)


def said(finding: Mapping[Any, Any], lang: str, tolerance: Mapping[str, float]) -> str:
    """Return what a finding says: values that are keys of the words are put in words."""
    values = {name: _in_words(name, value) for name, value in finding["values"].items()}
    return text(f"check.{finding['check']}.text", lang, **{**tolerance, **values})


_WORDED = ("reason", "rule", "problem", "higher", "lower", "kind")


def _in_words(name: str, value: object) -> object:
    if name == "known":
        return Phrase(f"check.known.{value}")
    if name in _WORDED and isinstance(value, str) and value.startswith(("check.", "reason.")):
        return Phrase(value)
    return value


def document(report: Report, *, lang: str) -> dict[str, Any]:
    """Return the report under the key of its contract, numbers unrounded; `lang` is that of the texts alone."""
    tolerance = report.basis["tolerance"]
    findings = [
        {
            "finding": finding["finding"],
            "check": finding["check"],
            "severity": finding["severity"],
            "fixer": finding["fixer"],
            "dimension": finding["dimension"],
            "layer": finding["layer"],
            "ids": list(finding["ids"]),
            "mu": finding["mu"],
            "values": finding["values"],
            "text": said(finding, lang, tolerance),
            "settled": finding["settled"] or None,
        }
        for finding in report.findings.to_dict("records")
    ]
    return {
        "landkit.check/v1": {
            "basis": report.basis,
            "at_stake_mu": report.at_stake_mu,
            "gate_mu": report.gate_mu,
            "open": report.is_open,
            "findings": findings,
            "sources": report.sources,
            "notes": [note.text(lang) for note in report.notes],
        }
    }


def _rows(report: Report, lang: str) -> Iterator[list[Any]]:
    tolerance = report.basis["tolerance"]
    for finding in report.findings.to_dict("records"):
        yield [_cell(finding, name, lang, tolerance) for name in _LISTED]


def _cell(
    finding: Mapping[Any, Any], name: str, lang: str, tolerance: Mapping[str, float], *, brief: bool = False
) -> Any:
    if name == "text":
        return said(finding, lang, tolerance)
    if name in ("severity", "fixer", "dimension"):
        return text(f"check.{name}.{finding[name]}", lang)
    if name == "check":
        return text(f"check.{finding['check']}", lang)
    if name == "ids":
        return ids_of(finding["ids"], lang) if brief else ", ".join(finding["ids"])
    return finding[name]


def ids_of(ids: tuple[str, ...], lang: str) -> str:
    """Return the ids of a finding, of many the first few and how many more there are."""
    if len(ids) <= _SHOWN_IDS + 1:
        return ", ".join(ids)
    first = ", ".join(ids[:_SHOWN_IDS])
    return text("check.more_ids", lang, first=first, count=len(ids) - (0 if lang == "zh" else _SHOWN_IDS))
