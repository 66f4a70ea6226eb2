"""The ledger as tables for people, and as CSV. What is shown adds up to what is shown as its total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from landkit.accounting import Answer
from landkit.districts import NOWHERE
from landkit.measure.rings import FloatArray
from landkit.products.area_document import area_document, keys_of
from landkit.products.csv_file import csv_bytes
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, clean, markdown, render_markdown, render_text
from landkit.rounding import controlled, largest_remainder, rounded
from landkit.schema import Stage, schema
from landkit.selection import DISTRICT, LAYER, PROGRAMME, STAGE
from landkit.sources import Note
from landkit.units import convert, unit_of
from landkit.words import text

# A two-way table is read as a whole; longer ones are set out line by line.
_MOST_LINES, _MOST_COLUMNS = 60, 12
_LISTED = 12
_SHORT = ("reclaim", "small_plot", "lowefficiency", "urban_village", "old_community", "renewal_project")
_LEAST = 5e-10


def area_text(
    answer: Answer, *, form: str, unit: str = "mu", digits: int | None = None, lang: str = "en", width: int = 80
) -> str:
    """Return the ledger as text.

    Parameters
    ----------
    answer
        What `landkit.account` found.
    form
        ``table``, ``csv``, ``json`` or ``md``.
    unit, digits
        Of the areas; by default the digits usual for the unit. JSON is not rounded.
    width
        Of the terminal, in cells; for ``table`` alone.
    """
    if form == "json":
        return json_text(area_document(answer, unit=unit, lang=lang))
    sheet = _Sheet(answer, unit, unit_of(unit).digits if digits is None else digits, lang)
    if form == "csv":
        titles, rows = sheet.listed()
        # It is read in terminals too: what steers one is left out, as in the tables. The document has values whole.
        cells = [[clean(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        return csv_bytes([clean(title) for title in titles], cells).decode("utf-8")
    tables = list(sheet.tables())
    if form == "md":
        # What a line lists in detail is indented, and so a list within the list.
        lines = [f"{'  ' if line.startswith(' ') else ''}- {markdown(line.strip())}" for line in sheet.lines()]
        parts = [*(render_markdown(table) for table in tables), "\n".join(lines)]
        return "\n\n".join(part.strip("\n") for part in parts) + "\n"
    return "\n".join(render_text(table, width=width) for table in (*tables, sheet.notes()))


class _Sheet:
    """The answer in one unit and language."""

    def __init__(self, answer: Answer, unit: str, digits: int, lang: str) -> None:
        self.answer = answer
        self.unit = unit
        self.digits = digits
        self.lang = lang

    def tables(self) -> Iterator[Table]:
        other = [key for key in self.answer.by if key != DISTRICT]
        rows = self.answer.account.rows
        lines, columns = rows["district"].nunique(), rows["group"].nunique()
        two_way = len(other) == 1 and DISTRICT in self.answer.by and other[0] in self.answer.account.groups.columns
        if (
            two_way
            and len(self.answer.account.groups.columns) == 1
            and lines <= _MOST_LINES
            and columns <= _MOST_COLUMNS
        ):
            yield self._two_way()
        else:
            titles, body = self.listed()
            names = len(self.answer.by)
            heads = [Column(title, place >= names) for place, title in enumerate(titles)]
            cells = [
                [*(str(cell) for cell in row[:names]), *(self._figure(cell) for cell in row[names:])] for row in body
            ]
            yield Table(heads, [*cells, self._totals(names)], title=self._title(), footers=1)
        if len(self.answer.account.shared):
            yield self._shared()

    def listed(self) -> tuple[list[str], list[list[Any]]]:
        """Return headings and a line for each row: keys, counts, areas; those that add up do so as rounded."""
        rows, answer = self.answer.account.rows, self.answer
        gross = self._adding_up(rows["gross"].to_numpy())
        # Rounded alike, so that a row that shares nothing shows one figure three times.
        ledger = self._adding_up(rows["ledger"].fillna(0.0).to_numpy())
        net, counted = self._adding_up(rows["net"].to_numpy()), self._adding_up(answer.counted)
        names = [self._key_title(key) for key in answer.by]
        unit = unit_of(self.unit).name(self.lang)
        titles = [text(f"area.column.{name}", self.lang, unit=unit) for name in ("gross", "net", "counted", "ledger")]
        lines = []
        for place in self._order():
            row = rows.iloc[place]
            keys = keys_of(answer, int(row["district"]), int(row["group"]))
            lines.append(
                [
                    *(self._label(key, value) for key, value in keys.items()),
                    int(row["parcels"]),
                    gross[place],
                    net[place],
                    counted[place],
                    None if np.isnan(row["ledger"]) else ledger[place],
                ]
            )
        return [*names, text("area.column.parcels", self.lang), *titles], lines

    def _order(self) -> list[int]:
        """Return the rows as they are listed: by district, then by stage where rows have one."""
        rows = self.answer.account.rows
        districts = list(dict.fromkeys(rows["district"]))
        keys = zip(rows["district"], rows["group"], strict=True)
        ranks = [(districts.index(district), *self._rank(group)) for district, group in keys]
        return sorted(range(len(rows)), key=ranks.__getitem__)

    def _rank(self, group: int) -> tuple[int, int]:
        """Return the place of a group among others: up the ladder, then in order of appearance."""
        groups = self.answer.account.groups
        stage = str(groups[STAGE].iloc[group]) if STAGE in groups.columns else ""
        rungs = list(dict.fromkeys(rung.id for rung in self._ladder))
        return (rungs.index(stage) if stage in rungs else -1, group)

    @cached_property
    def _ladder(self) -> list[Stage]:
        """The rungs of the measured layers' ladders, upwards."""
        layers = [
            schema().layers[source["layer"]] for source in self.answer.sources if source["layer"] in schema().layers
        ]
        ladders = [ladder for layer in layers for ladder in (layer.stages, *layer.ladders.values())]
        return [rung for ladder in ladders for rung in ladder]

    def _totals(self, names: int) -> list[str]:
        total = self.answer.account.total
        ledger = self.answer.account.rows["ledger"]
        counted = sum(self._adding_up(self.answer.counted), 0.0)
        figures = [
            str(total["parcels"]),
            self._figure(self._in_unit(total["gross"])),
            self._figure(self._in_unit(total["net"])),
            self._figure(counted),
            self._figure(self._in_unit(ledger.sum())) if ledger.notna().any() else "",
        ]
        head = [text("area.total", self.lang)] + [""] * (names - 1) if names else []
        return [*head, *figures]

    def _two_way(self) -> Table:
        """Return districts by groups: each cell is the group's own land, and what they share is taken off."""
        rows = self.answer.account.rows
        districts = list(dict.fromkeys(rows["district"]))
        groups = sorted(set(rows["group"]), key=self._rank)
        cell = np.zeros((len(districts), len(groups) + 1))
        own = rows["net"].to_numpy() if self.answer.basis["count"] == "once" else self.answer.counted
        for district, group, area in zip(rows["district"], rows["group"], own, strict=True):
            cell[districts.index(district), groups.index(group)] = convert(float(area), unit=self.unit)
        cell[:, -1] = self._net(districts) - cell.sum(axis=1)
        cell[np.abs(cell) < _LEAST] = 0.0
        table = controlled(cell, digits=self.digits)
        stacked = bool(np.any(cell[:, -1]))
        key = str(self.answer.account.groups.columns[0])
        titles = [self._label(key, keys_of(self.answer, NOWHERE, group)[key]) for group in groups]
        heads = [Column(self._key_title(DISTRICT)), *(Column(title, numeric=True) for title in titles)]
        again = "area.column.stacked" if self.answer.basis["count"] in ("once", "each") else "area.column.shared_left"
        heads += [Column(text(again, self.lang), numeric=True)] if stacked else []
        heads += [Column(text("area.column.distinct", self.lang), numeric=True)]

        def line(name: str, figures: Iterable[float], total: float) -> list[str]:
            shown = list(figures) if stacked else list(figures)[:-1]
            return [name, *(self._figure(figure) for figure in shown), self._figure(total)]

        lines = [
            line(self._label(DISTRICT, keys_of(self.answer, district, 0).get(DISTRICT)), figures, total)
            for district, figures, total in zip(districts, table.cells, table.rows, strict=True)
        ]
        lines.append(line(text("area.total", self.lang), table.columns, table.total))
        return Table(heads, lines, title=self._title(), footers=1)

    def _net(self, districts: Sequence[int]) -> FloatArray:
        """Return the land of each district, each place once."""
        account = self.answer.account
        net = account.rows.groupby("district")["exclusive"].sum()
        net = net.add(account.shared.groupby("district")["area"].sum(), fill_value=0.0)
        return np.array([convert(float(net[district]), unit=self.unit) for district in districts])

    def _shared(self) -> Table:
        shared = self.answer.account.shared
        areas = self._adding_up(shared["area"].to_numpy())
        by_district = DISTRICT in self.answer.by and DISTRICT not in self.answer.account.groups.columns
        lines = []
        for place in sorted(range(len(areas)), key=lambda place: -areas[place]):
            area, row = areas[place], shared.iloc[place]
            names = " ∩ ".join(self._group_label(number) for number in row["groups"])
            where = keys_of(self.answer, int(row["district"]), 0).get(DISTRICT) if by_district else None
            lines.append([*([self._label(DISTRICT, where)] if by_district else []), names, self._figure(area)])
        if len(lines) > _LISTED:
            rest = sum(sorted(areas, reverse=True)[_LISTED:])
            more = text("area.more", self.lang, count=len(lines) - _LISTED)
            lines = [*lines[:_LISTED], [*([""] if by_district else []), more, self._figure(rest)]]
        total = [text("area.total", self.lang), *([""] if by_district else []), self._figure(sum(areas))]
        heads = [Column(self._key_title(DISTRICT))] if by_district else []
        heads += [
            Column(text("area.column.combination", self.lang)),
            Column(text("area.column.area", self.lang), numeric=True),
        ]
        unit = unit_of(self.unit).name(self.lang)
        return Table(heads, [*lines, total], title=text("area.title.shared", self.lang, unit=unit), footers=1)

    def notes(self) -> Table:
        """Return the lines under the tables as one more table, in which long ones wrap beside their mark.

        What a line lists in detail is indented, and has no mark of its own.
        """
        rows = [["" if line.startswith(" ") else "-", line] for line in self.lines()]
        return Table([Column(""), Column(text("status.notes", self.lang))], rows)

    def lines(self) -> Iterator[str]:
        """Yield what stands under the tables: how the figures close, and what they rest on."""
        yield self._closing()
        answer, basis = self.answer, self.answer.basis
        say = self._say
        yield say("area.basis", method=say(f"method.{basis['method']}"), plane=basis["plane"],
                  as_of=basis["as_of"] or say("area.no_date"), count=answer.account.total["parcels"],
                  files=len(answer.sources))  # fmt: skip
        yield say(f"area.policy.{str(basis['count']).partition(':')[0]}", order=str(basis["count"]).partition(":")[2])
        if basis["districts"] is not None:
            yield say(f"area.assign.{basis['assign']}")
        if basis["where"]:
            yield say("area.where", where=basis["where"])
        if basis["geom_source"].get("placeholder"):
            yield say("area.placeholder", count=basis["geom_source"]["placeholder"])
        if len(answer.repaired):
            yield from self._repairs()
        if len(answer.unmeasured):
            yield from self._unmeasured()
        for note in answer.notes:
            yield self._note(note)

    def _closing(self) -> str:
        total = self.answer.account.total
        net = rounded(self._in_unit(total["net"]), digits=self.digits)
        gross = rounded(self._in_unit(total["gross"]), digits=self.digits)
        parts = [self._in_unit(total["stacked"]), self._in_unit(total["conflict"])]
        again = rounded(gross - net, digits=self.digits)
        stacked, conflict = self._parts_of(parts, again)
        line = self._say(
            "area.closing", gross=self._figure(gross), again=self._figure(again), net=self._figure(net),
            stacked=self._figure(stacked), conflict=self._figure(conflict), unit=unit_of(self.unit).name(self.lang),
        )  # fmt: skip
        if total["outside"] is None:
            return line
        return line + self._say("area.outside", outside=self._figure(self._in_unit(total["outside"])))

    def _parts_of(self, parts: Sequence[float], total: float) -> tuple[float, float]:
        """Return two parts rounded so that they add up to a total that is already rounded."""
        step = 10.0**-self.digits
        first = rounded(parts[0], digits=self.digits)
        if parts[0] < parts[1]:
            second = rounded(parts[1], digits=self.digits)
            return rounded(total - second, digits=self.digits), second
        return (first, rounded(total - first, digits=self.digits)) if total >= first - step else (total, 0.0)

    def _repairs(self) -> Iterator[str]:
        yield self._say("area.repaired", count=len(self.answer.repaired))
        for row in self.answer.repaired.head(_LISTED).to_dict("records"):
            before, after = (self._figure(self._in_unit(row[name])) for name in ("before", "after"))
            yield self._say("area.repaired.row", layer=row["layer"], id=row["id"], before=before, after=after)
        yield from self._more(len(self.answer.repaired))

    def _unmeasured(self) -> Iterator[str]:
        missing = self.answer.unmeasured
        doc = self._figure(self._in_unit(missing["doc_m2"].sum()))
        unit = unit_of(self.unit).name(self.lang)
        yield self._say("area.unmeasured", count=len(missing), ledger=doc, unit=unit)
        for row in missing.head(_LISTED).to_dict("records"):
            reason = self._say(f"reason.{row['reason']}")
            yield self._say("area.unmeasured.row", layer=row["layer"], id=row["id"], row=row["row"], reason=reason)
        yield from self._more(len(missing))

    def _more(self, count: int) -> Iterator[str]:
        if count > _LISTED:
            yield "  " + self._say("area.more", count=count - _LISTED)

    def _note(self, note: Note) -> str:
        return note.text(self.lang)

    def _say(self, key: str, **values: object) -> str:
        return text(key, self.lang, **values)

    def _title(self) -> str:
        return self._say("area.title", unit=unit_of(self.unit).name(self.lang))

    def _key_title(self, key: str) -> str:
        known = {
            DISTRICT: "area.key.district",
            LAYER: "area.key.layer",
            PROGRAMME: "area.key.layer",
            STAGE: "area.key.stage",
        }
        return self._say(known[key]) if key in known else key

    def _label(self, key: str, value: Any) -> str:
        """Return a value as people read it: programmes and stages by their names, others as delivered."""
        if value is None:
            return self._say("area.nowhere") if key == DISTRICT else "—"
        if isinstance(value, list):
            return " + ".join(value)
        if key in (LAYER, PROGRAMME) and value in _SHORT:
            return self._say(f"area.layer.{value}")
        if key == STAGE:
            # The same rung may be called otherwise in another layer: only the layers measured have a say.
            names = dict.fromkeys(getattr(rung, self.lang) for rung in self._ladder if rung.id == value)
            return " / ".join(names) or str(value)
        return str(value)

    def _group_label(self, number: int) -> str:
        groups = self.answer.account.groups
        values = [self._label(str(key), keys_of_group) for key, keys_of_group in groups.iloc[number].items()]
        return " / ".join(values)

    def _in_unit(self, area: Any) -> float:
        return convert(float(area or 0.0), unit=self.unit)

    def _adding_up(self, areas: FloatArray) -> list[float]:
        """Return areas (m²) in the unit, rounded so that they add up to their rounded total."""
        parts = [self._in_unit(area) for area in areas]
        return largest_remainder(parts, digits=self.digits)

    def _figure(self, figure: Any) -> str:
        if figure is None:
            return ""
        return str(figure) if isinstance(figure, int) else f"{rounded(figure, digits=self.digits):,.{self.digits}f}"
