"""Decisions, to be read: a table or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from landkit.decisions import ACCEPT, UNDO, Decision
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, render_text
from landkit.words import text

_COLUMNS = ("number", "state", "layer", "ids", "rule", "by", "time", "note")


def decision_list(decisions: Sequence[Decision], *, form: str, lang: str = "en", width: int = 80) -> str:
    """Return decisions as text.

    Parameters
    ----------
    decisions
        All that were logged, the oldest first.
    form
        ``table`` or ``json``.
    width
        Of the terminal, in cells.
    """
    gone = {decision.reverses for decision in decisions}
    if form == "json":
        listed = [{**asdict(one), "in_force": _state(one, gone) == "in_force"} for one in decisions]
        return json_text({"landkit.decide/v1": {"decisions": listed}})
    if not decisions:
        return text("decision.none", lang) + "\n"
    columns = [Column(text(f"decision.column.{name}", lang)) for name in _COLUMNS]
    states = [text(f"decision.state.{_state(one, gone)}", lang, reverses=one.reverses) for one in decisions]
    rows = [_row(one, state) for one, state in zip(decisions, states, strict=True)]
    return render_text(Table(columns, rows, title=text("decision.title", lang)), width=width) + "\n"


def decision_line(decision: Decision, *, lang: str = "en") -> str:
    """Return one line about a decision that was just logged."""
    values = {"number": decision.decision_no, "ids": ", ".join(decision.ids)}
    key = "decision.logged.undo" if decision.rule == UNDO else "decision.logged"
    return text(key, lang, **{**asdict(decision), **values, "rule": _rule(decision)})


def _state(decision: Decision, gone: set[str]) -> str:
    if decision.rule == UNDO:
        return "undo"
    return "undone" if decision.decision_no in gone else "in_force"


def _rule(decision: Decision) -> str:
    return f"{decision.rule} {decision.target}" if decision.rule not in (ACCEPT, UNDO) else decision.rule


def _row(decision: Decision, state: str) -> list[str]:
    ids = ", ".join(decision.ids)
    day = decision.time[:10]
    return [decision.decision_no, state, decision.layer, ids, _rule(decision), decision.by, day, decision.note]
