"""How rows came to their stage: events without evidence or date, out of order, and households that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import pandas as pd

from landkit.books import Book, Books
from landkit.checks.finds import TARGET, finds, nothing, together
from landkit.checks.registers import numbers
from landkit.checks.subjects import Land, Subject
from landkit.plan import Measure, read_plan
from landkit.schema import schema
from landkit.stages import reached, stage_problems

_LEVELS = ("households", "signed_households", "vacated_households", "demolished_households")


def stages(land: Land, books: Books | None) -> pd.DataFrame:
    """Find what is wrong with stages; the price is what the row adds to the targets that count it."""
    found = [_households(subject) for subject in land.subjects]
    if books is not None:
        for subject in land.subjects:
            if subject.book is not None and subject.name in schema().layers:
                found += _of_layer(subject, subject.book, books)
    return together(found)


def _of_layer(subject: Subject, book: Book, books: Books) -> Iterator[pd.DataFrame]:
    fed = _fed_mu(subject, book, books)
    rows = book.rows.loc[subject.frame.index]
    for check, column in (("no_evidence", "without_evidence"), ("undated", "undated")):
        doubtful = rows.index[rows[column].to_numpy(dtype=bool)]
        values = [{"stage": _stage_name(subject.name, rows.at[row, "stage"])} for row in doubtful]
        yield _on(subject, check, doubtful, fed, values)
    yield _crossed(subject, book, books, fed)
    yield from _problems(subject, book, books, fed)


def _on(
    subject: Subject, check: str, rows: pd.Index, fed: pd.Series[float], values: Iterable[Mapping[str, object]]
) -> pd.DataFrame:
    ids = [(name,) for name in subject.ids[rows]]
    return finds(check, subject.name, rows, ids, mu=fed[rows].to_numpy(), claim=TARGET, values=values)


def _stage_name(layer_id: str, stage: object) -> str:
    layer = schema().layers[layer_id]
    rungs = [rung for ladder in (layer.stages, *layer.ladders.values()) for rung in ladder]
    return next((rung.zh for rung in rungs if rung.id == stage), str(stage))


def _fed_mu(subject: Subject, book: Book, books: Books) -> pd.Series[float]:
    """Return what each row adds, at its stage, to the target that it adds most to; by label.

    Without a plan, and for a target of items, that is the area that the office reports for the row, else its land.
    """
    land = subject.official_mu.fillna(subject.registers.first_mu)
    land = land.fillna(subject.measured_mu.reindex(subject.frame.index)).fillna(0.0)
    if not books.workspace.plan_path.is_file():
        return land
    targets = [
        target
        for target in read_plan(books.workspace.plan_path).targets
        if target.layer == book.id and target.measure is not None and target.kind == "progress"
    ]
    if not targets:
        return land
    added = [_added(subject, book, target.measure, land) for target in targets if target.measure]
    return pd.concat(added, axis=1).max(axis=1)


def _added(subject: Subject, book: Book, measure: Measure, land: pd.Series[float]) -> pd.Series[float]:
    """Return what each row adds to one target in mu: nothing where it has not reached the stage."""
    counts = pd.Series(True, index=book.frame.index)
    if measure.stages:
        counts &= reached(book.rows, measure.stages, schema().layers[book.id])
    if measure.where is not None:
        counts &= measure.where.mask(book.frame)
    field = schema().layers[book.id].fields.get(measure.field or "")
    figure = land
    if measure.statistic == "sum" and field is not None and field.unit == "mu":
        figure = numbers(subject.frame, field.name).fillna(land)
    return figure.where(counts.loc[subject.frame.index], 0.0)


def _crossed(subject: Subject, book: Book, books: Books, fed: pd.Series[float]) -> pd.DataFrame:
    """Find rows of which a later rung is dated before an earlier one."""
    none = nothing()
    if books.events is None:
        return none
    events = books.events[(books.events["layer"] == book.id) & books.events["event_date"].notna()]
    corrected = set(events["reverses"].dropna()) if "reverses" in events.columns else set()
    events = events[~events["event_no"].isin(corrected)] if "event_no" in events.columns else events
    labels = pd.Series(book.rows.index, index=book.rows["id"]).loc[lambda held: held.index.notna()]
    labels = labels[~labels.index.duplicated()]
    met = events.assign(row=events["id"].map(labels)).dropna(subset=["row"])
    met = met[met["row"].isin(subject.frame.index)]
    if met.empty:
        return none
    layer = schema().layers[book.id]
    ladder = book.rows["ladder"].loc[met["row"].astype("int64")].to_numpy()
    ranks = {
        name: {key: rank for rank, rung in enumerate(layer.ladder(name or None)) for key in (rung.id, rung.zh, rung.en)}
        for name in set(ladder)
    }
    met = met.assign(rank=[ranks[name].get(stage, -1) for name, stage in zip(ladder, met["stage"], strict=True)])
    met = met[met["rank"] >= 0].sort_values(["row", "rank"], kind="stable")
    first = met.groupby(["row", "rank"])[["event_date", "stage"]].min().reset_index()
    before = first.groupby("row")["event_date"].cummax().groupby(first["row"]).shift()
    bad = first[first["event_date"] < before].drop_duplicates("row")
    rows = pd.Index(bad["row"].astype("int64"))
    values = [
        {
            "stage": _stage_name(book.id, stage),
            "date": f"{when:%Y-%m-%d}",
            "earlier": f"{before[place]:%Y-%m-%d}",
        }
        for place, stage, when in zip(bad.index, bad["stage"], bad["event_date"], strict=True)
    ]
    return _on(subject, "crossed_dates", rows, fed, values)


def _problems(subject: Subject, book: Book, books: Books, fed: pd.Series[float]) -> Iterator[pd.DataFrame]:
    """Find events and delivered stages that cannot be used."""
    labels = dict(zip(book.rows["id"].astype("str"), book.rows.index, strict=True))
    for problem in stage_problems(book.id, book.frame, books.events):
        label = labels.get(problem.id, -1)
        mu = float(fed.get(label, 0.0))
        values: list[dict[str, object]] = [{"problem": f"check.event.{problem.kind}", "what": problem.what}]
        yield finds(
            "event", subject.name, [label], [(problem.id,)], mu=mu, claim=TARGET, detail=problem.kind, values=values
        )


def _households(subject: Subject) -> pd.DataFrame:
    """Find rows with more households signed than there are, vacated than signed, or demolished than vacated."""
    found = []
    held = [name for name in _LEVELS if name in subject.frame.columns]
    for higher, lower in pairwise(held):
        most, given = numbers(subject.frame, higher), numbers(subject.frame, lower)
        rows = subject.frame.index[(given > most).to_numpy()]
        values = [
            {"higher": f"check.households.{higher}", "lower": f"check.households.{lower}",
             "most": int(most[row]), "given": int(given[row])}
            for row in rows
        ]  # fmt: skip
        ids = [(name,) for name in subject.ids[rows]]
        found.append(finds("households", subject.name, rows, ids, detail=lower, values=values))
    return together(found)
