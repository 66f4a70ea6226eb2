"""The findings that landkit knows, read from ``registry.toml``: how grave each is, who mends it, what it says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

SEVERITIES = ("error", "warning", "info")
FIXERS = ("survey", "unit", "entry", "planning")


@dataclass(frozen=True)
class Check:
    """A kind of finding; `gathered` means that rows of a layer with the same finding are one line."""

    id: str
    severity: str
    fixer: str
    dimension: str
    gathered: bool = False


@dataclass(frozen=True)
class Tolerance:
    """From when on something is a finding.

    Attributes
    ----------
    area_part, area_m2
        A registered area may differ from the shape by this part of it, and by this (m²).
    sliver_m
        Strips of land narrower than this (m) are slivers.
    gap_m, gap_mu
        Land between parcels that is narrower than the one (m), or enclosed and smaller than the other (mu), is a gap.
    duplicate
        Two parcels that share this part of both are one.
    least_m2
        Less land than this (m²) is no finding.
    """

    area_part: float
    area_m2: float
    sliver_m: float
    gap_m: float
    gap_mu: float
    duplicate: float
    least_m2: float


@dataclass(frozen=True)
class Range:
    """What a number may be: more than `above`, at least `least`, at most `most`."""

    above: float = float("-inf")
    least: float = float("-inf")
    most: float = float("inf")

    @property
    def name(self) -> str:
        """The range as people write it."""
        low = f"> {self.above:g}" if self.above > self.least else f">= {self.least:g}"
        return low if self.most == float("inf") else f"{low}, <= {self.most:g}"


@dataclass(frozen=True)
class Registry:
    """All kinds of findings by id, the tolerances, and the ranges of fields."""

    checks: Mapping[str, Check]
    tolerance: Tolerance
    ranges: Mapping[str, Range]


@cache
def registry() -> Registry:
    """Return the registry, read once."""
    raw = tomllib.loads(resources.files("landkit.checks").joinpath("registry.toml").read_text(encoding="utf-8"))
    return Registry(
        checks={name: Check(name, **entry) for name, entry in raw["checks"].items()},
        tolerance=Tolerance(**raw["tolerance"]),
        ranges={name: Range(**entry) for name, entry in raw["ranges"].items()},
    )
