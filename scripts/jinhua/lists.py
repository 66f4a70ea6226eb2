"""The approved lists: which rows stand behind each item of each target."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from jinhua.industry import JOINED, OFF_LIST, OUTDATED, WORKSHOPS, enterprise_name
from jinhua.rows import Row

SWAPPED_ON, SWAP_DOC = "2022-08-22", "清单调整-2022-01"

Items = dict[str, list[Row]]  # item number: its rows


def own_lists(rows: list[Row]) -> dict[str, Items]:
    """Return the lists whose item number stands in the rows, by target."""
    lists: dict[str, Items] = {}
    for row in rows:
        if row.values["list_no"]:
            items = lists.setdefault(row.values["list_no"].split("-")[0], {})
            items.setdefault(row.values["list_no"], []).append(row)
    return lists


def enterprise_lists(low: list[Row]) -> dict[str, Items]:
    """Return the lists of enterprises to upgrade (T13), workshops (T14) and outdated capacity (T15)."""
    owned = [row for row in low if row.values["enterprise"]]
    lists: dict[str, Items] = {"T13": {}, "T14": {}, "T15": {}}
    for owner, group in groupby(owned, key=lambda row: str(row.values["enterprise"])):
        number = int(owner.removeprefix("企业"))
        target = "T14" if number in WORKSHOPS else "T15" if number in OUTDATED else "T13"
        lists[target][f"{target}-{len(lists[target]) + 1:03d}"] = list(group)
    return lists


def plan_items(lists: dict[str, Items]) -> list[dict[str, Any]]:
    """Return the table: one line a row of an item, and the swap of one enterprise for another in August."""
    lines = []
    for target in sorted(lists):
        for list_no, rows in lists[target].items():
            joined = target == "T13" and rows[0].values["enterprise"] == enterprise_name(JOINED)
            left = rows[0].values.get("enterprise") == enterprise_name(OFF_LIST)
            lines += [_line(list_no, target, row, "替换" if joined else "原计划") for row in rows]
            lines += [_line(list_no, target, row, "调出") for row in rows if left]
    return lines


def _line(list_no: str, target: str, row: Row, change: str) -> dict[str, Any]:
    original = change == "原计划"
    return {
        "list_no": list_no,
        "target": target,
        "layer": row.layer,
        "id": row.id,
        "change": change,
        "change_date": None if original else SWAPPED_ON,
        "change_doc": None if original else SWAP_DOC,
    }
