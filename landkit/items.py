"""Which rows stand behind a target, and which of its items count.

A target counts the items of an approved list, not polygons: an item may have several rows, and a row several
enterprises. Where no list speaks of a target, every row of its layer that is meant is an item, or part of the one whose
number it carries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landkit.books import Book, Books
from landkit.plan import Measure, Target
from landkit.schema import schema
from landkit.stages import reached

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Items:
    """The items of a target.

    Attributes
    ----------
    book
        The layer that its rows are in.
    parts
        A line for each row of each item: ``item``, ``row`` (its number in the frame, -1 for an item without a row),
        ``reached`` (whether the row counts at the declared stage) and ``rank`` (its rung).
    done
        Whether each item counts, by item.
    lost
        What the list names and the layer lacks: ids of rows.
    nowhere
        Ids of rows that could not be placed for want of a shape, and that no list names.
    """

    book: Book
    parts: pd.DataFrame
    done: pd.Series[bool]
    lost: tuple[str, ...]
    nowhere: tuple[str, ...]

    @property
    def counted_rows(self) -> IntArray:
        """The rows that the figure rests on: of items that count, those that reached the stage, each once."""
        kept = self.parts[self.parts["item"].map(self.done) & self.parts["reached"] & (self.parts["row"] >= 0)]
        return kept["row"].drop_duplicates().to_numpy(dtype=np.int64)

    @property
    def shapeless_rows(self) -> IntArray:
        """The counted rows without a shape."""
        rows = self.counted_rows
        return rows[~self.book.shaped[rows]]

    def standing_on(self, rows: IntArray) -> int:
        """Return how many items that count have one of `rows`."""
        having = self.parts.loc[self.parts["row"].isin(rows), "item"]
        return int(self.done[having.unique()].sum())

    def open_by_unit(self) -> dict[str | None, int]:
        """Return how many items do not count yet, by the responsible unit of their first row, most first.

        Those without one, or without a row, come last under None.
        """
        units = np.full(len(self.book.frame) + 1, None, dtype=object)  # -1 picks the last: no row, no unit
        if "lead_unit" in self.book.frame.columns:
            units[:-1] = self.book.frame["lead_unit"].to_numpy(dtype=object)
        waiting = self.parts[~self.parts["item"].map(self.done)].drop_duplicates("item")
        named = pd.Series(units[waiting["row"].to_numpy()], dtype="str").str.strip()
        named = named.where(named != "")
        counts: dict[str | None, int] = {str(unit): int(count) for unit, count in named.value_counts().items()}
        silent = int(named.isna().sum())
        return {**counts, None: silent} if silent else counts

    def rungs(self, rule: str) -> pd.Series[str]:
        """Return the stage of each item: the lowest of its rows, the highest or the first, as the rule is."""
        ordered = self.parts
        if rule != "first":
            ordered = ordered.sort_values("rank", ascending=rule == "all", kind="stable")
        leading = ordered.drop_duplicates("item").set_index("item")["row"]
        stages = np.append(self.book.rows["stage"].to_numpy(dtype=object), [None])
        return pd.Series(stages[leading.to_numpy()], index=leading.index, dtype="str")


def items_of(books: Books, target: Target, measure: Measure, other: Target | None = None) -> Items:
    """Return the items behind a figure of a target.

    Parameters
    ----------
    books
        The books at the date.
    target
        The target; its layer is in the books.
    measure
        Its own measure, or one shown beside it.
    other
        The target whose items are meant, where the measure says so.
    """
    lister = other or target
    listing = (lister.measure or measure) if other else measure
    book = books[str(lister.layer)]
    parts, lost, nowhere = _parts(books, book, lister, listing)
    if other and measure.where:
        parts = parts[_kept(parts, measure.where.mask(book.frame))]
    if listing.statistic == "distinct":
        parts = _by_enterprise(books, book, parts)
    rows = parts["row"].to_numpy()
    # -1 picks the last: an item without a row is on the list and on no rung
    parts = parts.assign(
        reached=np.append(_reached(book, measure), not measure.stages)[rows],
        rank=np.append(book.rows["rank"].to_numpy(), -1)[rows],
    )
    flags = parts.groupby("item", sort=False)["reached"]
    done = flags.agg(measure.rule).astype(bool)
    return Items(book, parts.reset_index(drop=True), done, lost, nowhere)


def _parts(
    books: Books, book: Book, target: Target, measure: Measure
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[str, ...]]:
    """Return items and their rows, before stages are looked at."""
    meant = ~_marked_off(book) if _listed(books, target) else book.rows["on_list"]
    if measure.where:
        meant &= measure.where.mask(book.frame)
    nowhere: tuple[str, ...] = ()
    if measure.within:
        inside = books.mostly_within(book, measure.within)
        if _listed(books, target):
            inside |= ~book.rows["shaped"]  # the list says where it is
        else:
            nowhere = tuple(book.rows.loc[meant & ~book.rows["shaped"], "id"].fillna("?"))
        meant &= inside
    if not _listed(books, target):
        rows = np.flatnonzero(meant)
        return pd.DataFrame({"item": book.rows["item"].to_numpy()[rows], "row": rows}), (), nowhere
    parts, lost = _listed_parts(books, book, target)
    return parts[_kept(parts, meant)], lost, nowhere


def _listed(books: Books, target: Target) -> bool:
    return books.plan_items is not None and bool((books.plan_items["target"] == target.id).any())


def _listed_parts(books: Books, book: Book, target: Target) -> tuple[pd.DataFrame, tuple[str, ...]]:
    standing = books.standing_items
    assert standing is not None  # noqa: S101 - told to the type checker; _listed has seen it
    lines = standing[standing["target"] == target.id]
    foreign = (lines["layer"] != book.id) & lines["id"].notna()
    numbers = pd.DataFrame({"id": book.rows["id"].to_numpy(), "row": np.arange(len(book.rows))})
    met = lines[~foreign].merge(numbers.dropna(), on="id", how="left")
    lost = met["row"].isna() & met["id"].notna()
    names = (*met.loc[lost, "id"], *lines.loc[foreign, "layer"] + ":" + lines.loc[foreign, "id"])
    parts = pd.DataFrame({"item": met["list_no"], "row": met["row"].fillna(-1).astype("int64")})
    return parts, tuple(names)


def _marked_off(book: Book) -> pd.Series[bool]:
    if "off_list" not in book.frame.columns:
        return pd.Series(False, index=book.frame.index)
    marked: pd.Series[bool] = book.frame["off_list"].fillna(False).astype(bool)
    return marked


def _kept(parts: pd.DataFrame, meant: pd.Series[bool]) -> BoolArray:
    """Return which lines stay: rows that are meant, and items without a row, of which only the list knows."""
    rows = parts["row"].to_numpy()
    flags = np.append(meant.to_numpy(), True)  # -1 picks the last
    return np.asarray(flags[rows], dtype=bool)


def _by_enterprise(books: Books, book: Book, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the parts gathered by enterprise: by credit code, else by the name in the row, else by list item."""
    owners = books.owners[books.owners["layer"] == book.id]
    numbers = pd.DataFrame({"id": book.rows["id"].to_numpy(), "row": np.arange(len(book.rows))})
    by_row = owners.merge(numbers, on="id")[["row", "uscc"]].dropna()
    met = parts.merge(by_row, on="row", how="left")
    names = _enterprise_names(book)[met["row"].to_numpy()]
    item = met["uscc"].astype("str").fillna(pd.Series(names, dtype="str")).fillna(met["item"])
    return met.assign(item=item).drop(columns="uscc").drop_duplicates(ignore_index=True)


def _enterprise_names(book: Book) -> NDArray[np.object_]:
    names = np.full(len(book.frame) + 1, None, dtype=object)  # -1 picks the last: no row, no name
    if "enterprise" in book.frame.columns:
        names[:-1] = book.frame["enterprise"].to_numpy(dtype=object)
    return names


def _reached(book: Book, measure: Measure) -> BoolArray:
    if not measure.stages:
        return np.ones(len(book.rows), dtype=bool)
    return reached(book.rows, measure.stages, schema().layers[book.id]).to_numpy(dtype=bool)
