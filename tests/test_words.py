"""The words: every key that the code names exists in both languages with the same fields, and none is left over."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

import landkit
from landkit import errors
from landkit.words import ROOMS, entries

SOURCES = [path for path in Path(landkit.__file__).parent.rglob("*.py") if "words" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
NODES = [(path, node) for path, tree in TREES.items() for node in ast.walk(tree)]
CONSTANTS = {node.value for _, node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}


def calls(names: set[str]) -> list[tuple[str, ast.Call, str]]:
    """Return the calls of `names` whose first argument is written out: place, call, argument."""
    found = []
    for path, node in NODES:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        first = node.args[0]
        if called in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.append((f"{path.name}:{node.lineno}", node, first.value))
    return found


def patterns() -> list[re.Pattern[str]]:
    """Return what the f-strings of the code can make, those that start with a room's prefix."""
    found = []
    for _, node in NODES:
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
            if re.match(r"[a-z_]+\\\.", parts[0]) or parts[-1] in (r"\.about", r"\.examples"):
                found.append(re.compile("".join(parts).replace(r"\w+\.", r"[\w.]+\.")))
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_key_is_in_two_rooms():
    count = Counter(key for room in ROOMS for key in import_module(f"landkit.words.{room}").ENTRIES)
    assert [key for key, times in count.items() if times > 1] == []


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same(room):
    for key, (english, chinese) in import_module(f"landkit.words.{room}").ENTRIES.items():
        assert english.strip(), key
        assert chinese.strip(), key
        assert fields(english) == fields(chinese), key
        assert english.isascii() or not re.search(r"[\u4e00-\u9fff]{4}", english), key


def test_every_error_has_a_next_step():
    known = entries()
    raised = [key for key in known if key.startswith("error.") and not key.endswith(".hint")]
    assert [key for key in raised if f"{key}.hint" not in known] == []


def test_what_is_raised_has_words_and_fills_their_fields():
    known = entries()
    raised = calls(ERRORS)
    assert len(raised) > 50
    for place, call, key in raised:
        given = {keyword.arg for keyword in call.keywords}
        for name in (f"error.{key}", f"error.{key}.hint"):
            assert name in known, f"{place}: {name}"
            if None not in given:  # no **values
                assert fields(known[name][0]) <= given, f"{place}: {name}"


def test_what_is_shown_has_words():
    known = entries()
    shown = [(place, key) for place, call, key in calls({"text"}) if len(call.args) > 1]
    assert len(shown) > 10
    assert [(place, key) for place, key in shown if key not in known] == []
    helps = [key for key in CONSTANTS if re.fullmatch(r"option\.[a-z_]+", key)]
    assert [key for key in helps if key not in known] == []


def test_no_words_are_left_over():
    made = patterns()

    def used(key: str) -> bool:
        name = key.removeprefix("error.").removesuffix(".hint")
        ends = {key.removesuffix(".hint"), *(name.split(".", count)[-1] for count in range(name.count(".") + 1))}
        return bool(ends & CONSTANTS) or any(pattern.fullmatch(key) for pattern in made)

    assert [key for key in entries() if not used(key)] == []
