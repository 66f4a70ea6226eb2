"""How the targets stand, to be read: a table, Markdown, CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landkit.figures import PLAN_UNITS, Figure, Pile
from landkit.plan import Target
from landkit.products.csv_file import Cell, csv_bytes
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, markdown, render_markdown, render_text
from landkit.rounding import rounded
from landkit.schema import schema
from landkit.standing import Beside, StageLine, Status, TargetStatus
from landkit.words import text

_SHORT = 14  # characters of a clause
_PARTS = re.compile("[,\uff0c;\uff1b。]")  # half and full width
_SECTION = re.compile("[(\uff08][^)\uff09]*[)\uff09]")
_DIGITS = {"mu": 1, "ha": 2, "m2": 0, "km2": 2, "wanmu": 2}
_READ = ("id", "target", "actual", "task", "share", "due_by_now", "gap", "state")
_BEHIND_THEM = ("lead_unit", "clause")
_WIDE = 150  # cells in which all that belongs to a target stands on one line
_NUMERIC = {"actual", "task", "share", "due_by_now", "gap"}
_PILES = ("without_shape", "undated", "without_evidence")
_CSV = (
    "id", "kind", "target", "section", "quote", "words", "unit", "actual", "task", "task_highest", "share",
    "due_by_now", "gap", "due", "lead_unit", "open_by_unit", "state", "stages", "without_shape.items",
    "without_shape.mu", "undated.items", "undated.mu", "without_evidence.items", "without_evidence.mu", "geom_source",
)  # fmt: skip


def status_text(status: Status, *, form: str, lang: str = "en", width: int = 80) -> str:
    """Return how the targets stand as text.

    Parameters
    ----------
    form
        ``table``, ``csv``, ``json`` or ``md``.
    width
        Of the terminal, in cells; for ``table`` alone.
    """
    if form == "json":
        return basis_json(status, lang=lang)
    if form == "csv":
        titles = [text(f"status.csv.{name}", lang) for name in _CSV]
        return csv_bytes(titles, _csv_rows(status, lang)).decode("utf-8")
    tables = list(status_tables(status, lang=lang, wide=form == "md" or width >= _WIDE))
    notes = [note.text(lang) for note in status.notes]
    if form == "md":
        return "\n".join([*map(render_markdown, tables), *(f"- {markdown(note)}" for note in notes)]) + "\n"
    blocks = [render_text(table, width=width) for table in tables]
    listed = Table([Column(""), Column(text("status.notes", lang))], [["-", note] for note in notes])
    return "\n".join([*blocks, render_text(listed, width=width)])


def basis_json(status: Status, *, lang: str = "en") -> str:
    """Return everything that is known, as JSON: what stands beside a CSV file."""
    return json_text(status.to_json(lang=lang))


def status_tables(status: Status, *, lang: str = "en", wide: bool = True) -> Iterator[Table]:
    """Yield the tables: targets with a figure, their stages, what is set apart, and targets without a figure.

    Where there is no room for it beside the figures (`wide` is False), who is responsible and what the clause says
    follow in a table of their own.
    """
    measured = [standing for standing in status.targets if standing.actual is not None]
    names = (*_READ, *_BEHIND_THEM) if wide else _READ
    columns = [Column(text(f"status.column.{name}", lang), name in _NUMERIC) for name in names]
    rows = [_row(standing, lang)[: len(names)] for standing in measured]
    yield Table(columns, rows, title=_title(status, lang))
    if not wide:
        behind = [[standing.target.id, _name(standing.target, lang), *_behind(standing, lang)] for standing in measured]
        yield Table([Column(text(f"status.column.{name}", lang)) for name in ("id", "target", *_BEHIND_THEM)], behind)
    stages = [_stage_row(standing, lang) for standing in measured if standing.stages or standing.beside]
    if stages:
        yield _plain(stages, ("id", "target", "stages", "beside"), "status.stages", lang)
    apart = [_apart_row(standing, lang) for standing in measured if any(_piles(standing))]
    if apart:
        yield _plain(apart, ("id", "target", *_PILES), "status.apart", lang)
    rest = [_unmeasured_row(standing.target, lang) for standing in status.targets if standing.actual is None]
    if rest:
        yield _plain(rest, ("id", "target", "clause", "task"), "status.unmeasured", lang)


def _plain(rows: list[list[str]], names: Sequence[str], title: str, lang: str) -> Table:
    return Table([Column(text(f"status.column.{name}", lang)) for name in names], rows, title=text(title, lang))


def _title(status: Status, lang: str) -> str:
    key = "status.title.placeholder" if status.basis["geom_source"].get("placeholder") else "status.title"
    basis = status.basis
    return text(key, lang, plan=status.plan.title, as_of=status.as_of.isoformat(), plane=basis["plane"])


def _row(standing: TargetStatus, lang: str) -> list[str]:
    target = standing.target
    due, gap = standing.due_by_now, standing.gap
    return [
        target.id,
        _name(target, lang),
        _with_unit(standing.actual, target.unit),
        _task(target),
        "" if standing.share is None else f"{rounded(100 * standing.share, digits=0):.0f}%",
        "" if due is None else _number(due, target.unit),
        "" if gap is None else _signed(gap, target.unit),
        text(f"status.state.{standing.state}", lang),
        *_behind(standing, lang),
    ]


def _behind(standing: TargetStatus, lang: str) -> list[str]:
    return [_responsible(standing, lang), _clause(standing.target)]


def _stage_row(standing: TargetStatus, lang: str) -> list[str]:
    target = standing.target
    shared = target.measure.items_of if target.measure else None
    rungs = [_stage(line, target.unit, lang) for line in standing.stages]
    return [
        target.id,
        _name(target, lang),
        text("status.same_items", lang, target=shared) if shared else " · ".join(rungs),
        " · ".join(_beside(shown, str(target.layer), lang) for shown in standing.beside),
    ]


def _stage(line: StageLine, unit: str, lang: str) -> str:
    name = text("status.no_stage", lang) if line.stage is None else getattr(line.stage, lang)
    # stages are counted in items: for a target in mu these have no unit of their own
    if unit in PLAN_UNITS:
        return f"{name} {_pile(Pile(line.count, line.mu), lang)}"
    if line.mu is None:
        return f"{name} {line.count}{unit}"
    return text("status.stage", lang, stage=name, count=line.count, unit=unit, mu=_number(line.mu, "亩"))


def _pile(pile: Pile, lang: str) -> str:
    if pile.mu is None:
        return text("status.pile.no_area", lang, items=pile.items)
    return text("status.pile", lang, items=pile.items, mu=_number(pile.mu, "亩"))


def _beside(shown: Beside, layer_id: str, lang: str) -> str:
    layer, measure = schema().layers[layer_id], shown.measure
    field = layer.fields.get(measure.field or "")
    label = field.zh[0] if field and field.zh and lang == "zh" else measure.field or ""
    what = text(f"status.beside.{measure.statistic}", lang, field=label)
    rungs = {rung.id: rung for ladder in (layer.stages, *layer.ladders.values()) for rung in ladder}
    stage = "/".join(getattr(rungs[name], lang) for name in measure.stages)
    key = "status.beside.staged" if stage else "status.beside"
    return text(key, lang, what=what, stage=stage, value=_figure(shown.figure))


def _responsible(standing: TargetStatus, lang: str) -> str:
    """Return the plan's responsible unit, else the unit with most open items and how many more have some."""
    units = _open_by_unit(standing, lang)
    if standing.target.lead_unit or not units:
        return standing.target.lead_unit or ""
    first = units[0]
    return first if len(units) == 1 else text("status.more_units", lang, first=first, count=len(units) - 1)


def _open_by_unit(standing: TargetStatus, lang: str) -> list[str]:
    none = text("status.no_unit", lang)
    return [f"{none if unit is None else unit} {count}" for unit, count in standing.open_by_unit.items()]


def _figure(figure: Figure) -> str:
    return "-" if figure.value is None else _with_unit(figure.value, figure.unit)


def _piles(standing: TargetStatus) -> list[Pile]:
    return [pile for pile in (getattr(standing, name) for name in _PILES) if pile.items]


def _apart_row(standing: TargetStatus, lang: str) -> list[str]:
    piles = [getattr(standing, name) for name in _PILES]
    shown = [_pile(pile, lang) if pile.items else "" for pile in piles]
    return [standing.target.id, _name(standing.target, lang), *shown]


def _unmeasured_row(target: Target, lang: str) -> list[str]:
    return [target.id, _name(target, lang), _clause(target), _task(target)]


def _name(target: Target, lang: str) -> str:
    return target.what_zh if lang == "zh" else target.what


def _clause(target: Target) -> str:
    """Return the number of the section and the part of the sentence that holds the figure, shortened."""
    section = _SECTION.match(target.section)
    parts = _PARTS.split(target.quote)
    part = next((part for part in parts if f"{target.value:g}" in part), parts[0])
    short = part if len(part) <= _SHORT else f"{part[: _SHORT - 1]}…"
    return f"{section[0] if section else target.section}{short}"


def _task(target: Target) -> str:
    if any(sign.isdigit() or sign in "十百千万" for sign in target.words):
        return target.words  # the plan's own figure in words: 3-5个, 超千亿元
    value = _number(target.value, target.unit, plain=True)
    if target.highest is not None:
        value = f"{value}-{_number(target.highest, target.unit, plain=True)}"
    after = target.words in ("以上", "")
    return f"{value}{target.unit}{target.words}" if after else f"{target.words}{value}{target.unit}"


def _with_unit(value: float | None, unit: str) -> str:
    return "" if value is None else f"{_number(value, unit)}{unit}"


def _number(value: float, unit: str, *, plain: bool = False) -> str:
    """Return a figure as it is read: areas with the decimals of their unit, counts with none that they do not need."""
    whole = float(value).is_integer()
    if plain:
        return f"{value:,.0f}" if whole else f"{value:,g}"
    digits = _DIGITS[PLAN_UNITS[unit]] if unit in PLAN_UNITS else (0 if whole else 1)
    return f"{rounded(value, digits=digits):,.{digits}f}"


def _signed(value: float, unit: str) -> str:
    shown = _number(value, unit)
    return shown if shown.startswith("-") or not any(sign in "123456789" for sign in shown) else f"+{shown}"


def _csv_rows(status: Status, lang: str) -> Iterator[list[Cell]]:
    sources = ", ".join(f"{name} {count}" for name, count in status.basis["geom_source"].items())
    for standing in status.targets:
        target = standing.target
        stages = "; ".join(
            f"{line.stage.id if line.stage else '-'} {line.count}"
            + ("" if line.mu is None else f" / {_number(line.mu, '亩')}")
            for line in standing.stages
        )
        piles: list[Cell] = []
        for pile in (standing.without_shape, standing.undated, standing.without_evidence):
            piles += [pile.items, pile.mu] if standing.actual is not None else [None, None]
        yield [
            target.id,
            target.kind,
            _name(target, lang),
            target.section,
            target.quote,
            target.words,
            target.unit,
            standing.actual,
            target.value,
            target.highest,
            standing.share,
            standing.due_by_now,
            standing.gap,
            target.due,
            target.lead_unit,
            "; ".join(_open_by_unit(standing, lang)),
            text(f"status.state.{standing.state}", lang),
            stages,
            *piles,
            sources if standing.actual is not None else None,
        ]
