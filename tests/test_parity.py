"""Every command has a library twin with the same defaults."""

from __future__ import annotations

import inspect
from importlib import import_module

import click
import pytest

import landkit
from landkit.cli import COMMANDS
from landkit.cli import landkit as group

TWINS = {
    "init": "init",
    "decide": "decide",
    "import": "import_delivery",
    "check": "check",
    "area": "account",
    "status": "status",
    "redline": "redline",
    "export": "export",
    "layers": "layers",
    "demo": "write_example",
    "doctor": "doctor",
}
# What a command line must name, and so has no default.
NEEDED = {"init": ["x"], "demo": ["x"], "export": ["x", "--to", "csv", "-o", "x.csv"]}
# What only a command line has: where the output goes, what it looks like and in which language.
SURFACE = {"form", "output", "lang", "digits", "help", "listed"}
# Files are the library's business only where the twin writes them.
SURFACE_UNLESS_TWIN = {"force", "unit", "strict"}


def twin(name: str):
    return getattr(landkit, TWINS[name])


def test_every_command_has_a_twin_that_is_public():
    assert set(TWINS) == set(COMMANDS)
    assert set(TWINS.values()) <= set(landkit.__all__)
    for name in COMMANDS:
        assert callable(twin(name))


def test_a_twin_stays_a_function_when_its_module_is_loaded():
    for name in COMMANDS:
        import_module(f"landkit.cli.{name}")
        home = inspect.getmodule(twin(name)).__name__
        import_module(home)
        assert home.rpartition(".")[2] != twin(name).__name__, f"{home} would hide landkit.{twin(name).__name__}"


@pytest.mark.parametrize("name", COMMANDS)
def test_options_and_keywords_have_the_same_names_and_defaults(name):
    command = group.get_command(click.Context(group, obj="en"), name)
    needed = NEEDED.get(name, [])
    defaults = command.make_context(name, needed, obj="en").params
    parameters = inspect.signature(twin(name)).parameters
    options = {param.name for param in command.params if isinstance(param, click.Option)} - SURFACE
    required = {param.name for param in command.params if param.required}
    for option in options:
        if option in SURFACE_UNLESS_TWIN and option not in parameters:
            continue
        assert option in parameters, f"landkit.{TWINS[name]} has no {option}"
        # A command line has no None: an option left out, a flag not raised and an empty list are what it has instead.
        empty = (None, inspect.Parameter.empty, False, ())
        ours, theirs = defaults[option], parameters[option].default
        is_same = ours == theirs or (ours in empty and theirs in empty)
        assert theirs is inspect.Parameter.empty if option in required else is_same, option
