"""Files that other projects test with, and hostile ones, through the contained reader: all records, nothing else."""

import csv
import hashlib
import http.server
import socket
import tempfile
import threading
import time
import warnings
from collections import Counter
from pathlib import Path

import pytest

from landkit.errors import InputError, LandkitError
from landkit.sources import screen
from landkit.sources.contained import Reader

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
# Where a peer counts what is no record: the row of headings, blank rows, and in drawings texts, hatches and blocks,
# which become attributes of parcels or are counted in the notes.
COUNTED_OTHERWISE = ("xlsx", "ods", "csv", "dxf")
# Formats that are refused with what to do next, however sound: compressed and topological files.
REFUSED = ("topojson", "gz", "vrt", "sql", "dwg", "pkl", "rar")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CORPUS / "manifest.tsv").is_file(), reason=f"no corpus at {CORPUS}"),
]


def manifest():
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t")}


def fingerprint(path):
    """Return the names and hashes of everything in the folder of `path`."""
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "folder"
        for file in path.parent.rglob("*")
    }


def read(reader, path):
    start = time.monotonic()
    try:
        layers = reader.read(path)
    except LandkitError as error:
        lines = [error.message(lang) for lang in ("en", "zh")]
        hints = [error.hint(lang) for lang in ("en", "zh")]
        assert not any("\n" in line for line in (*lines, *hints))
        answer = {"outcome": "refused", "key": error.key, "is_input": isinstance(error, InputError), "line": lines[0]}
        answer["hint"] = all(hints)
    else:
        for layer in layers:
            assert all(note.text(lang) for note in layer.notes for lang in ("en", "zh"))
            assert layer.unmeasured["row"].isin(layer.frame.index).all()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                mask, unmeasured = screen(layer.frame, known=layer.unmeasured)
            assert len(mask) == mask.sum() + len(unmeasured) == len(layer.frame)
        answer = {"outcome": "read", "rows": sum(len(layer.frame) for layer in layers)}
    return answer | {"seconds": time.monotonic() - start}


@pytest.fixture(scope="module")
def visits():
    """Return the list of what reached a server that listens where the hostile files point to."""
    found = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found.append(self.path)

        def log_message(self, *given):
            pass

    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 9), Handler)
    except OSError:
        pytest.skip("port 9, which the hostile files point to, cannot be listened on")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_connection(("127.0.0.1", 9), timeout=5):
        pass  # it does listen
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def outcomes():
    """Read every dataset, and note what changed beside it, and what it left in the folder for temporary files."""
    found = {}
    with Reader() as reader:
        for name in sorted(manifest()):
            path = CORPUS / name
            before = fingerprint(path)
            found[name] = read(reader, path)
            found[name]["changed"] = fingerprint(path) != before
    return found


def summary(outcomes):
    """Return a table of how many files of each expected class were read and refused, and why refused."""
    rows = manifest()
    counts = Counter((rows[name]["expected"], answer["outcome"]) for name, answer in outcomes.items())
    lines = [f"{'expected':12} {'files':>6} {'read':>6} {'refused':>8}"]
    for expected in sorted({name for name, _ in counts}):
        read_, refused = counts[expected, "read"], counts[expected, "refused"]
        lines.append(f"{expected:12} {read_ + refused:6} {read_:6} {refused:8}")
    records = sum(answer.get("rows", 0) for answer in outcomes.values())
    slowest = max(answer["seconds"] for answer in outcomes.values())
    return "\n".join([*lines, f"{records} records, slowest file {slowest:.1f} s"])


def test_no_file_crashes_hangs_or_swells_its_reader(outcomes):
    assert len(outcomes) == len(manifest())
    ended = ("archive.died", "archive.timeout", "archive.memory", "archive.failed", "archive.room")
    bad = {name: answer["line"] for name, answer in outcomes.items() if answer.get("key") in ended}
    assert bad == {}, summary(outcomes)
    assert max(answer["seconds"] for answer in outcomes.values()) < 30, summary(outcomes)


def test_every_refusal_is_about_the_input_and_says_what_to_do(outcomes):
    refused = {name: answer for name, answer in outcomes.items() if answer["outcome"] == "refused"}
    assert [name for name, answer in refused.items() if not (answer["is_input"] and answer["hint"])] == []


def test_no_record_is_lost(outcomes):
    rows = manifest()
    compared = {
        name: (answer["rows"], int(rows[name]["peer_n"]))
        for name, answer in outcomes.items()
        if answer["outcome"] == "read"
        and rows[name]["peer_n"].isdigit()
        and rows[name]["kind"] not in COUNTED_OTHERWISE
    }
    assert len(compared) > 350
    assert {name: counts for name, counts in compared.items() if counts[0] < counts[1]} == {}, summary(outcomes)


def test_sound_and_repairable_files_are_read(outcomes):
    rows = manifest()
    wanted = {
        name: answer
        for name, answer in outcomes.items()
        if rows[name]["expected"] in ("valid", "repairable") and rows[name]["kind"] not in REFUSED
    }
    lost = {name: answer["key"] for name, answer in wanted.items() if answer["outcome"] == "refused"}
    # A spreadsheet by a program long gone, and two FlatGeobuf files made invalid for a test of GDAL's.
    assert {Path(name).name for name in lost} <= {
        "test_kspread.ods", "invalid_compoundcurve_non_contiguous_curves.fgb",
        "invalid_multisurface_of_polyhedralsurface.fgb",
    }, summary(outcomes)  # fmt: skip
    polygons = [name for name in wanted if rows[name]["expected"] == "valid" and rows[name]["geom"] == "polygon"]
    assert len(polygons) > 70
    accepted = [name for name in polygons if outcomes[name]["outcome"] == "read"]
    assert len(accepted) >= 0.99 * len(polygons), f"{len(accepted)} of {len(polygons)}\n{summary(outcomes)}"


def test_what_must_be_rejected_is(outcomes):
    rows = manifest()
    wanted = [name for name in rows if (rows[name]["expected"], rows[name]["basis"]) == ("must-reject", "hand")]
    assert len(wanted) > 10
    rejected = [name for name in wanted if outcomes[name]["outcome"] == "refused"]
    assert len(rejected) >= 0.95 * len(wanted), f"{sorted(set(wanted) - set(rejected))}\n{summary(outcomes)}"


def test_reading_changes_nothing_beside_the_file(outcomes):
    assert [name for name, answer in outcomes.items() if answer["changed"]] == []


def test_hostile_files_do_nothing(visits):
    """No connection, no file outside the reader's own folder, nothing left behind, the input as it was."""
    hostile = [name for name, row in manifest().items() if row["expected"] == "malicious"]
    hostile += [name for name, row in manifest().items() if row["kind"] == "vrt" and name not in hostile]
    assert len(hostile) > 25
    temporary = Path(tempfile.gettempdir())
    canaries = [temporary / "landkit-slip.shp", temporary / "pwned", Path.home() / "evil.kml"]
    there = {file for file in canaries if file.exists()}
    parents = {parent for name in hostile for parent in (CORPUS / name).parents if CORPUS in (parent, *parent.parents)}
    before = {parent: sorted(parent.iterdir()) for parent in parents}
    with Reader() as reader:
        folder = reader._child.folder
        answers = {name: read(reader, CORPUS / name) for name in hostile}
        assert sorted(folder.iterdir()) == []
    assert not folder.exists()
    assert visits == []
    assert {file for file in canaries if file.exists()} == there
    assert {parent: sorted(parent.iterdir()) for parent in parents} == before
    # What is read of them is their own: names and values, for the writers to make harmless; views are left out.
    gained = {name: answer["rows"] for name, answer in answers.items() if answer["outcome"] == "read"}
    assert all(rows <= 12 for rows in gained.values()), gained
