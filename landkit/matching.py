"""Which parcels a row of a ledger speaks of: by keys, by names, and where neither is certain by a person.

Nothing is joined in silence: an accepted row says by what, and whatever speaks against a match sends it to review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from landkit.errors import InputError
from landkit.match_keys import Facts, Side, read_side
from landkit.match_names import ACCEPTED, GAP, Likeness, alike
from landkit.stages import row_ids

REVIEW = 70.0
SAME_AREA = 0.05
_KEYS = ("cert_no", "bdcdyh", "uscc")
_PAIR = [
    "key",
    "row",
    "id",
    "by",
    "score",
    "reason",
    "ledger_name",
    "parcel_name",
    "ledger_mu",
    "parcel_mu",
    "diff_pct",
]
_LINKS = ["uscc", "name", "layer", "id", "share"]
YES, NO = "yes", "no"


@dataclass(frozen=True, eq=False)
class Joined:
    """What became of the rows of a ledger; each is accepted, under review or unmatched.

    Attributes
    ----------
    accepted
        A line for each row and parcel: ``key`` (what the row is known by from month to month), ``row`` (its label),
        ``id`` (the parcel's), ``by`` (``review``, ``cert_no``, ``bdcdyh``, ``uscc``, ``id``, ``name``, ``former_name``
        or ``similarity``), ``score`` (0 to 100, of names; missing where a key decided), ``reason`` (empty), names and
        areas of both (mu; the parcel's is the sum of all parcels of the row) and their difference (%).
    review
        The same for what a person has to decide, a line for each parcel in question; ``reason`` is an entry of
        `landkit.words`.
    unmatched
        Rows for which nothing was found: ``key``, ``row``, ``reason`` (if a person's decision could not be followed),
        ``ledger_name``, ``ledger_mu``.
    links
        Rows of ``enterprise_parcel`` that the accepted lines make: ``uscc`` (or ``name`` where the code is missing or
        wrong), ``layer``, ``id``, ``share`` (missing: equal).
    """

    accepted: pd.DataFrame
    review: pd.DataFrame
    unmatched: pd.DataFrame
    links: pd.DataFrame


@dataclass
class _Case:
    """A row of the ledger: the parcels it gets, or those in question and why."""

    row: int
    parcels: list[int] = field(default_factory=list)
    by: str = ""
    reason: str = ""
    scores: dict[int, float] = field(default_factory=dict)


def join(
    ledger: pd.DataFrame,
    parcels: pd.DataFrame,
    *,
    layer_id: str,
    reviewed: pd.DataFrame | None = None,
    parcel_mu: pd.Series[float] | None = None,
) -> Joined:
    """Find the parcels of each row of a ledger.

    In this order, the first that finds something decides: what a person has decided; certificate, real-estate unit and
    credit code, each only if its form and checksum hold, together where there are several; the id; the legal name, if
    it stands once on each side; names alike at 96 of 100 with 10 to the next on either side and area (within 5 %) or
    township in favour, none of the two against. Keys that contradict one another, a name or id that stands several
    times, and names alike at 70 or more go to review.

    Parameters
    ----------
    ledger
        Rows under canonical names: any of ``cert_no``, ``bdcdyh``, ``uscc``, ``id``, ``enterprise`` or ``name``,
        ``area_doc_mu``, ``township``. Labels must be unique.
    parcels
        The layer's rows, with their canonical id.
    layer_id
        The layer that `parcels` are of.
    reviewed
        What a person has decided: ``key``, ``id``, ``decision`` (``yes``, ``no``, or the id of another parcel), as
        `landkit.products.review_sheet.read_review` returns it.
    parcel_mu
        The area of each parcel, by label; the ledger area that it holds where None.

    Raises
    ------
    InputError
        Two parcels have one id, or a parcel has none; or two decisions contradict each other.
    """
    ids = row_ids(parcels)
    if ids.isna().any() or ids.duplicated().any():
        raise InputError("mapping.parcel_ids", layer=layer_id, ids=", ".join(ids[ids.duplicated()].dropna().unique()))
    left, right = read_side(ledger), read_side(parcels, mu=parcel_mu)
    keys = row_keys(ledger)
    decisions = _Decisions(reviewed, list(ids))
    cases = _decide(left, right, keys.tolist(), decisions)
    lines = _Lines(left, right, keys, ids)
    rest = [case for case in cases if not case.by and not case.parcels]
    accepted = [case for case in cases if case.by]
    return Joined(
        accepted=lines.of(accepted),
        review=lines.of([case for case in cases if not case.by and case.parcels]),
        unmatched=lines.without_parcels(rest),
        links=_links(left, ids, layer_id, accepted),
    )


def row_keys(ledger: pd.DataFrame) -> pd.Series[str]:
    """Return what each row is known by whatever its place in the ledger: certificate, unit, code, name and area.

    Rows that have all of these in common are told apart by a number behind.
    """
    facts = read_side(ledger).facts
    texts = [
        ";".join(
            f"{name}={value}"
            for name, value in (
                ("cert", "|".join(fact.keys["cert_no"])),
                ("unit", "|".join(fact.keys["bdcdyh"])),
                ("uscc", "|".join(fact.keys["uscc"])),
                ("name", fact.name),
                ("id", "" if any(fact.keys.values()) or fact.name else fact.id),
                ("mu", "" if fact.mu is None else f"{fact.mu:.4f}"),
            )
            if value
        )
        for fact in facts
    ]
    found = pd.Series(texts, index=ledger.index, dtype="str")
    again = found.groupby(found).cumcount()
    return found.where(again == 0, found + "~" + (again + 1).astype("str"))


class _Decisions:
    """What a person has decided: parcels taken and parcels refused, by the key of a row."""

    def __init__(self, reviewed: pd.DataFrame | None, ids: list[str]) -> None:
        place = {name: number for number, name in enumerate(ids)}
        self.taken: dict[str, dict[int, None]] = {}
        self.refused: dict[str, set[int]] = {}
        self.unknown: dict[str, str] = {}
        for line in [] if reviewed is None else reviewed.to_dict("records"):
            key, about, said = str(line["key"]), str(line["id"]), str(line["decision"])
            chosen = about if said == YES else said
            if said != NO and chosen not in place:
                self.unknown[key] = chosen
                continue
            if (said == NO or chosen != about) and about in place:
                self.refused.setdefault(key, set()).add(place[about])
            if said != NO:
                self.taken.setdefault(key, {})[place[chosen]] = None
        for key, chosen_places in self.taken.items():
            both = self.refused.get(key, set()) & set(chosen_places)
            if both:
                raise InputError("mapping.review_twice", row=key, ids=", ".join(ids[at] for at in sorted(both)))


def _decide(left: Side, right: Side, keys: list[str], decisions: _Decisions) -> list[_Case]:
    """Return the case of every row of the ledger."""
    cases = []
    open_rows = []
    for row, fact in enumerate(left.facts):
        refused = decisions.refused.get(keys[row], set())
        if keys[row] in decisions.taken:
            cases.append(_Case(row, list(decisions.taken[keys[row]]), "review"))
            continue
        case = _by_key(row, fact, left, right, refused) or _by_id(row, fact, right, refused)
        case = case or _by_name(row, fact, left, right, refused)
        if case is None:
            open_rows.append(row)
            case = _Case(row)
        if keys[row] in decisions.unknown:
            case.by, case.reason = "", "mapping.review.unknown_id"
        cases.append(case)
    occupied = {place for case in cases if case.by for place in case.parcels}
    for likeness in alike(left, right, open_rows, least=REVIEW):
        refused = decisions.refused.get(keys[likeness.row], set())
        _by_likeness(cases[likeness.row], likeness, left, right, refused=refused, occupied=occupied)
    return cases


def _by_key(row: int, fact: Facts, left: Side, right: Side, refused: set[int]) -> _Case | None:
    """Settle a row by certificate, unit and credit code, which have to agree."""
    found = {name: right.having(name, fact.keys[name]) - refused for name in _KEYS}
    found = {name: places for name, places in found.items() if places}
    if not found:
        return None
    agreed = set.intersection(*found.values())
    if not agreed:
        return _Case(row, sorted(set.union(*found.values())), reason="mapping.review.keys_differ")
    case = _Case(row, sorted(agreed), by=next(name for name in _KEYS if name in found))
    if any(_contradicts(fact, right.facts[place]) for place in case.parcels):
        return _Case(row, case.parcels, reason="mapping.review.keys_differ")
    if set(found) == {"uscc"}:
        return _by_code(case, fact, left, right)
    return case


def _by_code(case: _Case, fact: Facts, left: Side, right: Side) -> _Case:
    """Settle a row of which only the credit code is known: that says whose the parcels are; id or area, which one."""
    meant = sorted(set(case.parcels) & right.having("id", (fact.id,) if fact.id else ()))
    if meant:
        return _Case(case.row, meant, by="uscc")
    others = left.having("uscc", fact.keys["uscc"]) - {case.row}
    if others:
        nearest = [place for place in case.parcels if _area_agrees(fact, right.facts[place])]
        rivals = [row for row in others if any(_area_agrees(left.facts[row], right.facts[at]) for at in nearest)]
        if len(nearest) != 1 or rivals:
            return _Case(case.row, case.parcels, reason="mapping.review.several_rows")
        return _Case(case.row, nearest, by="uscc")
    whole = sum(right.facts[place].mu or 0.0 for place in case.parcels)
    if len(case.parcels) > 1 and fact.mu is not None and abs(whole - fact.mu) > SAME_AREA * fact.mu:
        return _Case(case.row, case.parcels, reason="mapping.review.several_parcels")
    return case


def _contradicts(fact: Facts, other: Facts) -> bool:
    """Return whether both have a key of one kind and none in common."""
    return any(
        fact.keys[name] and other.keys[name] and not set(fact.keys[name]) & set(other.keys[name]) for name in _KEYS
    )


def _by_id(row: int, fact: Facts, right: Side, refused: set[int]) -> _Case | None:
    places = sorted(right.having("id", (fact.id,) if fact.id else ()) - refused)
    if not places:
        return None
    other = right.facts[places[0]]
    if _contradicts(fact, other):
        return _Case(row, places, reason="mapping.review.keys_differ")
    named = bool(set(fact.names) & set(other.names))
    # a firm and its parcel may well be called differently
    if fact.names and other.names and fact.firm == other.firm and not named:
        return _Case(row, places, reason="mapping.review.names_differ")
    # 1, 2, 3 are line numbers as often as ids
    if fact.id.isdecimal() and len(fact.id) <= 4 and not named and not _supported(fact, other):
        return _Case(row, places, reason="mapping.review.serial")
    return _Case(row, places, by="id")


def _by_name(row: int, fact: Facts, left: Side, right: Side, refused: set[int]) -> _Case | None:
    """Settle a row by its legal name, the present one or a former one, that has to stand once on either side."""
    places = sorted(right.having("name", fact.names) - refused)
    if not places:
        return None
    rows = left.having("name", {name for place in places for name in right.facts[place].names} | set(fact.names))
    if len(places) > 1 or len(rows) > 1:
        return _Case(row, places, reason="mapping.review.several_names")
    other = right.facts[places[0]]
    if _contradicts(fact, other):
        return _Case(row, places, reason="mapping.review.keys_differ")
    return _Case(row, places, by="name" if fact.name == other.name else "former_name")


def _by_likeness(
    case: _Case, likeness: Likeness, left: Side, right: Side, *, refused: set[int], occupied: set[int]
) -> None:
    """Settle or put to review a row that only resembles parcels; what lies below the least score is rejected."""
    scores = {place: score for place, score in likeness.scores.items() if place not in refused}
    if not scores:
        return
    case.parcels, case.scores = list(scores), scores
    best = case.parcels[0]
    fact, other = left.facts[case.row], right.facts[best]
    clear = likeness.lead >= GAP and likeness.lead_back >= GAP and best == likeness.best and best not in occupied
    alike_enough = scores[best] >= ACCEPTED and likeness.may_be_one
    if alike_enough and clear and not case.reason and _supported(fact, other) and not _contradicts(fact, other):
        case.parcels, case.by = [best], "similarity"
    else:
        case.reason = case.reason or "mapping.review.similar"


def _area_agrees(fact: Facts, other: Facts) -> bool:
    return fact.mu is not None and other.mu is not None and abs(fact.mu - other.mu) <= SAME_AREA * fact.mu


def _supported(fact: Facts, other: Facts) -> bool:
    """Return whether area or township speak for a match and neither against it."""
    votes = []
    if fact.mu is not None and other.mu is not None:
        votes.append(_area_agrees(fact, other))
    if fact.township and other.township:
        votes.append(fact.township == other.township)
    return bool(votes) and all(votes)


@dataclass(frozen=True, eq=False)
class _Lines:
    """Cases as lines for a person."""

    left: Side
    right: Side
    keys: pd.Series[str]
    ids: pd.Series[str]

    def of(self, cases: list[_Case]) -> pd.DataFrame:
        """Return a line for each row and parcel; the parcels of an accepted row are compared to it together."""
        made: list[Mapping[str, Any]] = []
        for case in cases:
            areas = [self.right.facts[place].mu for place in case.parcels]
            known = [mu for mu in areas if mu is not None]
            whole = sum(known) if len(known) == len(areas) else None
            for place, own in zip(case.parcels, areas, strict=True):
                made.append(self._line(case, place, whole if case.by else own))
        frame = pd.DataFrame(made, columns=_PAIR)
        return frame.astype(dict.fromkeys(("score", "ledger_mu", "parcel_mu", "diff_pct"), "float64"))

    def _line(self, case: _Case, place: int, mu: float | None) -> Mapping[str, Any]:
        fact = self.left.facts[case.row]
        return {
            "key": self.keys.iloc[case.row],
            "row": self.keys.index[case.row],
            "id": self.ids.iloc[place],
            "by": case.by,
            "score": case.scores.get(place),
            "reason": case.reason,
            "ledger_name": fact.written,
            "parcel_name": self.right.facts[place].written,
            "ledger_mu": fact.mu,
            "parcel_mu": mu,
            "diff_pct": None if mu is None or fact.mu is None else 100 * (mu - fact.mu) / fact.mu,
        }

    def without_parcels(self, cases: list[_Case]) -> pd.DataFrame:
        """Return a line for each row."""
        facts = [self.left.facts[case.row] for case in cases]
        return pd.DataFrame(
            {
                "key": [self.keys.iloc[case.row] for case in cases],
                "row": [self.keys.index[case.row] for case in cases],
                "reason": [case.reason for case in cases],
                "ledger_name": [fact.written for fact in facts],
                "ledger_mu": pd.Series([fact.mu for fact in facts], dtype="float64"),
            }
        )


def _links(left: Side, ids: pd.Series[str], layer_id: str, cases: list[_Case]) -> pd.DataFrame:
    """Return the enterprises of the accepted parcels, each pair once; rows that name no firm make none."""
    made = []
    for case in cases:
        fact = left.facts[case.row]
        code = fact.keys["uscc"][0] if fact.keys["uscc"] else None
        if code is None and not fact.firm:
            continue
        made += [(code, None if code else fact.written, layer_id, ids.iloc[place], None) for place in case.parcels]
    links = pd.DataFrame(made, columns=_LINKS).drop_duplicates(ignore_index=True)
    return links.astype({"uscc": "str", "name": "str", "share": "float64"})
