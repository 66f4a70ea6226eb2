"""A file that crashes, hangs or swells its reader ends nothing but itself, and what is read arrives as it was read."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from landkit.errors import CrsError, InputError, UsageError
from landkit.sources.contained import Reader
from landkit.sources.delivery import read_delivery
from landkit.sources.handover import error_from_plain, error_to_plain, read_layer, write_layer
from landkit.sources.layer import Note, SourceLayer, remark_rows, unmeasured_rows
from landkit.words import Phrase

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits as POSIX has them")


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


@pytest.fixture
def parcels(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "DKBH": ["甲", None, "丙"],
            "n": pd.array([1, None, 2**60 + 1], dtype="Int64"),
            "mu": [1.5, np.nan, 3.0],
            "day": pd.to_datetime(["2022-06-30", None, "2026-01-01"]),
        },
        geometry=[box(0, 0, 10, 10), None, MultiPolygon([box(20, 0, 30, 10)])],
        crs=4549,
    )
    frame.to_file(tmp_path / "地块.gpkg")
    return tmp_path / "地块.gpkg"


def pid(reader):
    return reader._child._process.pid


def same(found, expected):
    assert_geodataframe_equal(found.frame, expected.frame)
    pd.testing.assert_frame_equal(found.unmeasured, expected.unmeasured)
    pd.testing.assert_frame_equal(found.remarks, expected.remarks)
    for name in ("name", "path", "notes", "kind", "member", "has_shapes", "header", "rows"):
        assert getattr(found, name) == getattr(expected, name), name


def test_what_arrives_is_what_is_read_directly(reader, parcels):
    (found,), (expected,) = reader.read(parcels), read_delivery(parcels)
    same(found, expected)
    assert found.frame["n"].tolist() == [1, pd.NA, 2**60 + 1]
    assert found.sha256 == expected.sha256
    found.frame.loc[0, "mu"] = 9.0  # nothing of it is read-only


def test_every_type_of_cell_crosses(tmp_path):
    cells = [
        "text", 1, 2**70, 1.5, True, None, b"\0\xff", Decimal("1.10"), datetime.date(2022, 6, 30), datetime.time(8, 30),
        datetime.datetime(2022, 6, 30, 8), pd.Timestamp("2022-06-30"), ["list", 1], float("inf"),
    ]  # fmt: skip
    count = len(cells)
    shapes = [Point(1, 2), LineString([(0, 0), (1, 1)]), Polygon(), None, *[box(0, 0, 1, 1)] * (count - 4)]
    frame = gpd.GeoDataFrame(
        {
            "mixed": pd.Series(cells, dtype=object),
            "texts": pd.Series(["a", None] * (count // 2), dtype=object),
            "days": pd.Series([datetime.date(2022, 6, 30)] * count, dtype=object),
            "truths": pd.Series([True, None] * (count // 2), dtype=object),
            "str": pd.Series(["甲"] * count, dtype="str"),
            "zoned": pd.Series(pd.Timestamp("2022-06-30", tz="UTC"), index=range(count)),
            "int": np.arange(count, dtype="int32"),
        },
        geometry=shapes,
        crs=4490,
    )
    layer = SourceLayer(
        "名", frame, tmp_path / "a.xlsx", unmeasured_rows({3: "unreadable"}),
        (Note("k", {"file": "a", "n": 3, "p": Phrase("reason.empty"), "path": Path("x/y")}),),
        kind="XLSX", member="m", has_shapes=False, header={"title": "表"}, rows=list(range(count)),
        remarks=remark_rows([(1, "k", {"a": 1.5})]),
    )  # fmt: skip
    write_layer(layer, tmp_path, 0)
    same(read_layer(tmp_path, 0), layer)
    assert list(tmp_path.iterdir()) == []


def test_a_layer_without_columns_or_rows(tmp_path):
    for count in (0, 3):
        frame = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)] * count, crs=None)
        layer = SourceLayer("a", frame, tmp_path / "a", unmeasured_rows({}))
        write_layer(layer, tmp_path, 0)
        same(read_layer(tmp_path, 0), layer)


@given(
    st.dictionaries(
        st.text("abc", min_size=1).filter(lambda name: name != "key"),
        st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.text()) | st.builds(Path, st.text("ab/")),
    )
)
def test_errors_cross(values):
    for kind in (InputError, CrsError, UsageError):
        found = error_from_plain(error_to_plain(kind("files.missing", **values)), {})
        assert type(found) is kind
        assert (found.key, found.values) == ("files.missing", values)


def test_errors_name_the_file_as_it_was_named(reader, tmp_path, monkeypatch):
    (tmp_path / "a.geojson").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        reader.read("a.geojson")
    assert caught.value.message("en").startswith("a.geojson: ")


@POSIX
def test_a_crash_ends_one_file_only(parcels):
    with Reader() as reader:
        reader.read(parcels)
        first = pid(reader)
        os.kill(first, signal.SIGSTOP)
        end = threading.Timer(0.2, lambda: (os.kill(first, signal.SIGSEGV), os.kill(first, signal.SIGCONT)))
        end.start()
        with pytest.raises(InputError) as caught:
            reader.read(parcels)
        end.join()
        assert caught.value.key == "archive.died"
        assert len(reader.read(parcels)[0].frame) == 3
        assert pid(reader) != first


@POSIX
def test_a_file_that_takes_too_long_is_given_up(parcels):
    with Reader() as reader:
        reader.read(parcels)
        stopped = pid(reader)
        os.kill(stopped, signal.SIGSTOP)
        reader._seconds = 0.3
        start = time.monotonic()
        with pytest.raises(InputError) as caught:
            reader.read(parcels)
        assert caught.value.key == "archive.timeout"
        assert time.monotonic() - start < 5
        with pytest.raises(ProcessLookupError):
            os.kill(stopped, 0)
        assert len(reader.read(parcels)[0].frame) == 3


@POSIX
def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path, parcels):
    """One shape of 15 MB, of which a JSON parser makes half a gigabyte of objects."""
    ring = ",".join(f"[{i / 1e6:.6f},{i % 7}]" for i in range(1_000_000))
    shape = f'{{"type":"Polygon","coordinates":[[{ring},[0,0]]]}}'
    feature = f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}'
    path = tmp_path / "big.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")
    with Reader(memory=600 << 20) as reader:
        assert len(reader.read(parcels)[0].frame) == 3
        with pytest.raises(InputError) as caught:
            reader.read(path)
        assert caught.value.key in ("archive.memory", "archive.died", "files.broken")
        assert len(reader.read(parcels)[0].frame) == 3


def test_the_child_dies_with_its_reader_and_its_folder_is_removed(parcels):
    with Reader() as reader:
        folder = reader._child.folder
        reader.read(parcels)
        assert list(folder.iterdir()) == []
        process = reader._child._process
    assert process.poll() is not None
    assert not folder.exists()


@POSIX
def test_pipes_links_and_folders_never_reach_the_child(tmp_path, parcels, reader):
    os.mkfifo(tmp_path / "pipe.geojson")
    (tmp_path / "link.gpkg").symlink_to(parcels)
    (tmp_path / "folder.shp").mkdir()
    (tmp_path / "set.shp").write_bytes(b"\0\0\x27\x0a")
    os.mkfifo(tmp_path / "set.dbf")
    (tmp_path / "a.gdb").mkdir()
    (tmp_path / "a.gdb" / "a00000001.gdbtable").symlink_to("/etc/passwd")
    expected = {
        "pipe.geojson": "files.not_regular", "link.gpkg": "files.link", "folder.shp": "files.not_regular",
        "set.shp": "files.not_regular", "a.gdb": "files.link", "none.shp": "files.missing",
    }  # fmt: skip
    for name, key in expected.items():
        with pytest.raises(InputError) as caught:
            reader.read(tmp_path / name)
        assert (name, caught.value.key) == (name, key)
        assert caught.value.hint("zh")
    with pytest.raises(InputError):
        reader.read("/dev/zero")


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import pickle; pickle.loads(b'cposix\\nsystem\\n.')",
        "open('../landkit-was-here', 'w')",
    ],
)
def test_what_a_reader_in_python_should_never_do_is_refused(tmp_path, deed):
    code = f"import os, sys\nfrom landkit.sources.worker import _guard\nsys.addaudithook(_guard(os.getcwd()))\n{deed}\n"
    inner = tmp_path / "room"
    inner.mkdir()
    done = subprocess.run([sys.executable, "-c", code], cwd=inner, capture_output=True, encoding="utf-8", check=False)
    assert "PermissionError" in done.stderr
    assert list(tmp_path.iterdir()) == [inner]


def test_starting_loads_no_geo_library():
    code = (
        "import sys, landkit.sources.contained; print(sorted({'geopandas', 'pyogrio', 'shapely'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


@POSIX
@pytest.mark.slow
def test_the_detour_costs_little(tmp_path, reader):
    """Both processes together, against reading in one: 40,000 parcels in GBK, on a machine that may be busy."""
    import resource

    side = 200
    shapes = [box(x * 30, y * 30, x * 30 + 20, y * 30 + 20) for x in range(side) for y in range(side)]
    frame = gpd.GeoDataFrame({"企业": [f"企业{i}" for i in range(side**2)]}, geometry=shapes, crs=4549)
    path = tmp_path / "a.shp"
    frame.to_file(path, encoding="GBK")

    def spent(task, child=None):
        def clock():
            own = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
            if child is None:
                return own
            fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        task()
        start = clock()
        task()
        return clock() - start

    if not Path("/proc/self/stat").exists():
        pytest.skip("no /proc")
    reader.read(path)
    direct = min(spent(lambda: read_delivery(path)) for _ in range(3))
    contained = min(spent(lambda: reader.read(path), pid(reader)) for _ in range(3))
    assert contained < 3 * direct, f"{contained:.2f} s against {direct:.2f} s"
