"""`landkit init`: a workspace that opens, answers, and is not founded on anything that is wrong."""

import json
import tomllib
from pathlib import Path

import pytest

from landkit.cli import main
from landkit.errors import InputError, LandkitError, UsageError
from landkit.founding import init
from landkit.plan import read_plan
from landkit.store import history
from landkit.workspace import open_workspace

PLAN = Path(__file__).parents[1] / "layers" / "plan.toml"


def refusal(call, *args, **options):
    with pytest.raises(LandkitError) as caught:
        call(*args, **options)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def test_a_workspace_that_opens(tmp_path):
    made = init(tmp_path / "jkq-2022", plan=PLAN, crs="EPSG:4549", aoi=(119.31, 28.9, 119.85, 29.3))
    opened = open_workspace(made)
    assert (opened.zone.name, opened.zone.year, opened.zone.crs) == ("jkq-2022", 2022, "EPSG:4549")
    assert opened.zone.aoi == (119.31, 28.9, 119.85, 29.3)
    assert dict(opened.layers) == {}
    assert opened.plan_path.read_bytes() == PLAN.read_bytes()
    assert len(read_plan(opened.plan_path).targets) == len(read_plan(PLAN).targets)
    assert sorted(path.name for path in made.iterdir()) == ["landkit.toml", "plan.toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["jkq-2022"]


@pytest.mark.parametrize("name", ["金华开发区", 'a "b" \\ c', "x\ty", "#", "\x7f"])
def test_any_name_of_a_zone(tmp_path, name):
    opened = open_workspace(init(tmp_path / "w", crs="EPSG:4549", name=name, year=2022))
    assert opened.zone.name == name
    assert not opened.plan_path.exists()


def test_explained_in_both_languages(tmp_path):
    text = (init(tmp_path / "w", crs="4549", year=2022) / "landkit.toml").read_text(encoding="utf-8")
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    assert any("工作平面" in line and "working plane" in line for line in comments)
    assert set(tomllib.loads(text)) == {"zone", "tolerance"}


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"crs": "EPSG:3857"}, "crs.no_plane"),
        ({"crs": "Jinhua"}, "crs.no_plane"),
        ({"year": None}, "init.year"),
        ({"name": " "}, "init.name"),
        ({"aoi": (28.9, 119.31, 29.3, 119.85)}, "init.aoi"),
        ({"aoi": (119.31, 28.9, 119.85)}, "init.aoi"),
        ({"aoi": (119.31, 28.9, float("nan"), 29.3)}, "init.aoi"),
        ({"plan": "gone.toml"}, "plan.missing_file"),
    ],
)
def test_what_is_wrong_makes_no_folder(tmp_path, options, key):
    error = refusal(init, tmp_path / "w", **{"crs": "EPSG:4549", "year": 2022, **options})
    assert error.key == key
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_is_not_understood_makes_no_folder(tmp_path):
    plan = tmp_path / "p.toml"
    plan.write_text(
        PLAN.read_text(encoding="utf-8").replace('stage = "reclaimed"', 'stage = "reclaimd"'), encoding="utf-8"
    )
    error = refusal(init, tmp_path / "w", crs="EPSG:4549", plan=plan)
    assert (type(error), error.exit_code) == (InputError, 5)
    assert not (tmp_path / "w").exists()


def test_a_folder_that_holds_something(tmp_path):
    (tmp_path / "landkit.toml").write_text("mine", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    error = refusal(init, tmp_path, crs="EPSG:4549", year=2022)
    assert (type(error), error.key) == (UsageError, "workspace.target_taken")
    assert (tmp_path / "landkit.toml").read_text(encoding="utf-8") == "mine"
    init(tmp_path, crs="EPSG:4549", year=2022, force=True)
    assert open_workspace(tmp_path).zone.year == 2022
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert history(tmp_path)[0].files == ("landkit.toml",)


def run(capsys, *args):
    code = main(list(args))
    return code, capsys.readouterr()


def test_the_command_says_what_comes_next(tmp_path, capsys):
    folder = str(tmp_path / "w")
    code, said = run(
        capsys, "init", folder, "--plan", str(PLAN), "--crs", "EPSG:4549", "--aoi", "119.31,28.9,119.85,29.3"
    )
    assert (code, said.out) == (0, "")
    plan = read_plan(PLAN)
    measured = [target for target in plan.targets if target.measure]
    assert f"{len(plan.targets)} targets, {len(measured)} of them" in said.err
    assert "reclaim, small_plot" in said.err
    assert "landkit import" in said.err
    code, said = run(capsys, "init", str(tmp_path / "x"), "--lang", "zh")
    assert code == 2
    assert "--crs EPSG:4549" in said.err
    for option, value in (("--aoi", "a,b"), ("--year", "22")):
        assert run(capsys, "init", str(tmp_path / "x"), "--crs", "EPSG:4549", option, value)[0] == 2


def test_a_fresh_workspace_answers(tmp_path, capsys):
    folder = str(init(tmp_path / "w", plan=PLAN, crs="EPSG:4549"))
    for command in ("layers", "area"):
        code, said = run(capsys, command, "-w", folder)
        assert code == 0
        assert "landkit import" in said.out
        code, said = run(capsys, command, "-w", folder, "--format", "json")
        (document,) = json.loads(said.out).values()
        assert code == 0
        assert any("landkit import" in note for note in document["notes"])
    code, said = run(capsys, "status", "-w", folder, "--as-of", "2022-06-30")
    assert code == 0
    assert "T01" in said.out
