"""The canonical layers: their fields, aliases, domains and stage ladders, read from ``schema.toml``.

The file is the one place that knows the office's names for things. Nothing here opens data or loads a geo library.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Stage:
    """A rung of a ladder; ``dates`` are the columns under which its date is delivered."""

    id: str
    zh: str
    en: str
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A column of a layer.

    ``zh`` are the names under which it is delivered, ``also`` others met in deliveries, and ``std`` its codes in the
    land databases. ``domain`` maps each value allowed to its Chinese label (the value itself where it needs none) and
    is empty where any value may stand.
    """

    name: str
    zh: tuple[str, ...]
    also: tuple[str, ...]
    std: tuple[str, ...]
    type: str
    unit: str | None
    domain: Mapping[str, str]
    references: str | None
    rule: str | None
    required: str
    withhold: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A canonical layer or table. A polygon layer holds the common fields besides its own; a table only its own.

    ``also`` are the short names by which files and sheets call it.
    """

    id: str
    zh: str
    en: str
    also: tuple[str, ...]
    kind: str
    fields: Mapping[str, Field]
    stages: tuple[Stage, ...]
    ladders: Mapping[str, tuple[Stage, ...]]

    def ladder(self, mode: str | None = None) -> tuple[Stage, ...]:
        """Return the rungs from lowest to highest for a row whose column ``mode`` holds `mode`."""
        return self.stages if mode is None else self.ladders.get(mode, self.stages)


@dataclass(frozen=True)
class Schema:
    """All canonical layers by id, and the fields that every polygon layer shares."""

    common: Mapping[str, Field]
    layers: Mapping[str, Layer]


@cache
def schema() -> Schema:
    """Return the canonical schema, read once."""
    text = resources.files("landkit").joinpath("schema.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    common = raw["common"]["fields"]
    return Schema(
        common={name: _field(name, entry) for name, entry in common.items()},
        layers={name: _layer(name, entry, common) for name, entry in raw["layers"].items()},
    )


def id_column(columns: Iterable[str]) -> str | None:
    """Return the column that holds the canonical id, found by name, alias or code whatever its case.

    Where several would do, the canonical name comes first and then the aliases in the order of the schema; of columns
    that differ only in case, the first delivered.
    """
    field = schema().common["id"]
    delivered: dict[str, str] = {}
    for column in columns:
        delivered.setdefault(column.casefold(), column)
    known = (name.casefold() for name in (field.name, *field.zh, *field.std))
    return next((delivered[name] for name in known if name in delivered), None)


def _layer(name: str, entry: Mapping[str, Any], common: Mapping[str, Mapping[str, Any]]) -> Layer:
    own: Mapping[str, Mapping[str, Any]] = entry["fields"]
    shared = common if entry["kind"] == "polygon" else {}
    # A layer may tighten a common field (stage is mandatory where there is a ladder) and keeps its aliases.
    fields = {key: {**shared.get(key, {}), **own.get(key, {})} for key in (*shared, *own)}
    return Layer(
        id=name,
        zh=entry["zh"],
        en=entry["en"],
        also=tuple(entry.get("also", ())),
        kind=entry["kind"],
        fields={key: _field(key, value) for key, value in fields.items()},
        stages=_rungs(entry.get("stages", ())),
        ladders={mode: _rungs(rungs) for mode, rungs in entry.get("ladders", {}).items()},
    )


def _rungs(entries: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    return tuple(Stage(**{**entry, "dates": tuple(entry.get("dates", ()))}) for entry in entries)


def _field(name: str, entry: Mapping[str, Any]) -> Field:
    domain = entry.get("domain", {})
    return Field(
        name=name,
        zh=tuple(entry.get("zh", ())),
        also=tuple(entry.get("also", ())),
        std=tuple(entry.get("std", ())),
        type=entry["type"],
        unit=entry.get("unit"),
        domain=domain if isinstance(domain, dict) else {value: value for value in domain},
        references=entry.get("references"),
        rule=entry.get("rule"),
        required=entry["required"],
        withhold=tuple(entry.get("withhold", ())),
    )
