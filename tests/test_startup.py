"""What is loaded before a command is known: counted in modules, since a clock would measure the machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from landkit.cli import COMMANDS

LATER = {
    "numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "fiona", "pyarrow", "cql2", "rasterio", "folium",
    "rich.console", "rich.table", "tomllib", "importlib.metadata",
}  # fmt: skip


def modules_after(code: str) -> set[str]:
    script = f"import json, sys\n{code}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["--help", "--lang", "zh"], ["--version"], [], ["no-such-command"]])
def test_nothing_heavy_is_loaded_before_a_command_is_known(arguments):
    loaded = modules_after(f"from landkit.cli import main; main({arguments})")
    assert "click" in loaded
    assert not loaded & LATER
    assert not loaded & {f"landkit.cli.{name}" for name in COMMANDS}


def test_importing_landkit_loads_no_geo_library():
    assert not modules_after("import landkit") & (LATER | {"click", "rich"})


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_its_help_without_reading_data(command):
    loaded = modules_after(f"from landkit.cli import main; assert main(['{command}', '--help']) == 0")
    assert not loaded & {"pyogrio", "fiona", "pyarrow", "geopandas"}
