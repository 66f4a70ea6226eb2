"""docs/cli.md is what the commands say, and every command says enough."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from landkit.cli import COMMANDS, landkit
from landkit.words import entries

ROOT = Path(__file__).resolve().parents[1]


def test_the_reference_is_what_the_commands_say():
    command = [sys.executable, str(ROOT / "scripts" / "build_docs.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, f"run scripts/build_docs.py\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_whole(name):
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    section = page.split(f"## landkit {name}\n")[1].split("\n## ")[0]
    command = landkit.get_command(click.Context(landkit, obj="en"), name)
    for param in command.params:
        if isinstance(param, click.Option):
            assert max(param.opts, key=len) in section
            assert param.help in entries(), f"{param.opts}: its help is no key of landkit.words"
    for position in range(2):
        examples = entries()[f"help.{name}.examples"][position].split("\n")
        assert all(example.startswith((f"landkit {name}", "landkit area")) for example in examples)
        assert any(example.startswith(f"landkit {name}") for example in examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_both_languages(name):
    command = landkit.get_command(click.Context(landkit, obj="en"), name)
    assert "--lang" in [opt for param in command.params for opt in param.opts]


def test_links_between_pages_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert len(pages) >= 3
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_dependency_is_justified():
    from configparser import ConfigParser

    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = "\n".join([config["options"]["install_requires"], *config["options.extras_require"].values()]).split()
    names = {re.split(r"[<>=!]", entry)[0] for entry in listed}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert names == set(re.findall(r"^\| `([\w-]+)`", page, flags=re.MULTILINE))
