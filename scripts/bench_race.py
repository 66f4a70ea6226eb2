"""Contestants in turns, what they cost, and the figures that this makes."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    cpu: float
    wall: float

    def scaled(self, factor: float) -> Cost:
        """Return the cost of `factor` times the work."""
        return Cost(self.cpu * factor, self.wall * factor)


@dataclass(frozen=True)
class Run:
    """What a contestant cost, at the median, and what it found."""

    cost: Cost
    found: Any


@dataclass(frozen=True)
class Figure:
    """A figure to reach.

    Attributes
    ----------
    number
        The number of the part it belongs to.
    what
        What is measured, and against which peer.
    value, least, most
        A ratio of processor times, or an error; it is to be at least `least` or at most `most`.
    ours, peer
        What landkit and its peer cost, where time is measured.
    facts
        What was seen besides: differences between the results, the real share of parcels on a border.
    """

    number: int
    what: str
    value: float
    least: float = -np.inf
    most: float = np.inf
    ours: Cost | None = None
    peer: Cost | None = None
    facts: str = ""

    @property
    def reached(self) -> bool:
        """Whether the figure is reached; NaN is not."""
        return self.least <= self.value <= self.most

    @property
    def required(self) -> str:
        """The bound in words."""
        return f"≥ {self.least:g}" if np.isfinite(self.least) else f"≤ {self.most:g}"


class UnequalError(Exception):
    """Two contestants that should agree do not."""


def children_time() -> float:
    """Return the processor time of all children that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def race(
    contestants: Mapping[str, Callable[[], Any]], *, rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, Run]:
    """Run all contestants in turns, `rounds` times, and return the median cost of each and what it found last."""
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    found: dict[str, Any] = {}
    for _ in range(rounds):
        for name, task in contestants.items():
            found.pop(name, None)
            gc.collect()
            wall, cpu = time.perf_counter(), clock()
            found[name] = task()
            costs[name].append(Cost(clock() - cpu, time.perf_counter() - wall))
    return {
        name: Run(Cost(*(statistics.median(column) for column in zip(*map(_pair, costs[name]), strict=True))), result)
        for name, result in found.items()
    }


def _pair(cost: Cost) -> tuple[float, float]:
    return cost.cpu, cost.wall


def difference(ours: Any, peer: Any, *, allowed: float, what: str) -> float:
    """Return the largest difference of `ours` from `peer`, as a part of the largest of `peer`, or refuse it."""
    mine, theirs = np.asarray(ours, dtype=np.float64), np.asarray(peer, dtype=np.float64)
    worst = float(np.max(np.abs(mine - theirs)) / np.max(np.abs(theirs)))
    if not worst <= allowed:
        raise UnequalError(f"{what}: landkit and its peer differ by {worst:.2g}, over {allowed:g}")
    return worst
