"""Who gets land that several groups share: the policies of ``--count``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landkit.errors import UsageError
from landkit.ledger import Account
from landkit.measure.rings import FloatArray

POLICIES = ("once", "each", "split", "priority")


@dataclass(frozen=True)
class Count:
    """A policy: ``once``, ``each``, ``split``, or ``priority`` with the names that come first, in order."""

    policy: str
    order: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Count:
        """Read ``once``, ``each``, ``split`` or ``priority:A,B``.

        Raises
        ------
        UsageError
            It is none of these, or its order has fewer than two names, or one twice.
        """
        policy, colon, rest = text.partition(":")
        order = tuple(name.strip() for name in rest.split(",")) if colon else ()
        if policy not in POLICIES or (policy == "priority") != bool(colon):
            raise UsageError("count.unknown", text=text)
        if policy == "priority" and (len(order) < 2 or len(set(order)) < len(order) or "" in order):
            raise UsageError("count.order", text=text)
        return cls(policy, order)

    def __str__(self) -> str:
        return f"{self.policy}:{','.join(self.order)}" if self.order else self.policy

    def counted(self, account: Account) -> FloatArray:
        """Return the land (m²) that each row of `account` gets, shape (r,).

        ``once``: what no other group claims; ``each``: all of it, so that the sum exceeds the total; ``split``: also
        an equal part of what is shared; ``priority``: also what is shared where its group comes first.

        Raises
        ------
        UsageError
            A name of the order is no group.
        """
        rows = account.rows
        if self.policy == "each":
            return rows["net"].to_numpy(dtype=np.float64)
        ranks = self._ranks(account.groups)
        gained: dict[tuple[int, int], float] = {}
        if self.policy != "once":
            for district, groups, area in account.shared[["district", "groups", "area"]].itertuples(index=False):
                for group in self._takers(groups, ranks):
                    part = area / len(groups) if self.policy == "split" else area
                    gained[district, group] = gained.get((district, group), 0.0) + part
        extra = [gained.get(key, 0.0) for key in zip(rows["district"], rows["group"], strict=True)]
        return rows["exclusive"].to_numpy(dtype=np.float64) + np.array(extra, dtype=np.float64)

    def _takers(self, groups: Sequence[int], ranks: dict[int, int]) -> Sequence[int]:
        if self.policy == "split":
            return groups
        first = min(groups, key=lambda group: ranks.get(group, len(ranks) + 1))
        # Of groups that one name stands for none comes first, and land that no named group claims stays shared.
        rank = ranks.get(first)
        return [first] if rank is not None and [ranks.get(g) for g in groups].count(rank) == 1 else []

    def _ranks(self, groups: pd.DataFrame) -> dict[int, int]:
        """Return, by group, the place in the order of the name that stands for it."""
        ranks: dict[int, int] = {}
        names = [{str(value) for value in row if not pd.isna(value)} for row in groups.to_numpy(dtype=object)]
        for place, name in enumerate(self.order):
            found = [number for number, known in enumerate(names) if name in known]
            if not found:
                raise UsageError("count.name", name=name, known=", ".join(sorted(set().union(*names))))
            for number in found:
                ranks.setdefault(number, place)
        return ranks
