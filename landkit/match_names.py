"""How alike the names of two sides are, where no key and no equal name settles the matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from landkit.legal_names import core, may_be_one
from landkit.match_keys import Side

ACCEPTED = 96.0
GAP = 10.0
_BLOCK = 256  # rows compared at a time, against all names of the other side
_SHOWN = 3  # candidates put before a person


@dataclass(frozen=True)
class Likeness:
    """What a row of the ledger resembles.

    Attributes
    ----------
    row
        Its number.
    scores
        Number of the parcel -> score of the names without region and legal form, 0 to 100; the best three, best first.
    best
        The parcel of the highest score.
    lead, lead_back
        By how much the best parcel is ahead of the next one, and this row of the next row for that parcel.
    may_be_one
        Whether region and legal form do not tell the two firms apart.
    """

    row: int
    scores: dict[int, float]
    best: int
    lead: float
    lead_back: float
    may_be_one: bool


def alike(left: Side, right: Side, rows: Sequence[int], *, least: float) -> Iterator[Likeness]:
    """Yield the likeness of `rows` whose present name resembles that of a parcel by `least` or more."""
    named = [row for row in rows if left.facts[row].name]
    places = np.array([place for place, fact in enumerate(right.facts) if fact.name], dtype=np.int64)
    if not named or not len(places):
        return
    theirs = [core(right.facts[place].name) for place in places]
    ours = [core(fact.name) if fact.name else None for fact in left.facts]
    for start in range(0, len(named), _BLOCK):
        block = named[start : start + _BLOCK]
        scores = process.cdist([core(left.facts[row].name) for row in block], theirs, scorer=fuzz.ratio)
        for row, own in zip(block, scores, strict=True):
            order = np.argsort(-own, kind="stable")[: _SHOWN + 1]
            best = order[0]
            if own[best] < least:
                continue
            back = process.cdist([theirs[best]], ours, scorer=fuzz.ratio)[0]
            others = np.delete(back, row)
            yield Likeness(
                row=row,
                scores={int(places[at]): float(own[at]) for at in order[:_SHOWN] if own[at] >= least},
                best=int(places[best]),
                lead=float(own[best] - (own[order[1]] if len(order) > 1 else 0.0)),
                lead_back=float(own[best] - others.max(initial=0.0)),
                may_be_one=may_be_one(left.facts[row].name, right.facts[int(places[best])].name),
            )
