"""Chance that falls the same way everywhere."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of chance named after what it decides, so that one layer's draws never shift another's.

    Only ``Random.random`` is used: Python promises its sequence for a seed, and not that of the other methods.
    """

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"jinhua-2022/{name}")  # noqa: S311  (a layout, not a secret)

    def uniform(self, low: float, high: float) -> float:
        """Return a number between `low` and `high`."""
        return low + (high - low) * self._random.random()

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return True in `share` of all calls."""
        return self._random.random() < share

    def pick(self, values: Sequence[T]) -> T:
        """Return one of `values`."""
        return values[self.integer(0, len(values) - 1)]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Return `values` in a chance order."""
        rest = list(values)
        return [rest.pop(self.integer(0, len(rest) - 1)) for _ in values]
