"""What a delivered column may be, by which evidence, and which of several columns gets a field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from landkit import words
from landkit.headings import factor, name_and_unit, plain, read_unit, read_units
from landkit.schema import Field, schema

# The kinds of evidence, the better first: a cut name has lost its end.
PROFILE, NAME, ALIAS, CODE, CUT, INITIALS = "profile", "name", "alias", "code", "cut", "initials"
KINDS = (PROFILE, NAME, ALIAS, CODE, CUT, INITIALS)
_NO_UNIT, _WRONG_UNIT, _COMPUTED = "mapping.doubt.no_unit", "mapping.doubt.unit", "mapping.doubt.computed"
_DBF_NAME = 10  # bytes of a field name in a shapefile
_SHORTEST_INITIALS = 3  # two letters are too often something else


@dataclass(frozen=True)
class Doubt:
    """A column that could be a field and was not taken for it.

    Attributes
    ----------
    column
        As delivered.
    fields
        What it could be.
    key
        Why not: the entry of `landkit.words`.
    winner
        The column that was taken instead, if any.
    """

    column: str
    fields: tuple[str, ...]
    key: str
    winner: str = ""

    def text(self, lang: str) -> str:
        """Return the reason in `lang`."""
        return words.text(self.key, lang, column=self.column, fields=", ".join(self.fields), winner=self.winner)


@dataclass(frozen=True)
class Claim:
    """A field that a column may be. Of claims of one kind that of the lower `order` is the better."""

    field: str
    kind: str
    order: int = 0
    needs_unit: bool = False
    unit: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class _Names:
    """The claims that a plain heading makes: as it stands, and by its name where it is a number with a unit behind."""

    exact: Mapping[str, tuple[Claim, ...]]
    bare: Mapping[str, tuple[Claim, ...]]


def fields_of(layer_id: str) -> Mapping[str, Field]:
    """Return the fields of a layer; a layer that the schema does not know has the common ones."""
    known = schema()
    return known.layers[layer_id].fields if layer_id in known.layers else known.common


def claims_of(
    column: str, layer_id: str, *, unit_below: str = "", sheet_unit: str = "", by_initials: bool = True
) -> list[Claim]:
    """Return what a column may be.

    Parameters
    ----------
    column
        As delivered.
    layer_id
        The layer it is for.
    unit_below
        What a line of units says under it.
    sheet_unit
        What a line above the table says of all of it.
    by_initials
        Whether initials are evidence; it takes a while to know them.
    """
    heading = plain(column)
    name, unit = name_and_unit(heading)
    names, fields = _names(layer_id), fields_of(layer_id)
    exact = names.exact.get(heading, ())
    found = exact or names.bare.get(name, ()) or names.bare.get(heading, ())
    spelt = heading.isascii() and heading.isalpha() and len(heading) >= _SHORTEST_INITIALS
    if by_initials and not found and spelt:
        found = _initials(layer_id).get(heading, ())
    stated = [said for said in (unit, read_unit(unit_below)) if said]
    general = read_units(sheet_unit)
    claims = [_with_unit(claim, fields[claim.field], stated, general) for claim in found]
    # a name that fits but for its unit is no name
    return [claim for claim in claims if exact or claim.doubt != _WRONG_UNIT]


def _with_unit(claim: Claim, field: Field, stated: list[str], general: list[str]) -> Claim:
    """Return the claim with the unit that the delivery states for it, or with what is wrong with that."""
    if field.required == "computed":
        return replace(claim, doubt=_COMPUTED)
    if claim.kind == NAME:  # the end of output_per_mu is no unit
        stated = [unit for unit in stated if factor(unit, field) is not None]
    if field.type not in ("float", "int"):
        return claim
    if not stated:
        fitting = [unit for unit in general if factor(unit, field) is not None]
        if not fitting:
            return replace(claim, doubt=_NO_UNIT if claim.needs_unit else "")
        # what is customarily in another unit than the sheet's, 建筑面积 in a sheet in 亩, is a person's to say
        certain = len(fitting) == 1 and (claim.needs_unit or factor(fitting[0], field) == 1)
        return replace(claim, unit=fitting[0]) if certain else replace(claim, doubt=_WRONG_UNIT)
    sizes = {factor(unit, field) for unit in stated}
    return replace(claim, doubt=_WRONG_UNIT) if None in sizes or len(sizes) > 1 else replace(claim, unit=stated[0])


@cache
def _names(layer_id: str) -> _Names:
    """Return the names of the fields of a layer."""
    exact: dict[str, list[Claim]] = defaultdict(list)
    bare: dict[str, list[Claim]] = defaultdict(list)
    for field in fields_of(layer_id).values():
        aliases = [plain(name) for name in (*field.zh, *field.also)]
        exact[field.name].append(Claim(field.name, NAME))
        for order, alias in enumerate(aliases):
            exact[alias].append(Claim(field.name, ALIAS, order))
            name, unit = name_and_unit(alias)
            if field.type in ("float", "int"):
                bare[name].append(Claim(field.name, ALIAS, len(aliases) + order, needs_unit=bool(unit)))
        for order, code in enumerate(field.std):
            exact[plain(code)].append(Claim(field.name, CODE, order))
        unitless = [alias for alias in aliases if not name_and_unit(alias)[1]]
        for short in {cut for name in (field.name, *unitless) for cut in _cut(name)}:
            exact[short].append(Claim(field.name, CUT))
    return _Names(
        {name: tuple(claims) for name, claims in exact.items()}, {name: tuple(claims) for name, claims in bare.items()}
    )


def _cut(name: str) -> set[str]:
    """Return what a shapefile leaves of a name that is too long for it: ten bytes, in UTF-8 or in GBK."""
    codings = ("utf-8", "gbk") if not name.isascii() else ("ascii",)
    cuts = {name.encode(coding)[:_DBF_NAME].decode(coding, errors="ignore") for coding in codings}
    return {cut for cut in cuts if cut != name and len(cut) > 2}


@cache
def _initials(layer_id: str) -> dict[str, tuple[Claim, ...]]:
    """Return the initials, in pinyin, of the aliases of a layer's fields."""
    from pypinyin import Style, lazy_pinyin  # half a second that most deliveries do without

    found: dict[str, list[Claim]] = defaultdict(list)
    for field in fields_of(layer_id).values():
        for alias in (*field.zh, *field.also):
            name, unit = name_and_unit(plain(alias))
            letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
            claim = Claim(field.name, INITIALS, needs_unit=bool(unit))
            if claim not in found[letters]:
                found[letters].append(claim)
    return {letters: tuple(claims) for letters, claims in found.items()}


def settle(
    chosen: Mapping[str, Claim], claims: Mapping[str, Sequence[Claim]]
) -> tuple[dict[str, Claim], dict[str, Doubt]]:
    """Give each field to the column with the best claim.

    Parameters
    ----------
    chosen
        Columns that have their field already.
    claims
        What every other column may be.

    Returns
    -------
    tuple
        The claim of each column that got a field, and why the others did not for which something spoke.
    """
    taken = dict(chosen)
    doubts: dict[str, Doubt] = {}
    for kind in KINDS:
        owners = {claim.field: column for column, claim in taken.items()}
        bids: dict[str, dict[str, Claim]] = defaultdict(dict)
        for column, every in claims.items():
            own = [claim for claim in every if claim.kind == kind and not claim.doubt]
            if not own or column in taken or column in doubts:
                continue
            named = tuple(dict.fromkeys(claim.field for claim in own))
            if len(named) > 1:
                doubts[column] = Doubt(column, named, "mapping.doubt.ambiguous")
            elif named[0] in owners:
                doubts[column] = Doubt(column, named, "mapping.doubt.taken", owners[named[0]])
            else:
                bids[named[0]][column] = min(own, key=lambda claim: claim.order)
        for offers in bids.values():
            won, lost = _decide(offers)
            taken |= won
            doubts |= lost
    for column, every in claims.items():
        held = [claim for claim in every if claim.doubt]
        if held and column not in taken and column not in doubts:
            doubts[column] = Doubt(column, tuple(dict.fromkeys(claim.field for claim in held)), held[0].doubt)
    return taken, doubts


def _decide(offers: Mapping[str, Claim]) -> tuple[dict[str, Claim], dict[str, Doubt]]:
    """Return which of the columns that claim one field with one kind of evidence gets it, none if two lead."""
    first = min(claim.order for claim in offers.values())
    leading = [column for column, claim in offers.items() if claim.order == first]
    lost: dict[str, Doubt] = {}
    for column, claim in offers.items():
        if column not in leading:
            lost[column] = Doubt(column, (claim.field,), "mapping.doubt.taken", leading[0])
        elif len(leading) > 1:
            rivals = ", ".join(other for other in leading if other != column)
            lost[column] = Doubt(column, (claim.field,), "mapping.doubt.rivals", rivals)
    return ({} if len(leading) > 1 else {leading[0]: offers[leading[0]]}), lost
