"""Land and control lines, to be read: tables, CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from landkit.products.area_document import plain, rows_apart
from landkit.products.csv_file import Cell, csv_bytes
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, clean, render_text
from landkit.redlines import Answer
from landkit.rounding import rounded
from landkit.units import convert, unit_of
from landkit.words import entries, text

_BROKEN, _WARNED = 40, 12  # conflicts listed: all that matter as a rule, and the largest of those that merely warn
_CSV = ("kind", "subkind", "rule", "part", "layer", "area")


def redline_text(
    answer: Answer, *, form: str, unit: str = "mu", digits: int | None = None, lang: str = "en", width: int = 80
) -> str:
    """Return what `landkit.redline` found as text.

    Parameters
    ----------
    form
        ``table``, ``csv`` or ``json``.
    unit, digits
        Of the areas; by default the digits usual for the unit. JSON is not rounded.
    width
        Of the terminal, in cells; for ``table`` alone.
    """
    if form == "json":
        return json_text(redline_document(answer, unit=unit, lang=lang))
    sheet = _Sheet(answer, unit, unit_of(unit).digits if digits is None else digits, lang)
    if form == "csv":
        return csv_bytes(*sheet.listed()).decode("utf-8")
    return "\n".join(render_text(table, width=width) for table in sheet.tables())


def redline_document(answer: Answer, *, unit: str = "mu", lang: str = "en") -> dict[str, Any]:
    """Return the document of `answer` with areas in `unit`; `lang` is that of its notes and reasons."""
    keys = ("kind", "subkind", "rule", "part")
    return {
        "landkit.redline/v1": {
            "basis": {**answer.basis, "unit": unit},
            "rows": [
                {
                    **{key: plain(row[key]) for key in keys},
                    "lines": list(row["lines"]),
                    "parcels": row["parcels"],
                    "net": convert(row["m2"], unit=unit),
                    "programmes": {name: convert(row[name], unit=unit) for name in answer.programmes},
                }
                for row in answer.rows.to_dict("records")
            ],
            "conflicts": [
                {
                    "layer": row["layer"],
                    "id": row["id"],
                    **{key: plain(row[key]) for key in keys},
                    "area": convert(row["m2"], unit=unit),
                    "share": row["share"],
                    "lines": list(row["lines"]),
                }
                for row in answer.conflicts.to_dict("records")
            ],
            "broken": len(answer.broken),
            **rows_apart(answer.repaired, answer.unmeasured, unit=unit, lang=lang),
            "sources": answer.sources,
            "notes": [note.text(lang) for note in answer.notes],
        }
    }


class _Sheet:
    """The answer in one unit and language."""

    def __init__(self, answer: Answer, unit: str, digits: int, lang: str) -> None:
        self.answer = answer
        self.unit = unit
        self.digits = digits
        self.lang = lang

    def tables(self) -> Iterator[Table]:
        yield self._figures()
        if len(self.answer.conflicts):
            yield self._conflicts()
        yield Table([Column(""), Column(text("status.notes", self.lang))], [["-", line] for line in self._lines()])

    def listed(self) -> tuple[list[str], list[list[Cell]]]:
        """Return headings and a line for each kind of line and programme; all programmes together have no name."""
        unit = unit_of(self.unit).name(self.lang)
        titles = [self._say(f"redline.column.{name}", unit=unit) for name in _CSV]
        rows: list[list[Cell]] = []
        for row in self.answer.rows.to_dict("records"):
            head = [self._kind(row["kind"]), plain(row["subkind"]), row["rule"], row["part"]]
            for name in (*self.answer.programmes, None):
                cells: list[Cell] = [None if cell is None else clean(cell) for cell in (*head, name)]
                rows.append([*cells, rounded(convert(row[name or "m2"], unit=self.unit), digits=self.digits)])
        return titles, rows

    def _figures(self) -> Table:
        heads = [Column(self._say("redline.column.kind")), Column(self._say("redline.column.rule"))]
        heads += [Column(self._layer(name), numeric=True) for name in self.answer.programmes]
        heads += [Column(self._say(f"redline.column.{name}"), numeric=True) for name in ("net", "parcels")]
        rows = []
        for row in self.answer.rows.to_dict("records"):
            figures = [self._area(row[name]) for name in (*self.answer.programmes, "m2")]
            rows.append([self._place(row), self._say(f"redline.rule.{row['rule']}"), *figures, str(row["parcels"])])
        return Table(heads, rows, title=self._say("redline.title", unit=unit_of(self.unit).name(self.lang)))

    def _conflicts(self) -> Table:
        unit = unit_of(self.unit).name(self.lang)
        names, numeric = ("layer", "id", "kind", "rule", "area", "share", "lines"), ("area", "share")
        heads = [Column(self._say(f"redline.column.{name}", unit=unit), name in numeric) for name in names]
        warned = self.answer.conflicts.iloc[len(self.answer.broken) :]
        listed = pd.concat([self.answer.broken.head(_BROKEN), warned.head(_WARNED)])
        rows = [
            [
                self._layer(row["layer"]), row["id"], self._place(row), self._say(f"redline.rule.{row['rule']}"),
                self._area(row["m2"]), f"{100 * row['share']:.1f}", ", ".join(row["lines"]),
            ]
            for row in listed.to_dict("records")
        ]  # fmt: skip
        if (more := len(self.answer.conflicts) - len(listed)) > 0:
            rows.append([self._say("area.more", count=more), *[""] * (len(names) - 1)])
        tolerance = f"{self.answer.basis['tolerance_m2']:g}"
        return Table(heads, rows, title=self._say("redline.title.conflicts", tolerance=tolerance))

    def _lines(self) -> Iterator[str]:
        answer, basis, broken = self.answer, self.answer.basis, self.answer.broken
        parcels = len(broken[["layer", "id"]].drop_duplicates())
        yield self._say("redline.broken", count=len(broken), parcels=parcels) if parcels else self._say("redline.kept")
        yield self._say(
            "redline.basis", method=self._say(f"method.{basis['method']}"), plane=basis["plane"],
            as_of=basis["as_of"] or self._say("area.no_date"), lines=basis["lines"],
            tolerance=f"{basis['tolerance_m2']:g}", files=len(answer.sources),
        )  # fmt: skip
        drawn = basis["geom_source"].get("placeholder", 0), basis["line_source"].get("placeholder", 0)
        if any(drawn):
            yield self._say("redline.placeholder", parcels=drawn[0], lines=drawn[1])
        if len(answer.repaired):
            yield self._say("area.repaired", count=len(answer.repaired))
        if len(answer.unmeasured):
            ledger, unit = self._area(answer.unmeasured["doc_m2"].sum()), unit_of(self.unit).name(self.lang)
            yield self._say("area.unmeasured", count=len(answer.unmeasured), ledger=ledger, unit=unit)
        yield from (note.text(self.lang) for note in answer.notes)

    def _place(self, row: dict[Any, Any]) -> str:
        """Return the kind of line, its subkind, and that what lies outside is meant."""
        name = self._kind(row["kind"])
        if row["subkind"]:
            name += f" {row['subkind']}"
        return f"{name} {self._say('redline.part.outside')}" if row["part"] == "outside" else name

    def _kind(self, kind: str) -> str:
        key = f"redline.kind.{kind}"
        return self._say(key) if key in entries() else kind

    def _layer(self, name: str) -> str:
        key = f"area.layer.{name}"
        return self._say(key) if key in entries() else name

    def _area(self, m2: float) -> str:
        return f"{rounded(convert(float(m2), unit=self.unit), digits=self.digits):,.{self.digits}f}"

    def _say(self, key: str, **values: object) -> str:
        return text(key, self.lang, **values)
