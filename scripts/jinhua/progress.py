"""How the year went: dated events that take every item of every list up its ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from jinhua.dice import Dice
from jinhua.rows import Row
from landkit.schema import schema

LISTED = date(2021, 10, 20)  # the lists are drawn up from here to the new year
FIRST, LAST = date(2021, 9, 1), date(2022, 12, 30)
CLERKS = ("登记员甲", "登记员乙", "登记员丙")


@dataclass(frozen=True)
class Pace:
    """How many items of a list had reached the declared stage by the end of each month of 2022."""

    target: str
    stage: str  # or "a|b", the rung of each ladder
    reached: tuple[int, ...]
    gap: tuple[int, int] = (9, 34)  # days from one rung to the next
    further: float = 0.0  # the share of items that climb on from the declared stage, rung by rung


PACES = (
    Pace("T01", "reclaimed", (2, 5, 10, 16, 24, 31, 36, 42, 49, 56, 62, 66), (8, 30), 0.2),
    Pace("T03", "done", (1, 4, 7, 11, 15, 19, 23, 27, 32, 37, 41, 44), (14, 50)),
    Pace("T06", "signing|under_way", (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), (14, 40), 0.72),
    Pace("T07", "started", (2, 4, 7, 10, 14, 17, 21, 25, 29, 33, 35, 37), (10, 36), 0.6),
    Pace("T12", "announced", (8, 15, 24, 32, 40, 48, 57, 67, 76, 85, 94, 101), (14, 45), 0.74),
    Pace("T13", "accepted", (4, 9, 18, 29, 42, 55, 63, 74, 85, 97, 108, 117), (12, 40)),
    Pace("T14", "accepted", (3, 7, 13, 20, 28, 35, 41, 48, 55, 62, 67, 72), (8, 24)),
    Pace("T15", "accepted", (0, 0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8), (12, 40)),
    Pace("T17", "cleared", (0, 0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5), (15, 45), 0.3),
    Pace("other", "accepted", (1, 2, 4, 6, 9, 12, 14, 16, 18, 20, 22, 23), (12, 40)),
    Pace("elsewhere", "announced", (0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3), (14, 45), 0.5),
)


@dataclass(frozen=True)
class Event:
    """An event before it is recorded."""

    row: Row
    stage: str
    day: date


def climbs(pace: Pace, items: list[list[Row]], late: set[str]) -> list[Event]:
    """Return the events of all items of a list; the rows in `late` reach the declared stage months after their item."""
    dice = Dice(f"pace/{pace.target}")
    events: list[Event] = []
    # What was carried over from the year before is done first.
    order = sorted(dice.shuffled(items), key=lambda item: int(item[0].values["plan_year"]))
    for place, item in enumerate(order):
        month = next((m for m, count in enumerate(pace.reached, 1) if place < count), None)
        day = date(2022, month, dice.integer(3, 27)) if month else None
        for row in item:
            ladder = _ladder(row)
            goal = next(ladder.index(stage) for stage in pace.stage.split("|") if stage in ladder)
            if day is None:
                top = dice.integer(0, goal - 1)
                events += _climb(dice, row, top, date(2022, dice.integer(6, 12), 14), pace)
            else:
                delay = timedelta(days=130 if row.id in late else 0)
                events += _climb(dice, row, goal, day + delay, pace)
    return events


def _climb(dice: Dice, row: Row, top: int, day: date, pace: Pace) -> list[Event]:
    ladder = _ladder(row)
    found, at = [], day
    for stage in reversed(ladder[: top + 1]):
        if stage == ladder[0]:
            at = min(at, LISTED + timedelta(days=dice.integer(0, 80)))
        found.append(Event(row, stage, max(_workday(at), FIRST)))
        at -= timedelta(days=dice.integer(*pace.gap))
    at = day
    for stage in ladder[top + 1 :] if ladder[top] in pace.stage.split("|") else []:
        at += timedelta(days=dice.integer(*pace.gap))
        if at > LAST or not dice.chance(pace.further):
            break
        found.append(Event(row, stage, _workday(at)))
    return found


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def record(events: list[Event]) -> list[dict[str, Any]]:
    """Return the events as the clerks entered them, some days after they happened, in the order of entry."""
    dice = Dice("record")
    numbered = sorted(events, key=lambda event: (event.day, event.row.layer, event.row.id, _rung(event)))
    entered = []
    for year, group in groupby(numbered, key=lambda event: event.day.year):
        for number, event in enumerate(group, 1):
            moment = datetime.combine(event.day, datetime.min.time()) + timedelta(
                days=dice.integer(1, 6), hours=dice.integer(8, 17), minutes=dice.integer(0, 59)
            )
            entered.append((moment, event, f"佐证-{year}-{number:04d}", dice.pick(CLERKS)))
    entered.sort(key=lambda entry: entry[0])
    return [
        {
            "event_no": None,
            "layer": event.row.layer,
            "id": event.row.id,
            "stage": event.stage,
            "event_date": event.day.isoformat(),
            "recorded_at": moment.isoformat(),
            "recorded_by": clerk,
            "evidence_no": evidence,
            "reverses": None,
        }
        for moment, event, evidence, clerk in entered
    ]


def _rung(event: Event) -> int:
    return _ladder(event.row).index(event.stage)


def _ladder(row: Row) -> list[str]:
    return [rung.id for rung in schema().layers[row.layer].ladder(row.values.get("mode"))]


def number(records: list[dict[str, Any]]) -> None:
    """Give the events their numbers in the order of entry, also where one corrects another."""
    records.sort(key=lambda entry: entry["recorded_at"])
    for place, entry in enumerate(records, 1):
        entry["event_no"] = f"E{place:05d}"
    for entry in records:
        if entry["reverses"] is not None:
            entry["reverses"] = entry["reverses"]["event_no"]
