"""Enterprises with the evaluation of the year before, and the land they hold. None of them exists."""

from __future__ import annotations

from typing import Any

from jinhua.dice import Dice
from jinhua.industry import OUTDATED, TAKEN_BACK_FROM, WORKSHOPS, enterprise_name
from jinhua.rows import Row

ORDINARY = 84
TAX_PER_MU = 20.0  # of all above designated size, Σ/Σ, 万元
NO_SUCH_REGION = "990000"  # GB/T 2260 gives no region a code that starts with 99
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(number: int) -> str:
    """Return a unified social credit code with valid check digits (GB 32100, GB 11714) in a region that is none."""
    body = f"99{number:06d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = -sum(w * int(c) for w, c in zip(weights, body, strict=True)) % 11
    code = "91" + NO_SUCH_REGION + body + "0123456789X"[check]
    total = sum(pow(3, k, 31) * _ALPHABET.index(c) for k, c in enumerate(code))
    return code + _ALPHABET[(31 - total % 31) % 31]


def enterprises(owners: list[str]) -> list[dict[str, Any]]:
    """Return the owners of programme land (by name) and ordinary firms, each with its figures of 2021."""
    low = [_low(int(name.removeprefix("企业"))) for name in owners]
    first = 1 + max(int(name.removeprefix("企业")) for name in owners)
    ordinary = [_ordinary(number) for number in range(first, first + ORDINARY)]
    # The ordinary firms' tax is scaled so that the zone's ratio comes to the plan's figure with the low ones in it.
    counted = [row for row in low + ordinary if row["above_scale"]]
    wanted = TAX_PER_MU * sum(row["eval_land_mu"] for row in counted)
    given = sum(row["tax_wan"] for row in counted if row in low)
    factor = (wanted - given) / sum(row["tax_wan"] for row in ordinary)
    for row in ordinary:
        row["tax_wan"] = round(row["tax_wan"] * factor, 1)
        row["grade"] = "A" if row["tax_wan"] / row["eval_land_mu"] > 22 else "B"
    return low + ordinary


def holdings(codes: dict[str, str], rows: list[Row]) -> list[dict[str, Any]]:
    """Return which enterprise holds which row of land."""
    return [
        {"uscc": codes[row.values["enterprise"]], "layer": row.layer, "id": row.id, "share": None}
        for row in rows
        if row.values["enterprise"]
    ]


def _low(number: int) -> dict[str, Any]:
    dice = Dice(f"enterprise/{number}")
    workshop = number in WORKSHOPS
    land = round(dice.uniform(2.5, 6.5) if workshop else dice.uniform(18, 58), 2)
    per_mu = dice.uniform(0.3, 2.2) if number in OUTDATED else dice.uniform(0.8, 6.4)
    above = not workshop and dice.chance(0.3 if number <= TAKEN_BACK_FROM else 0.22)
    row = _row(number, above=above, tax=round(land * per_mu, 1), land=land, tenant=workshop and dice.chance(0.3))
    return {**row, "grade": "D" if per_mu < 2.5 else "C"}


def _ordinary(number: int) -> dict[str, Any]:
    dice = Dice(f"enterprise/{number}")
    land = round(dice.uniform(28, 140), 2)
    return _row(number, above=True, tax=land * dice.uniform(12, 42), land=land, tenant=False)


def _row(number: int, *, above: bool, tax: float, land: float, tenant: bool) -> dict[str, Any]:
    return {
        "uscc": uscc(number),
        "name": enterprise_name(number),
        "above_scale": above,
        "eval_year": 2021,
        "tax_wan": tax,
        "eval_land_mu": land,
        "grade": None,
        "is_tenant": tenant,
    }
