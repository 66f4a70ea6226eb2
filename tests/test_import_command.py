"""`landkit import` as it is called: reports, exit codes, and a batch that goes on."""

import io
import json
import os
from contextlib import redirect_stdout
from types import SimpleNamespace

import geopandas as gpd
import pytest
from test_importing import at, parcels, ws  # noqa: F401 - a fixture

from landkit.cli import main


def run(*given):
    """Return the exit code and what was written to stdout."""
    page = io.StringIO()
    with redirect_stdout(page):
        code = main(["import", *map(str, given)])
    return SimpleNamespace(exit_code=code, stdout=page.getvalue())


@pytest.fixture
def usb(tmp_path):
    folder = tmp_path / "usb"
    folder.mkdir()
    parcels(folder / "收回.geojson", [at(0, 0)], crs="EPSG:4549", 编号=["A\x1b[31m"], 备注=["x"])
    (folder / "bad.shp").write_bytes(b"no shapefile")
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "notes.docx").write_bytes(b"PK")
    if os.name == "posix":
        os.mkfifo(folder / "fifo.txt")
        (folder / "link.csv").symlink_to("/etc/passwd")
    return folder


def test_a_folder_goes_on_past_what_is_bad(ws, usb):  # noqa: F811
    result = run(usb, "-w", ws, "--format", "json")
    assert result.exit_code == 5
    documents = [json.loads(line)["landkit.import/v1"] for line in result.stdout.splitlines()]
    assert len(documents) == (6 if os.name == "posix" else 4)
    for document in documents:
        wanted = {"source", "features_in", "accepted", "quarantined", "repaired", "layers", "findings", "error"}
        assert wanted <= set(document)
        assert document["features_in"] == document["accepted"] + document["quarantined"]
    good = [document for document in documents if document["error"] is None]
    assert [(one["features_in"], one["accepted"]) for one in good] == [(1, 1)]
    assert all(one["error"]["hint"] for one in documents if one["error"])


def test_reports_in_both_languages_without_control_characters(ws, usb):  # noqa: F811
    english = run(usb / "收回.geojson", "-w", ws)
    assert "in 1 = accepted 1 + returned 0" in english.stdout
    chinese = run(usb / "收回.geojson", "-w", ws, "--lang", "zh")
    assert "此前已作为第 1 次导入" in chinese.stdout
    assert "\x1b" not in english.stdout + chinese.stdout


def test_out_is_kept_unless_forced_and_never_the_source(tmp_path):
    source = parcels(tmp_path / "x.gpkg", [at(0, 0)], n=[1])
    before = source.read_bytes()
    assert run(source, "--out", source, "--force").exit_code == 2
    assert source.read_bytes() == before
    out = tmp_path / "o.gpkg"
    assert run(source, "--out", out).exit_code == 0
    assert run(source, "--out", out).exit_code == 2
    assert run(source, source, "--out", out, "--force").exit_code == 0
    assert gpd.list_layers(out)["name"].tolist() == ["x", "x-x"]


def test_options_that_do_not_go_together(ws, tmp_path):  # noqa: F811
    assert run("-w", ws).exit_code == 2
    assert run("a.shp", "--undo", "1", "-w", ws).exit_code == 2
    assert run("a.shp", "--out", tmp_path / "o.gpkg", "--layer", "reclaim").exit_code == 2
    assert "landkit import usb/" in run("--help").stdout
