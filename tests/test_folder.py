"""What of a folder is read: each delivery once, and what belongs to one not by itself."""

import os

import pytest

from landkit.errors import InputError
from landkit.sources.folder import deliveries


def made(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return [path.relative_to(folder).as_posix() for path in deliveries(folder)]


def test_parts_of_a_file_are_no_deliveries(tmp_path):
    parts = ["a.shp", "a.shx", "a.dbf", "a.prj", "a.cpg", "a.sbn", "a.shp.xml", "B.TAB", "B.DAT", "B.MAP", "B.ID"]
    assert made(tmp_path, *parts, "c.gpkg", "c.gpkg-wal", "c.gpkg-shm") == ["a.shp", "B.TAB", "c.gpkg"]


def test_a_part_without_its_file_is_read_to_be_refused_by_name(tmp_path):
    assert made(tmp_path, "a.dbf", "b.prj") == ["a.dbf", "b.prj"]


def test_what_programs_leave_behind_is_passed_over(tmp_path):
    names = ["~$台账.xlsx", ".hidden", "Thumbs.db", "desktop.ini", ".DS_Store", "__MACOSX/x.shp", "台账.xlsx"]
    assert made(tmp_path, *names) == ["台账.xlsx"]


def test_folders_are_searched_and_a_geodatabase_is_one(tmp_path):
    assert made(tmp_path, "b/x.txt", "a/y.csv", "c.gdb/a0001.gdbtable") == ["b/x.txt", "c.gdb", "a/y.csv"]


def test_ledgers_come_after_the_land_that_they_speak_of(tmp_path):
    assert made(tmp_path, "a.xlsx", "b.CSV", "c.dxf", "d.txt") == ["c.dxf", "d.txt", "a.xlsx", "b.CSV"]


def test_a_file_of_any_name_is_itself_and_nothing_is_an_error(tmp_path):
    (tmp_path / "x.unknown").write_bytes(b"")
    assert deliveries(tmp_path / "x.unknown") == [tmp_path / "x.unknown"]
    (tmp_path / "none").mkdir()
    for path, key in ((tmp_path / "none", "intake.empty_folder"), (tmp_path / "absent", "files.missing")):
        with pytest.raises(InputError) as refused:
            deliveries(path)
        assert refused.value.key == key


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_links_are_listed_and_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").write_bytes(b"")
    (tmp_path / "in" / "away").symlink_to(tmp_path / "out")
    assert deliveries(tmp_path / "in") == [tmp_path / "in" / "away"]
