"""Decisions: logged, replayed, reversible, and never applied to rows that have changed since."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import union_all
from shapely.geometry import MultiPolygon, Polygon, box

from landkit.accounting import account
from landkit.cli import main
from landkit.crs import read_plane
from landkit.decisions import COLUMNS, FILE, Decision, decide, holds, in_force, read_decisions, standing
from landkit.errors import InputError, LandkitError, UsageError
from landkit.rulings import apply_decisions
from landkit.store import exclusive
from landkit.workspace import open_workspace

X, Y = 500_000, 3_218_000
PLANE = read_plane("EPSG:4549")
SETTINGS = '[zone]\nname = "某区"\nyear = 2022\ncrs = "EPSG:4549"\n'
BECAUSE = {"by": "planner", "note": "以6月复测为准"}


def square(east, size=100, north=0):
    return box(X + east, Y + north, X + east + size, Y + north + size)


# A and B of 15 mu share 3.75 mu; C lies within A; D apart; the bow tie E encloses 7.5 mu.
ROWS = {
    "A": square(0), "B": square(75), "C": square(10, 20), "D": square(1000),
    "E": Polygon([(X + 2000, Y), (X + 2100, Y + 100), (X + 2100, Y), (X + 2000, Y + 100)]), "F": None,
}  # fmt: skip


def frame_of(rows):
    ids = pd.Series(list(rows), dtype="str")
    return gpd.GeoDataFrame({"id": ids}, geometry=list(rows.values()), crs=4549)


def stage(folder, **frames):
    with exclusive(folder, purpose="test") as transaction:
        for name, frame in frames.items():
            open_workspace(folder).stage(transaction, name, frame)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "landkit.toml").write_text(SETTINGS, encoding="utf-8")
    stage(tmp_path, reclaim=frame_of(ROWS), small_plot=frame_of({"A": square(0), "P": square(300)}))
    return tmp_path


def net_mu(folder):
    answer = account(["reclaim"], workspace=folder, method="planar", by=["layer"])
    return float(answer.counted.sum()) / 10_000 * 15


def notes(folder):
    answer = account(["reclaim"], workspace=folder)
    return [note for note in answer.notes if note.key.startswith("note.decision")]


def refusal(call, *args, **options):
    with pytest.raises(LandkitError) as caught:
        call(*args, **options)
    for lang in ("en", "zh"):
        assert caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def test_keep_gives_shared_land_to_one(folder):
    raw = (folder / "reclaim.gpkg").read_bytes()
    before = net_mu(folder)
    made = decide("A, B", rule="keep B", layer="reclaim", workspace=folder, **BECAUSE)
    assert (made.decision_no, made.layer, made.ids, made.rule, made.target) == (
        "D-1",
        "reclaim",
        ("A", "B"),
        "keep",
        "B",
    )
    assert net_mu(folder) == pytest.approx(before, abs=1e-6)  # land that belongs to one is still there
    (note,) = notes(folder)
    assert note.values["before"] == pytest.approx(15, rel=1e-6)
    assert note.values["after"] == pytest.approx(11.25, rel=1e-6)
    assert "planner" in note.text("en")
    assert (folder / "reclaim.gpkg").read_bytes() == raw


def test_undo_restores_exactly_the_former_figures(folder):
    before = account(["reclaim"], workspace=folder)
    decide(["A", "B", "C"], rule="keep B", workspace=folder, **BECAUSE)
    decide("D", rule="drop D", workspace=folder, **BECAUSE)
    changed = account(["reclaim"], workspace=folder)
    assert changed.counted.sum() == pytest.approx(before.counted.sum() - 10_000, rel=1e-6)
    for number in ("D-1", "D-2"):
        decide(undo=number, workspace=folder, **BECAUSE)
    after = account(["reclaim"], workspace=folder)
    assert np.array_equal(after.counted, before.counted)
    assert after.notes == before.notes
    assert [decision.decision_no for decision in read_decisions(open_workspace(folder))] == ["D-1", "D-2", "D-3", "D-4"]
    assert standing(open_workspace(folder)) == []


def test_drop_and_accept(folder):
    decide("D", rule="drop D", workspace=folder, **BECAUSE)
    decide(["A", "C"], rule="accept", workspace=folder, **BECAUSE)
    (note,) = notes(folder)
    assert note.key == "note.decision.drop"
    assert note.values["mu"] == pytest.approx(15, rel=1e-6)
    table = in_force(open_workspace(folder))
    assert list(table.columns) == list(COLUMNS)
    assert table["rule"].tolist() == ["drop", "accept"]
    assert table["ids"].tolist() == [("D",), ("A", "C")]


def test_a_row_of_which_nothing_is_left_is_unmeasured_with_the_reason(folder):
    decide("A,C", rule="keep A", workspace=folder, **BECAUSE)
    answer = account(["reclaim"], workspace=folder)
    rows = answer.unmeasured.set_index("id")["reason"].to_dict()
    assert rows == {"C": "decided", "F": "no_geometry"}


def test_an_invalid_row_is_cut_as_repaired(folder):
    stage(folder, reclaim=frame_of({"E": ROWS["E"], "G": box(X + 2000, Y, X + 2050, Y + 100)}))
    decide("E,G", rule="keep G", workspace=folder, **BECAUSE)
    (note,) = notes(folder)
    assert note.values["before"] == pytest.approx(7.5, rel=1e-6)
    assert note.values["after"] == pytest.approx(3.75, rel=1e-6)


def test_a_layer_in_degrees_is_cut_in_the_plane(folder):
    (folder / "landkit.toml").write_text(SETTINGS + '[layers.reclaim]\nfile = "r.geojson"\n', encoding="utf-8")
    frame_of(ROWS).to_crs(4490).to_file(folder / "r.geojson", COORDINATE_PRECISION=17)
    decide("A,B", rule="keep B", workspace=folder, **BECAUSE)
    (note,) = notes(folder)
    assert note.values["after"] == pytest.approx(11.25, rel=1e-6)
    assert net_mu(folder) == pytest.approx(15 + 11.25 + 15 + 7.5, rel=1e-6)


SHAPE = st.builds(square, st.integers(0, 200), st.integers(20, 150), st.integers(0, 200))


@given(st.lists(SHAPE, min_size=2, max_size=5), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5))
def test_whatever_is_kept_from_whom_no_land_is_lost(shapes, pairs):
    rows = {f"P{number}": shape for number, shape in enumerate(shapes)}
    frame = frame_of(rows)
    made = []
    for first, second in pairs:
        ids = (f"P{first % len(shapes)}", f"P{second % len(shapes)}")
        if ids[0] != ids[1]:
            draft = Decision(f"D-{len(made) + 1}", "t", "reclaim", ids, "keep", ids[0], "x", "y")
            made.append(draft)
    from landkit.decisions import _hash, labels_of

    made = [Decision(**{**vars(one), "shapes": _hash(frame, labels_of(frame, one.ids))}) for one in made]
    found = apply_decisions(frame, "reclaim", PLANE, made)
    left = found.frame.geometry.dropna()
    assert union_all(list(left)).area == pytest.approx(union_all(shapes).area, rel=1e-9)
    for one in made:
        kept, other = (found.frame.geometry[labels_of(frame, (name,))[0]] for name in one.ids)
        if kept is not None and other is not None:
            assert kept.intersection(other).area == pytest.approx(0, abs=1e-6)


# Rows that changed


def test_a_decision_about_rows_that_changed_is_not_applied_and_says_so(folder):
    decide("A,B", rule="keep B", layer="reclaim", workspace=folder, **BECAUSE)
    moved = {**ROWS, "B": square(80)}
    stage(folder, reclaim=frame_of(moved))
    (note,) = notes(folder)
    assert (note.key, note.values["number"]) == ("note.decision.stale", "D-1")
    stage(folder, reclaim=frame_of({name: shape for name, shape in ROWS.items() if name != "B"}))
    assert [note.key for note in notes(folder)] == ["note.decision.stale"]
    stage(folder, reclaim=frame_of(ROWS))
    assert [note.key for note in notes(folder)] == ["note.decision.keep"]
    # decided anew while the old one is stale
    stage(folder, reclaim=frame_of(moved))
    assert decide("A,B", rule="keep A", layer="reclaim", workspace=folder, **BECAUSE).decision_no == "D-2"


def test_other_rows_and_another_storage_change_nothing(folder):
    decide("A,B", rule="keep B", layer="reclaim", workspace=folder, **BECAUSE)
    other = {**ROWS, "A": MultiPolygon([ROWS["A"]]), "D": MultiPolygon([square(1000), square(3000)]), "N": square(5000)}
    (decision,) = standing(open_workspace(folder))
    assert holds(decision, frame_of(dict(reversed(other.items()))))
    assert not holds(decision, frame_of({**other, "B": None}))


# Refusals


@pytest.mark.parametrize(
    ("ids", "rule", "layer", "key"),
    [
        ("A,B", "keep C", None, "decision.target"),
        ("A", "keep A", "reclaim", "decision.alone"),
        ("A,B", "keep", None, "decision.rule"),
        ("A,B", "merge A", None, "decision.rule"),
        ("A,B", "accept A", None, "decision.rule"),
        ("", "accept", None, "decision.nothing"),
        ("A", None, None, "decision.nothing"),
        ("A,Z", "accept", None, "decision.no_row"),
        ("B,P", "accept", None, "decision.apart"),
        ("A", "accept", None, "decision.several_layers"),
        ("A", "accept", "nowhere", "workspace.no_layer"),
        ("P", "accept", "reclaim", "decision.no_row"),
    ],
)
def test_what_is_no_decision(folder, ids, rule, layer, key):
    error = refusal(decide, ids, rule=rule, layer=layer, workspace=folder, **BECAUSE)
    assert (type(error), error.key) == (UsageError, key)
    assert not (folder / FILE).exists()


def test_a_decision_has_a_name_and_a_reason(folder):
    for said in ({"by": " ", "note": "x"}, {"by": "x", "note": ""}):
        assert refusal(decide, "D", rule="accept", workspace=folder, **said).key == "decision.empty"


def test_repeated_ids_cannot_be_decided_about(folder):
    stage(folder, reclaim=pd.concat([frame_of({"A": square(0)}), frame_of({"A": square(50), "B": square(75)})]))
    assert refusal(decide, "A,B", rule="keep B", workspace=folder, **BECAUSE).key == "decision.twice"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("A,B", "keep A"), ("A,B", "keep B")),
        (("A,B", "keep A"), ("A,B,C", "keep B")),
        (("A,B", "keep B"), ("B", "drop B")),
        (("B,A", "drop B"), ("A,B", "keep B")),
        (("B,A", "drop B"), ("B", "drop B")),
        (("A,B", "accept"), ("B,A", "accept")),
    ],
)
def test_contradictions_are_refused_until_the_first_is_taken_back(folder, first, second):
    decide(first[0], rule=first[1], layer="reclaim", workspace=folder, **BECAUSE)
    error = refusal(decide, second[0], rule=second[1], layer="reclaim", workspace=folder, **BECAUSE)
    assert (error.key, error.values["number"]) == ("decision.contradicts", "D-1")
    decide(undo="D-1", workspace=folder, **BECAUSE)
    assert decide(second[0], rule=second[1], layer="reclaim", workspace=folder, **BECAUSE).decision_no == "D-3"


def test_taking_back(folder):
    decide("D", rule="accept", workspace=folder, **BECAUSE)
    assert refusal(decide, undo="D-9", workspace=folder, **BECAUSE).values["known"] == "D-1"
    assert refusal(decide, "D", undo="D-1", workspace=folder, **BECAUSE).key == "decision.undo_alone"
    made = decide(undo="D-1", workspace=folder, **BECAUSE)
    assert (made.rule, made.reverses, made.ids, made.layer) == ("undo", "D-1", ("D",), "reclaim")
    for number in ("D-1", "D-2"):
        assert refusal(decide, undo=number, workspace=folder, **BECAUSE).key == "decision.not_in_force"


# The log


def test_the_log_is_only_added_to_and_survives_any_text(folder):
    decide("D", rule="accept", workspace=folder, by='=甲,"乙"', note="两行\r\n说明")
    first = (folder / FILE).read_bytes()
    decide("A,B", rule="keep B", layer="reclaim", workspace=folder, **BECAUSE)
    assert (folder / FILE).read_bytes().startswith(first)
    log = read_decisions(open_workspace(folder))
    assert (log[0].by, log[0].note) == ('=甲,"乙"', "两行\r\n说明")
    assert first.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())


@pytest.mark.parametrize(
    "damage", [b"D-2,x\r\n", b"D-7,t,reclaim,D,accept,,x,y,,h\r\n", b"D-2,t,reclaim,D,guess,,x,y,,h\r\n", b"\xff"]
)
def test_a_damaged_log_is_refused_with_its_line(folder, damage):
    decide("D", rule="accept", workspace=folder, **BECAUSE)
    with (folder / FILE).open("ab") as file:
        file.write(damage)
    error = refusal(read_decisions, open_workspace(folder))
    assert (type(error), error.key) == (InputError, "decision.log")
    assert error.values["line"] in (1, 3, 4)


# The command


def test_the_command(folder, capsys):
    given_ = [
        "decide",
        "A,B",
        "--rule",
        "keep B",
        "--layer",
        "reclaim",
        "--by",
        "planner",
        "--note",
        "x",
        "-w",
        str(folder),
    ]
    assert main([*given_, "--lang", "zh"]) == 0
    assert "已登记 D-1：keep B：A, B（reclaim）" in capsys.readouterr().err
    assert main([*given_, "--lang", "en"]) == 2
    assert "--undo D-1" in capsys.readouterr().err
    assert main(["decide", "--undo", "D-1", "--by", "x", "--note", "y", "-w", str(folder), "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["landkit.decide/v1"]["decisions"]
    assert [one["in_force"] for one in listed] == [False, False]
    assert main(["decide", "--list", "-w", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "taken back" in shown
    assert "takes back D-1" in shown
    assert main(["decide", "A,B", "--rule", "keep B", "-w", str(folder)]) == 2
    assert "--by" in capsys.readouterr().err


def test_area_says_what_was_decided(folder, capsys):
    decide("A,B", rule="keep B", layer="reclaim", workspace=folder, **BECAUSE)
    assert main(["area", "reclaim", "-w", str(folder), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "D-1（planner）" in shown
    assert "11.25 亩" in shown
