"""The wheel in an environment of its own: no development dependency, no checkout, the example on board."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

import landkit

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ConfigParser()
CONFIG.read(ROOT / "setup.cfg", encoding="utf-8")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # By way of the source archive: a `build` folder left behind in the checkout must not slip into the wheel.
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("landkit-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """The Python of a clean environment with the wheel and what it asks for; pip installs from outside, as offline
    machines and Debian do it."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(sys.executable, "-m", "pip", "--python", str(found), "install", "--quiet", str(wheel))
    return found


def run(*command: str, cwd: Path | None = None) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_packages_are_the_folders():
    folders = {path.parent for path in (ROOT / "landkit").rglob("__init__.py")}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(CONFIG["options"]["packages"].split()) == names | {"landkit.example"}


def test_what_the_wheel_carries(wheel):
    members = set(zipfile.ZipFile(wheel).namelist())
    example = {f"landkit/example/{path.name}" for path in (ROOT / "layers").iterdir() if path.suffix != ".py"}
    assert {"landkit/py.typed", "landkit/schema.toml"} | example <= members
    assert f"landkit-{landkit.__version__}.dist-info/licenses/LICENSE" in members
    assert not [name for name in members if name.startswith(("tests/", "scripts/", "layers/"))]
    metadata = zipfile.ZipFile(wheel).read(f"landkit-{landkit.__version__}.dist-info/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_main_job_from_the_wheel(python, tmp_path):
    run(str(python), "-m", "landkit", "demo", "example", cwd=tmp_path)
    area = run(str(python), "-m", "landkit", "area", "-w", "example", "--format", "json", cwd=tmp_path)
    assert json.loads(area)["landkit.area/v1"]["total"]["net"] > 0
    status = run(str(python), "-m", "landkit", "status", "-w", "example", "--format", "json", cwd=tmp_path)
    assert json.loads(status)["landkit.status/v1"]["targets"]
    assert "reclaim" in run(str(python), "-m", "landkit", "layers", "-w", "example", cwd=tmp_path)
    assert "GEOS" in run(str(python), "-m", "landkit", "doctor", cwd=tmp_path)
    script = python.with_name("landkit.exe" if os.name == "nt" else "landkit")
    assert run(str(script), "--version") == f"landkit {landkit.__version__}\n"


def test_nothing_of_development_is_needed(python):
    listed = run(sys.executable, "-m", "pip", "--python", str(python), "list", "--format", "json")
    names = {entry["name"].lower() for entry in json.loads(listed)}
    assert not names & {"pytest", "hypothesis", "mypy", "ruff", "rasterio", "import-linter", "folium"}
