"""Files that other projects test with, and hostile ones, through `import_delivery`: nothing lost, nothing silent."""

import csv
import json
import time
from collections import Counter
from pathlib import Path

import pytest

from landkit import importing
from landkit.errors import CrsError, LandkitError
from landkit.importing import import_delivery
from landkit.products.import_table import import_text
from landkit.sources.contained import Reader

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
# Where a peer counts what is no record: the row of headings and blank rows of sheets, and in drawings texts, hatches
# and blocks, which become attributes of parcels or are counted in the notes.
COUNTED_OTHERWISE = ("xlsx", "ods", "csv", "dxf")
# Refused with what to do next, however sound: compressed, topological and virtual files.
REFUSED = ("topojson", "gz", "vrt", "sql", "dwg", "pkl", "rar")
# Repairable by what a peer made of them, and refused whole: arcs that do not meet, a type that no polygon has.
BEYOND_REPAIR = {"invalid_compoundcurve_non_contiguous_curves.fgb", "invalid_multisurface_of_polyhedralsurface.fgb"}
# Valid for a peer, but their only polygon is empty, or has metres where its reference system has degrees.
NOT_ALL_ACCEPTED = {"MultiSurface.json", "MultiSurfaceZ.json"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CORPUS / "manifest.tsv").is_file(), reason=f"no corpus at {CORPUS}"),
]


@pytest.fixture(scope="module")
def manifest():
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def outcomes(manifest, tmp_path_factory):
    """Import every dataset to a package of its own; one reader serves them all."""
    folder = tmp_path_factory.mktemp("corpus")
    found = {}
    with Reader() as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "Reader", lambda: Lent(reader))
        for number, name in enumerate(manifest):
            start = time.monotonic()
            found[name] = outcome(CORPUS / name, folder / str(number)) | {"seconds": time.monotonic() - start}
    return found


class Lent:
    """A reader that stays open after each import."""

    def __init__(self, reader):
        self.reader = reader

    def __enter__(self):
        return self.reader

    def __exit__(self, *given):
        pass


def outcome(path, folder):
    """Import `path`, told a system where none is found, and return what the receipt says in every form."""
    folder.mkdir()
    try:
        receipt = import_delivery(path, out=folder / "out.gpkg")
        if isinstance(receipt.files[0].error, CrsError):
            receipt = import_delivery(path, out=folder / "again.gpkg", crs="EPSG:4549")
    except LandkitError as error:  # nothing to import at all
        return {"in": 0, "accepted": 0, "returned": 0, "repaired": 0, "error": error, "wrote": list(folder.iterdir())}
    for lang in ("en", "zh"):
        assert import_text(receipt, form="table", lang=lang)
    last = import_text(receipt, form="json", lang="en").splitlines()[-1]
    (file,) = receipt.files
    assert json.loads(last)["landkit.import/v1"]["features_in"] == file.features_in
    return {
        "in": file.features_in, "accepted": file.accepted, "returned": file.quarantined, "repaired": file.repaired,
        "error": file.error, "wrote": list(folder.iterdir()),
    }  # fmt: skip


def chosen(manifest, outcomes, **wanted):
    return {
        name: outcomes[name]
        for name, row in manifest.items()
        if all(row[key] == value for key, value in wanted.items())
    }


def test_no_file_crashes_hangs_or_swells_the_import(manifest, outcomes):
    assert len(outcomes) == len(manifest) > 600
    ended = ("archive.died", "archive.timeout", "archive.memory", "archive.failed", "archive.room")
    assert {
        name: one["error"].key for name, one in outcomes.items() if one["error"] and one["error"].key in ended
    } == {}
    assert max(one["seconds"] for one in outcomes.values()) < 60


def test_features_in_are_accepted_or_returned(manifest, outcomes):
    taken = {name: one for name, one in outcomes.items() if one["error"] is None}
    assert len(taken) > 450
    assert [name for name, one in taken.items() if one["in"] != one["accepted"] + one["returned"]] == []
    compared = {
        name: (one["in"], int(manifest[name]["peer_n"]))
        for name, one in taken.items()
        if manifest[name]["peer_n"].isdigit() and manifest[name]["kind"] not in COUNTED_OTHERWISE
    }
    assert len(compared) > 350
    assert {name: counts for name, counts in compared.items() if counts[0] < counts[1]} == {}


def test_a_refusal_says_what_to_do_and_writes_nothing(outcomes):
    refused = {name: one for name, one in outcomes.items() if one["error"] is not None}
    assert [name for name, one in refused.items() if not all(map(one["error"].hint, ("en", "zh")))] == []
    assert [name for name, one in refused.items() if one["wrote"]] == []


def test_what_must_be_rejected_is(manifest, outcomes):
    wanted = chosen(manifest, outcomes, expected="must-reject", basis="hand")
    assert len(wanted) > 10
    rejected = [name for name, one in wanted.items() if one["error"] is not None]
    assert len(rejected) >= 0.95 * len(wanted), sorted(set(wanted) - set(rejected))


def test_valid_polygon_layers_are_accepted(manifest, outcomes):
    wanted = chosen(manifest, outcomes, expected="valid", geom="polygon")
    assert len(wanted) > 70
    assert [name for name, one in wanted.items() if one["error"] is not None] == []
    assert {Path(name).name for name, one in wanted.items() if one["returned"]} <= NOT_ALL_ACCEPTED


def test_repairable_files_are_taken_or_returned_row_by_row(manifest, outcomes):
    wanted = {
        name: one
        for name, one in chosen(manifest, outcomes, expected="repairable").items()
        if manifest[name]["kind"] not in REFUSED
    }
    lost = {Path(name).name for name, one in wanted.items() if one["error"] is not None}
    assert lost <= BEYOND_REPAIR
    assert len(wanted) - len(lost) >= 0.95 * len(wanted)


def test_the_documented_figures_are_these(manifest, outcomes):
    counts = Counter((manifest[name]["expected"], verdict(one)) for name, one in outcomes.items())
    lines = [
        "| expected | files | accepted whole | some rows returned | refused |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for expected in sorted({name for name, _ in counts}):
        cells = [counts[expected, word] for word in ("whole", "some", "refused")]
        lines.append(f"| {expected} | {sum(cells)} | {' | '.join(map(str, cells))} |")
    sums = [sum(one[name] for one in outcomes.values()) for name in ("in", "accepted", "returned", "repaired")]
    lines.append("\nfeatures in {} = accepted {} + returned {}; repaired {}".format(*sums))
    documented = (Path(__file__).parents[1] / "docs" / "corpus.md").read_text(encoding="utf-8")
    assert [line for line in lines if line.strip() not in documented] == [], "\n".join(lines)


def verdict(one):
    if one["error"] is not None:
        return "refused"
    return "some" if one["returned"] else "whole"
