"""Which delivered column is which field, by what evidence; and which layer a delivery is for.

One column never fills two fields and two columns never fill one: what is not certain stays as it was delivered.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landkit.conversion import Converted, convert
from landkit.errors import InputError
from landkit.field_claims import ALIAS, CODE, NAME, PROFILE, Claim, Doubt, claims_of, fields_of, settle
from landkit.headings import factor, name_and_unit, plain, read_unit, read_units
from landkit.schema import Field, schema
from landkit.sources.layer import Note

__all__ = ["Converted", "Doubt", "FieldMap", "convert", "guess_layer", "map_fields"]

_PLACE = "district"  # a file about land in a key area may bear its name
_TELLING = 2  # columns that only one layer has


@dataclass(frozen=True)
class FieldMap:
    """Which delivered column became which field: every column is in one of `fields`, `unmapped` and `doubtful`.

    Attributes
    ----------
    fields
        Delivered column -> field.
    units
        Delivered column -> the unit that its heading, the line of units or the profile states.
    evidence
        Delivered column -> ``profile``, ``name``, ``alias``, ``code``, ``cut`` (a name cut to ten bytes) or
        ``initials``.
    assumed
        Delivered column -> the unit of the field, where the delivery states none.
    unmapped
        Columns that nothing is known of.
    doubtful
        Columns that something is known of, but not enough.
    """

    fields: dict[str, str]
    units: dict[str, str]
    evidence: dict[str, str]
    assumed: dict[str, str]
    unmapped: tuple[str, ...]
    doubtful: tuple[Doubt, ...]


def map_fields(
    columns: Iterable[str],
    layer_id: str,
    *,
    profile: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    sheet_unit: str = "",
    by_initials: bool = True,
) -> FieldMap:
    """Find the field of each delivered column.

    Evidence is, the better first: the profile; the field's own name; an alias, also with another unit behind it; the
    code of the land databases; a name cut to the ten bytes of a shapefile; the initials of an alias in pinyin. The
    better evidence gets the field. Of two aliases of a field the one named first in the schema gets it; every other
    tie is left to a person.

    Parameters
    ----------
    columns
        The headings as delivered, without the geometry.
    layer_id
        The layer that the delivery is for.
    profile
        Delivered column -> field, ``field [unit]``, or nothing where the column is to stay as it is. Columns that are
        not in the delivery are passed over.
    units
        Delivered column -> its unit, as a line of units under the headings gives it.
    sheet_unit
        The unit or units that a line above the table gives for all of it (``亩、万元``). It is that of columns that
        state none and need one; where a field is customarily in another unit of the kind, the column is doubtful.
    by_initials
        Whether initials are evidence; it takes a while to know them.

    Raises
    ------
    InputError
        Two headings are the same; or the profile names an unknown field or unit, or one field twice.
    """
    delivered = [str(column) for column in columns]
    twice = [name for name, times in Counter(delivered).items() if times > 1]
    if twice:
        raise InputError("mapping.column_twice", columns=", ".join(twice))
    chosen = _profiled(delivered, layer_id, profile or {}, units or {}, sheet_unit)
    left = [column for column in delivered if column not in chosen and (profile or {}).get(column, "?").strip()]
    claims = {
        column: claims_of(
            column,
            layer_id,
            unit_below=(units or {}).get(column, ""),
            sheet_unit=sheet_unit,
            by_initials=by_initials,
        )
        for column in left
    }
    taken, doubts = settle(chosen, claims)
    mapped = {column: taken[column] for column in delivered if column in taken}
    fields = fields_of(layer_id)
    wanted = {column: fields[claim.field].unit for column, claim in mapped.items()}
    return FieldMap(
        fields={column: claim.field for column, claim in mapped.items()},
        units={column: claim.unit for column, claim in mapped.items() if claim.unit},
        evidence={column: claim.kind for column, claim in mapped.items()},
        assumed={column: unit for column, unit in wanted.items() if unit and not mapped[column].unit},
        unmapped=tuple(column for column in delivered if column not in mapped and column not in doubts),
        doubtful=tuple(doubts[column] for column in delivered if column in doubts),
    )


def _profiled(
    columns: list[str], layer_id: str, profile: Mapping[str, str], units: Mapping[str, str], sheet_unit: str
) -> dict[str, Claim]:
    """Return what the profile says of the columns that are there, but for those whose unit stays in doubt."""
    fields = fields_of(layer_id)
    chosen: dict[str, Claim] = {}
    for column in columns:
        said = profile.get(column, "").strip()
        if not said:
            continue
        name, _, behind = (part.strip() for part in said.partition("["))
        if name not in fields or fields[name].required == "computed":
            raise InputError("mapping.profile_field", column=column, field=name, known=", ".join(fields))
        if any(claim.field == name for claim in chosen.values()):
            raise InputError("mapping.profile_twice", column=column, field=name)
        unit = read_unit(behind.rstrip("]"))
        if behind and (not unit or factor(unit, fields[name]) is None):
            raise InputError("mapping.profile_unit", column=column, field=name, unit=behind.rstrip("]"))
        unit = _agreed(column, fields[name], unit, units.get(column, ""))
        own = [claim for claim in claims_of(column, layer_id, sheet_unit=sheet_unit) if claim.field == name]
        if unit or not own:
            fitting = [said for said in read_units(sheet_unit) if factor(said, fields[name]) is not None]
            chosen[column] = Claim(name, PROFILE, unit=unit or (fitting[0] if len(fitting) == 1 else ""))
        elif not own[0].doubt:
            chosen[column] = Claim(name, PROFILE, unit=own[0].unit)
    return chosen


def _agreed(column: str, field: Field, unit: str, below: str) -> str:
    """Return the unit of a column by its profile, else by its heading; a line of units must agree."""
    headed = name_and_unit(plain(column))[1]
    own = unit or (headed if headed and factor(headed, field) is not None else "")
    line = read_unit(below)
    if line and own and factor(line, field) != factor(own, field):
        raise InputError("mapping.profile_line", column=column, unit=own, line=line)
    return own or (line if line and factor(line, field) is not None else "")


def guess_layer(columns: Iterable[str], name: str) -> tuple[str | None, Note]:
    """Guess which canonical layer a delivery is for, and say why.

    Parameters
    ----------
    columns
        Its headings.
    name
        The stem of the file, or of file and sheet.

    Returns
    -------
    tuple
        The layer, None unless name and columns point to one and the same; and the evidence in words.
    """
    named = _named(plain(name))
    told = _telling(list(columns))
    if len(named) > 1:
        return None, Note("mapping.guess.names", {"found": ", ".join(f"{w} → {i}" for i, w in named.items())})
    if len(told) > 1 and not named:
        return None, Note("mapping.guess.columns", {"found": ", ".join(told)})
    by_name = next(iter(named), None)
    if by_name is not None:
        if told and by_name not in told:
            return None, Note("mapping.guess.conflict", {"layer": by_name, "other": ", ".join(told)})
        return by_name, Note("mapping.guess.name", {"layer": by_name, "word": named[by_name]})
    if told:
        layer, found = next(iter(told.items()))
        return layer, Note("mapping.guess.told", {"layer": layer, "columns": ", ".join(found)})
    return None, Note("mapping.guess.nothing", {})


def _named(name: str) -> dict[str, str]:
    """Return the layers that a plain name names, with the longest word for each."""
    found: dict[str, tuple[int, int, str]] = {}
    for layer in schema().layers.values():
        # a word of two characters is part of too many others, unless it is listed as a short name
        for word in (layer.id, layer.zh, *layer.also):
            at = _position(word, name) if word != layer.zh or len(word) > 2 or word == name else -1
            if at >= 0 and len(word) > found.get(layer.id, (0, 0, ""))[1] - found.get(layer.id, (0, 0, ""))[0]:
                found[layer.id] = (at, at + len(word), word)
    whole = {
        layer: span[2]
        for layer, span in found.items()
        if not any(_within(span, other) for name, other in found.items() if name != layer)
    }
    return {layer: word for layer, word in whole.items() if layer != _PLACE} or whole


def _position(word: str, name: str) -> int:
    if word.isascii():
        met = re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", name)
        return met.start() if met else -1
    return name.find(plain(word))


def _within(span: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and span[1] - span[0] < other[1] - other[0]


def _telling(columns: list[str]) -> dict[str, list[str]]:
    """Return the layers with two columns or more that no other layer has."""
    layers: dict[str, set[str]] = defaultdict(set)
    for layer_id in schema().layers:
        for column in columns:
            if any(claim.kind in (NAME, ALIAS, CODE) for claim in claims_of(column, layer_id)):
                layers[column].add(layer_id)
    told: dict[str, list[str]] = defaultdict(list)
    for column, homes in layers.items():
        if len(homes) == 1:
            told[next(iter(homes))].append(column)
    return {layer: found for layer, found in told.items() if len(found) >= _TELLING}
