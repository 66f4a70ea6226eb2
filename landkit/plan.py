"""The plan: its targets, each with the clause it stands in and the way it is measured.

``plan.toml`` is read strictly. A key that landkit does not know, a stage that is on no ladder or a filter that does not
parse is refused when the plan is read: a target must never be measured as something that the plan does not say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from landkit.errors import InputError, UsageError
from landkit.schema import schema
from landkit.stages import check_stages
from landkit.where import Where, compile_where

KINDS = ("progress", "scope", "context", "ledger_only")
TESTS = (">=", ">", "=", "~", "range")
STATISTICS = ("items", "distinct", "sum", "net", "ratio", "area")
RULES = ("all", "any", "first")
STRICTLY_MORE = "超"

_PLACE = re.compile(r"at line (\d+)")
_WITHIN = re.compile(r"(\w+):(\S+)")


@dataclass(frozen=True)
class Measure:
    """How a figure comes about. One shown beside shares the rows and items of the target's own, but not its stage.

    Attributes
    ----------
    statistic
        ``items`` of the list, ``distinct`` enterprises, ``sum`` of `field`, ``net`` area of the shapes, ``ratio`` of
        two sums, or ``area`` of all shapes.
    stages
        Rungs from which on a row counts, one for each ladder of the layer; empty where stages do not matter.
    where
        Rows that are meant at all.
    of
        What is distinct: ``enterprise``.
    rule
        Of an item with several rows, which must have reached the stage.
    items_of
        The target whose items are summed up.
    within
        Layer and id of the area that holds the largest part of a row.
    """

    statistic: str
    stages: tuple[str, ...] = ()
    where: Where | None = None
    field: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    of: str | None = None
    rule: str = "all"
    items_of: str | None = None
    within: tuple[str, str] | None = None
    beside: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Target:
    """A figure that the plan sets, word for word and as it is tested."""

    id: str
    kind: str
    what: str
    what_zh: str
    value: float
    highest: float | None
    unit: str
    test: str
    words: str
    force: str
    quote: str
    section: str
    due: date | None
    lead_unit: str | None
    layer: str | None
    note: str | None
    measure: Measure | None

    def met_by(self, actual: float) -> bool:
        """Return whether `actual` fulfils the target; 超 in the words of the plan means strictly more."""
        if self.test == "range":
            return self.value <= actual <= (self.highest or self.value)
        if self.test == "=":
            return actual == self.value
        if self.test == ">" or STRICTLY_MORE in self.words:
            return actual > self.value
        return actual >= self.value


@dataclass(frozen=True)
class Plan:
    """A plan and its targets, in the order of the file."""

    title: str
    number: str
    issuer: str | None
    published: date
    file: str | None
    targets: tuple[Target, ...]

    def target(self, target_id: str) -> Target:
        """Return the target called `target_id`."""
        return next(target for target in self.targets if target.id == target_id)


def read_plan(path: Path) -> Plan:
    """Return the plan kept in a ``plan.toml``.

    Raises
    ------
    InputError
        If the file is missing, is no TOML (with the line), or says something of a target that is not understood (with
        the target).
    """
    name = path.name
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError("plan.missing_file", file=str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("plan.syntax", file=name, line=line, reason="UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else _line_count(path)
        raise InputError("plan.syntax", file=name, line=line, reason=str(error)) from error
    head = _Entry(name, "[plan]", raw.get("plan"))
    entries = _tables(name, raw)
    plan = Plan(
        title=head.text("title"),
        number=head.text("number"),
        issuer=head.optional("issuer"),
        published=head.day("published"),
        file=head.optional("file"),
        targets=tuple(_target(name, entry) for entry in entries),
    )
    head.close()
    _check_ids(name, plan.targets)
    return plan


def _line_count(path: Path) -> int:
    # where the parser names no line, the fault is the unexpected end of the file
    return path.read_bytes().count(b"\n") + 1


class _Entry:
    """One table of the file; every key taken is ticked off, so that what is left over is unknown."""

    def __init__(self, file: str, where: str, raw: object) -> None:
        if not isinstance(raw, dict):
            raise InputError("plan.missing", file=file, target=where, name=where)
        self.file, self.where, self.left = file, where, dict(raw)

    def refuse(self, key: str, value: object, allowed: str) -> InputError:
        return InputError("plan.value", file=self.file, target=self.where, name=key, value=value, allowed=allowed)

    def take(self, key: str) -> Any:
        if key not in self.left:
            raise InputError("plan.missing", file=self.file, target=self.where, name=key)
        return self.left.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str):
            raise self.refuse(key, value, '"…"')
        return value

    def optional(self, key: str) -> str | None:
        return self.text(key) if key in self.left else None

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.refuse(key, value, ", ".join(allowed))
        return value

    def number(self, key: str) -> float:
        return self.checked_number(key, self.take(key))

    def checked_number(self, key: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
            raise self.refuse(key, value, "1, 2.5, …")
        return value

    def day(self, key: str) -> date:
        value = self.take(key)
        try:
            # a date of TOML is a date here; one with a time of day is not meant
            return date.fromisoformat(value if isinstance(value, str) else str(value))
        except ValueError:
            raise self.refuse(key, value, "2022-12-31") from None

    def close(self) -> None:
        if self.left:
            raise InputError("plan.key", file=self.file, target=self.where, name=", ".join(self.left))


def _tables(file: str, raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    unknown = set(raw) - {"plan", "target"}
    if unknown:
        raise InputError("plan.key", file=file, target="plan.toml", name=", ".join(sorted(unknown)))
    entries = raw.get("target", [])
    if not isinstance(entries, list):
        raise InputError(
            "plan.value", file=file, target="target", name="target", value="[target]", allowed="[[target]]"
        )
    return entries


def _check_ids(file: str, targets: tuple[Target, ...]) -> None:
    ids = [target.id for target in targets]
    for target in targets:
        if ids.count(target.id) > 1:
            raise InputError("plan.twice", file=file, target=target.id)
        measures = [target.measure, *target.measure.beside] if target.measure else []
        for measure in measures:
            other = next((t for t in targets if measure and t.id == measure.items_of), None)
            if measure and measure.items_of and (other is None or other is target or other.measure is None):
                raise InputError(
                    "plan.value", file=file, target=target.id, name="items_of", value=measure.items_of, allowed="T01, …"
                )


def _target(file: str, raw: dict[str, Any]) -> Target:
    name = raw.get("id") if isinstance(raw, dict) else None
    entry = _Entry(file, name if isinstance(name, str) else "[[target]]", raw)
    kind = entry.one_of("kind", KINDS)
    value, highest = _values(entry)
    layer = entry.optional("layer")
    measure = entry.left.pop("measure", None)
    target = Target(
        id=entry.text("id"),
        kind=kind,
        what=entry.text("what"),
        what_zh=entry.text("what_zh"),
        value=value,
        highest=highest,
        unit=entry.text("unit"),
        test=entry.one_of("test", TESTS),
        words=entry.optional("words") or "",
        force=entry.optional("force") or "",
        quote=entry.text("quote"),
        section=entry.text("section"),
        due=entry.day("due") if kind == "progress" or "due" in entry.left else None,
        lead_unit=entry.optional("lead_unit"),
        layer=layer,
        note=entry.optional("note"),
        measure=None if measure is None else _measure(_Entry(file, f"{entry.where}.measure", measure), layer),
    )
    entry.close()
    if (target.test == "range") != (target.highest is not None):
        raise entry.refuse("test", target.test, "range ⇔ values = [3, 5]")
    return target


def _values(entry: _Entry) -> tuple[float, float | None]:
    if "values" not in entry.left:
        return entry.number("value"), None
    values = entry.take("values")
    if not isinstance(values, list) or len(values) != 2:
        raise entry.refuse("values", values, "[3, 5]")
    low, high = (entry.checked_number("values", value) for value in values)
    return low, high


def _measure(entry: _Entry, layer: str | None, base: Measure | None = None) -> Measure:
    if layer is None or layer not in schema().layers:
        raise entry.refuse("layer", layer, ", ".join(schema().layers))
    statistic = entry.one_of("statistic", STATISTICS)
    measure = Measure(
        statistic=statistic,
        stages=_stages(entry, layer) if "stage" in entry.left else (),
        where=_where(entry) if "where" in entry.left else (base.where if base else None),
        field=entry.text("field") if statistic == "sum" else None,
        numerator=entry.text("numerator") if statistic == "ratio" else None,
        denominator=entry.text("denominator") if statistic == "ratio" else None,
        of=entry.one_of("of", ("enterprise",)) if statistic == "distinct" else None,
        rule=entry.one_of("rule", RULES) if "rule" in entry.left else (base.rule if base else "all"),
        items_of=entry.optional("items_of") or (base.items_of if base else None),
        within=_within(entry) if "within" in entry.left else (base.within if base else None),
    )
    beside = entry.left.pop("beside", []) if base is None else []
    if not isinstance(beside, list):
        raise entry.refuse("beside", beside, "[{statistic = …}, …]")
    entry.close()
    shown = tuple(_measure(_Entry(entry.file, f"{entry.where}.beside", raw), layer, measure) for raw in beside)
    return replace(measure, beside=shown)


def _stages(entry: _Entry, layer: str) -> tuple[str, ...]:
    value = entry.take("stage")
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) for name in names):
        raise entry.refuse("stage", value, '"reclaimed", ["signing", "under_way"]')
    try:
        return check_stages(layer, names, schema().layers)
    except UsageError as error:
        allowed = str(error.values.get("rungs", error.values.get("known")))
        raise entry.refuse("stage", value, allowed) from error


def _where(entry: _Entry) -> Where:
    text = entry.text("where")
    try:
        return compile_where(text)
    except UsageError as error:
        raise entry.refuse("where", text, "CQL2: kind = '城中村' AND area_doc_mu > 5") from error


def _within(entry: _Entry) -> tuple[str, str]:
    text = entry.text("within")
    found = _WITHIN.fullmatch(text)
    if not found or found[1] not in schema().layers:
        raise entry.refuse("within", text, "zone_area:QB")
    return found[1], found[2]
