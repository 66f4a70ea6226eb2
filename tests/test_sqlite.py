"""SQLite databases: SpatiaLite's shapes built by hand from its published layout, and what must not be run."""

import sqlite3
import struct
from contextlib import closing

import numpy as np
import pytest
import shapely

from landkit.errors import InputError
from landkit.sources import read_delivery
from landkit.sources.contained import Reader

SQUARE = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(2, 2), (2, 4), (4, 4), (4, 2)]])
TWO = shapely.MultiPolygon([SQUARE, shapely.box(20, 0, 30, 10)])
SYSTEMS = "CREATE TABLE spatial_ref_sys (srid INTEGER, auth_name TEXT, auth_srid INTEGER, srtext TEXT)"
COLUMNS = "CREATE TABLE geometry_columns (f_table_name TEXT, f_geometry_column TEXT, geometry_type INT, srid INT)"
SHAPES = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, shape BLOB)"


def database(path, *statements, rows=(), encoding="UTF-8"):
    """Write a database with table ``t`` of shapes, and what `statements` add."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        for statement in (SYSTEMS, COLUMNS, SHAPES, *statements):
            connection.execute(statement)
        connection.execute("INSERT INTO spatial_ref_sys VALUES (7, 'epsg', 4549, '')")
        connection.execute("INSERT INTO geometry_columns VALUES ('T', 'SHAPE', 6, 7)")
        connection.executemany("INSERT INTO t (name, shape) VALUES (?, ?)", rows)
    return path


def framed(shape, order="<", *, dimensions=2):
    """Return a shape in SpatiaLite's frame: order, system, bounds, 7C, type and coordinates, FE."""
    flag = b"\1" if order == "<" else b"\0"
    add = {2: 0, 3: 1000}[dimensions]

    def polygon(part):
        rings = [part.exterior, *part.interiors]
        body = struct.pack(f"{order}II", 3 + add, len(rings))
        for ring in rings:
            xy = shapely.get_coordinates(ring, include_z=dimensions == 3)
            body += struct.pack(f"{order}I", len(xy)) + xy.astype(f"{order}f8").tobytes()
        return body

    if shape.geom_type == "Polygon":
        body = polygon(shape)
    else:
        body = struct.pack(f"{order}II", 6 + add, len(shape.geoms))
        body += b"".join(b"\x69" + polygon(part) for part in shape.geoms)
    bounds = struct.pack(f"{order}4d", *shape.bounds)
    return b"\0" + flag + struct.pack(f"{order}i", 7) + bounds + b"\x7c" + body + b"\xfe"


def only(path, **options):
    (layer,) = read_delivery(path, **options)
    return layer


@pytest.mark.parametrize("order", ["<", ">"])
def test_shapes_in_spatialites_frame(tmp_path, order):
    high = shapely.force_3d(SQUARE, 5.0)
    rows = [("a", framed(SQUARE, order)), ("b", framed(TWO, order)), ("c", framed(high, order, dimensions=3))]
    layer = only(database(tmp_path / "a.sqlite", rows=rows))
    assert shapely.equals_exact(layer.frame.geometry.array, [SQUARE, TWO, SQUARE]).all()
    assert layer.frame["name"].tolist() == ["a", "b", "c"]
    assert layer.frame.crs.to_epsg() == 4549
    assert (layer.kind, layer.name, len(layer.unmeasured)) == ("SQLite", "a", 0)
    assert "files.note.flattened" in [note.key for note in layer.notes]


def test_compressed_shapes(tmp_path):
    steps = np.array([[9, 0], [0, 9], [-9, 0]], dtype="<f4")
    body = struct.pack("<III", 1_000_003, 1, 5) + struct.pack("<2d", 0, 0) + steps.tobytes() + struct.pack("<2d", 0, 0)
    whole = framed(shapely.box(0, 0, 9, 9))
    layer = only(database(tmp_path / "a.sqlite", rows=[("a", whole[:39] + body + b"\xfe")]))
    assert layer.frame.geometry[0].equals(shapely.box(0, 0, 9, 9))


def test_every_cell_is_a_row(tmp_path):
    cells = [
        None, shapely.to_wkb(SQUARE), SQUARE.wkt, b"", b"\0rubbish", framed(TWO)[:-9] + b"\xfe", 7, "POLYGON ((",
        bytes.fromhex("010a00000000000000"),
    ]  # fmt: skip
    layer = only(database(tmp_path / "a.sqlite", rows=[(str(at), cell) for at, cell in enumerate(cells)]))
    assert len(layer.frame) == len(cells)
    assert layer.frame.geometry.notna().tolist() == [False, True, True, *[False] * 6]
    assert layer.unmeasured["row"].tolist() == [3, 4, 5, 6, 7, 8]
    assert set(layer.unmeasured["reason"]) == {"unreadable"}


def test_members_without_end_are_not_waited_for(tmp_path):
    lie = framed(TWO)[:39] + struct.pack("<II", 6, 2**32 - 1) + b"\x69" + struct.pack("<III", 3, 2**32 - 1, 9) + b"\xfe"
    assert only(database(tmp_path / "a.sqlite", rows=[("a", lie)])).unmeasured["row"].tolist() == [0]


def test_tables_of_people_are_read_and_those_of_programs_are_not(tmp_path):
    path = database(
        tmp_path / "a.db", "CREATE TABLE 企业 (名称 TEXT, geometry INTEGER)", "INSERT INTO 企业 VALUES ('金华', 3)",
        "CREATE TABLE spatialite_history (event TEXT)", "CREATE VIRTUAL TABLE idx_t_shape USING rtree(id, a, b)",
        rows=[("a", framed(SQUARE))],
    )  # fmt: skip
    first, second = read_delivery(path)
    assert (first.name, first.has_shapes, second.name, second.has_shapes) == ("t", True, "企业", False)
    assert second.frame[["名称", "geometry_1"]].values.tolist() == [["金华", 3]]
    assert not first.notes


def test_what_a_view_a_virtual_table_or_a_computed_column_would_run_is_left(tmp_path):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    path = database(
        tmp_path / "a.sqlite", f"CREATE VIEW v AS {endless}", "CREATE VIRTUAL TABLE words USING fts4(body)",
        "ALTER TABLE t ADD COLUMN big BLOB AS (zeroblob(900000000)) VIRTUAL",
        "INSERT INTO geometry_columns VALUES ('v', 'max(i)', 6, 7)", rows=[("a", framed(SQUARE))],
    )  # fmt: skip
    before = path.read_bytes()
    with Reader() as reader:
        (layer,) = reader.read(path)
    assert layer.frame.columns.tolist() == ["id", "name", "geometry"]
    (left,) = [note for note in layer.notes if note.key == "archive.note.layers_left"]
    assert left.values["layers"] == "v, words"
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_database_of_views_alone_is_refused(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE VIEW v AS SELECT 1")
    with pytest.raises(InputError) as caught:
        read_delivery(path)
    assert caught.value.key == "files.only_views"


def test_a_number_that_the_file_does_not_explain_is_no_system(tmp_path):
    layer = only(database(tmp_path / "a.sqlite", "INSERT INTO t VALUES (1, 'a', NULL)"))
    assert layer.frame.crs.to_epsg() == 4549
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection, connection:
        connection.execute("DELETE FROM spatial_ref_sys")
    layer = only(tmp_path / "a.sqlite")
    assert layer.frame.crs is None
    assert [(note.key, note.values["srid"]) for note in layer.notes] == [("archive.note.srid", 7)]


def test_a_path_is_no_reference_system(tmp_path):
    path = database(tmp_path / "a.sqlite", rows=[("a", framed(SQUARE))])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE spatial_ref_sys SET auth_name = 'NONE', srtext = '/etc/passwd'")
    assert only(path).frame.crs is None


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_text_in_any_encoding(tmp_path, encoding):
    assert only(database(tmp_path / "a.sqlite", rows=[("企业", None)], encoding=encoding)).frame["name"][0] == "企业"


def test_text_in_gbk(tmp_path):
    path = database(tmp_path / "a.sqlite", rows=[("x", None)])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE t SET name = CAST(? AS TEXT)", ["企业".encode("gbk")])
    assert only(path).frame["name"][0] == "企业"
    assert "files.note.encoding_gb18030" in [note.key for note in only(path).notes]
    assert only(path, encoding="gbk").frame["name"][0] == "企业"


def test_whole_numbers_stay_whole_and_mixed_cells_as_they_are(tmp_path):
    values = "INSERT INTO n VALUES (1, 2, 'x'), (NULL, 2.5, 3), (9007199254740993, NULL, NULL)"
    path = database(tmp_path / "a.sqlite", "CREATE TABLE n (a, b, c)", values)
    frame = read_delivery(path)[1].frame
    assert frame["a"].dropna().tolist() == [1, 9007199254740993]
    assert frame["b"].dropna().tolist() == [2.0, 2.5]
    assert frame["c"].dropna().tolist() == ["x", 3]


def test_a_damaged_page_is_an_error_of_the_file(tmp_path):
    path = database(tmp_path / "a.sqlite", rows=[("a" * 3000, framed(SQUARE))] * 9)
    data = bytearray(path.read_bytes())
    data[4096 * 3 :] = b"\xff" * len(data[4096 * 3 :])
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_delivery(path)
    assert caught.value.key == "files.broken"


def test_what_a_program_still_holds_in_its_log_is_read(tmp_path):
    path = database(tmp_path / "a.sqlite", rows=[("a", framed(SQUARE))])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE t SET name = 'later'")
        connection.commit()
        layer = only(path)
    assert layer.frame["name"].tolist() == ["later"]
    assert "archive.note.open_elsewhere" in [note.key for note in layer.notes]
