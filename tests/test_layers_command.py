"""`landkit layers` lists the workspace in every form and in both languages."""

import csv
import io
import json

import pandas as pd
import pytest

from landkit.cli import main
from landkit.inventory import layers
from landkit.workspace import open_workspace, write_example


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("layers") / "示例")


def run(capfd, *args):
    code = main(["layers", *map(str, args)])
    out, err = capfd.readouterr()
    return code, out, err


def test_the_document_agrees_with_its_twin(example, capfd):
    code, out, _ = run(capfd, "-w", example, "--format", "json", "--unit", "m2")
    document = json.loads(out)["landkit.layers/v1"]
    assert code == 0
    assert document["basis"] == {"method": "ellipsoid", "plane": "EPSG:4549", "unit": "m2"}
    twin = layers(open_workspace(example))
    assert [row["layer"] for row in document["layers"]] == twin["layer"].tolist()
    assert [row["rows"] for row in document["layers"]] == twin["rows"].tolist()
    assert [row["area"] for row in document["layers"]] == [None if pd.isna(area) else area for area in twin["area_m2"]]


def test_mu_are_the_default_and_exactly_15_to_the_hectare(example, capfd):
    in_mu, in_ha = (
        json.loads(run(capfd, "-w", example, "--format", "json", *unit)[1])["landkit.layers/v1"]["layers"]
        for unit in ((), ("--unit", "ha"))
    )
    assert all(
        mu["area"] == pytest.approx(15 * ha["area"], rel=1e-14)
        for mu, ha in zip(in_mu, in_ha, strict=True)
        if ha["area"]
    )


SAID = {"zh": ("有账无图", "示意图形"), "en": ("certainty", "illustrative")}


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize("form", ["table", "md"])
def test_people_are_told_that_the_shapes_are_placeholders(example, capfd, lang, form):
    code, out, _ = run(capfd, "-w", example, "--lang", lang, "--format", form)
    assert code == 0
    assert all(word in out for word in SAID[lang])
    assert all(name in out for name in ("reclaim", "lowefficiency", "event"))


@pytest.mark.parametrize("columns", [80, 160])
def test_the_table_keeps_within_the_terminal(example, capfd, monkeypatch, columns):
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", str(columns))
    _, out, _ = run(capfd, "-w", example, "--lang", "zh")
    rows = out.splitlines()
    assert len(rows) > 13
    assert any("面积" in row for row in rows[-6:])  # the notes, too
    assert max(map(cell_len, rows)) <= columns


def test_a_csv_file_opens_in_a_spreadsheet_and_is_not_overwritten(example, capfd, tmp_path):
    target = tmp_path / "layers.csv"
    arguments = ("-w", example, "--format", "csv", "-o", target, "--lang", "zh")
    assert run(capfd, *arguments) == (0, "", "")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(open_workspace(example).layers)
    assert float(rows[0]["面积（亩）"]) > 0
    beside = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))["landkit.layers/v1"]
    assert beside["basis"]["unit"] == "mu"
    assert len(beside["notes"]) == 2
    assert run(capfd, *arguments)[0] == 2
    assert run(capfd, *arguments, "--force")[0] == 0


def test_outside_a_workspace_the_demo_is_named(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capfd)
    assert (code, out) == (2, "")
    assert "landkit demo DIR" in err
