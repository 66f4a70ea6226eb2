"""`landkit doctor`: what is found wrong is reported, not raised, and the known point is right by another road."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import mpmath
import pytest
from mpmath import mpc, mpf
from reference import isometric, meridian_arc

from landkit import health
from landkit.cli import main
from landkit.health import Report, doctor
from landkit.words import text


def test_the_known_point_is_right():
    """Gauss: the plane point is the meridian arc of the complex latitude whose isometric latitude is q + iλ."""
    degree = mpmath.pi / 180
    latitude = mpf("29.08") * degree
    isometric_point = isometric(latitude) + mpc(0, 1) * (mpf("119.65") - 120) * degree
    point = meridian_arc(mpmath.findroot(lambda phi: isometric(phi) - isometric_point, mpc(latitude, 0)))
    assert mpf("119.65") == pytest.approx(health._LONGITUDE)
    assert float(point.imag + 500_000) == pytest.approx(health._EAST, abs=1e-6)
    assert float(point.real) == pytest.approx(health._NORTH, abs=1e-6)


def test_here_everything_required_is_in_order(capsys):
    report = doctor()
    assert report.ok, [check for check in report.checks if not check.ok]
    assert main(["doctor", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)["landkit.doctor/v1"]
    assert said["ok"] is True
    assert [check["id"] for check in said["checks"]] == [check.id for check in report.checks]
    versions = {check["id"]: check["found"] for check in said["checks"]}
    import geopandas
    import shapely

    assert versions["geopandas"] == geopandas.__version__
    assert versions["geos"] == shapely.geos_version_string


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_fails_is_named_and_ends_with_1(lang, capsys, monkeypatch):
    whole = doctor()
    broken = Report(tuple(replace(check, ok=False) if check.id == "geos" else check for check in whole.checks))
    monkeypatch.setattr("landkit.cli.doctor.doctor", lambda: broken)
    assert main(["doctor", "--lang", lang]) == 1
    shown = capsys.readouterr().out
    assert next(line for line in shown.splitlines() if line.startswith(text("doctor.bad", lang))).split()[1] == "GEOS"
    assert text("doctor.failed", lang) in shown


def test_what_is_only_useful_fails_nothing(monkeypatch):
    monkeypatch.setattr(health, "_font", lambda: (False, None))
    report = doctor()
    assert [check.ok for check in report.checks if check.id == "font"] == [False]
    assert report.ok


def test_a_library_that_does_not_load_is_a_finding(monkeypatch):
    def broken() -> tuple[bool, str]:
        raise OSError("DLL load failed")

    monkeypatch.setattr(health, "_geos", broken)
    report = doctor()
    assert [check.found for check in report.checks if check.id == "geos"] == ["OSError: DLL load failed"]
    assert not report.ok


def test_a_wrong_point_is_found(monkeypatch):
    monkeypatch.setattr(health, "_NORTH", health._NORTH + 0.002)
    assert [check.id for check in doctor().checks if check.required and not check.ok] == ["transformation"]


def test_a_network_that_was_asked_for_is_told(monkeypatch):
    code = "from landkit.health import doctor; print([c.ok for c in doctor().checks if c.id == 'proj_offline'])"
    monkeypatch.setenv("PROJ_NETWORK", "ON")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[False]"
