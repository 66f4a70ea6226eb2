"""Archives of strangers: every dataset in them is read, and nothing is written under a name that they chose."""

import stat
import struct
import warnings
import zipfile

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from landkit.errors import InputError
from landkit.sources import archive
from landkit.sources.archive import Allowance, unpack
from landkit.sources.delivery import read_delivery

GEOJSON = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"DKBH":"1"},"geometry":null}]}'


@pytest.fixture
def shapefile(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    frame = gpd.GeoDataFrame({"企业名": ["甲", "乙"]}, geometry=[box(0, 0, 1, 1)] * 2, crs=4549)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(folder / "地块.shp", encoding="GBK")
    return {file.suffix: file.read_bytes() for file in folder.iterdir()}


def pack(path, members):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        warnings.simplefilter("ignore")
        for name, data in members:
            packed.writestr(name, data)
    return path


def refusal(path):
    with pytest.raises(InputError) as caught:
        read_delivery(path)
    for lang in ("en", "zh"):
        assert path.name in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def test_every_dataset_is_read_and_the_rest_is_named(tmp_path, shapefile):
    members = [(f"收回/地块{end}", data) for end, data in shapefile.items()]
    members += [(f"整治/地块{end.upper()}", data) for end, data in shapefile.items()]
    members += [("b.geojson", GEOJSON), ("说明.pdf", b"%PDF"), ("__MACOSX/._b.geojson", b"junk"), ("x/.DS_Store", b"")]
    path = pack(tmp_path / "a.zip", members)
    layers = read_delivery(path)
    assert [(layer.name, layer.kind, len(layer.frame)) for layer in layers] == [
        ("地块", "Shapefile", 2), ("地块", "Shapefile", 2), ("b", "GeoJSON", 1),
    ]  # fmt: skip
    assert [layer.member.lower() for layer in layers] == ["收回/地块.shp", "整治/地块.shp", "b.geojson"]
    assert all(layer.path == path for layer in layers)
    assert list(layers[0].frame["企业名"]) == ["甲", "乙"]
    notes = "\n".join(note.text("zh") for note in layers[0].notes)
    assert "说明.pdf" in notes
    assert "member-" not in notes
    assert "MACOSX" not in notes
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.zip", "made"]


def test_a_broken_dataset_is_named_and_the_others_are_read(tmp_path):
    path = pack(tmp_path / "a.zip", [("坏/b.geojson", GEOJSON[:-30]), ("好.geojson", GEOJSON)])
    (layer,) = read_delivery(path)
    assert layer.name == "好"
    (note,) = [note for note in layer.notes if note.key.startswith("error.")]
    assert "a.zip" in note.text("zh")
    assert "坏" in note.text("zh")
    assert "member-" not in note.text("en")


def test_an_error_names_the_member_of_an_archive_with_nothing_else(tmp_path):
    error = refusal(pack(tmp_path / "a.zip", [("坏/b.geojson", GEOJSON[:-30])]))
    assert "b.geojson" in error.message("en")
    assert "member-" not in error.message("en")


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["../a.geojson"], "archive.name"),
        (["x/../../a.geojson"], "archive.name"),
        (["/etc/a.geojson"], "archive.name"),
        (["C:/a.geojson"], "archive.name"),
        (["..\\a.geojson"], "archive.name"),
        (["a.geojson", "A.GeoJSON"], "archive.twice"),
        (["a.geojson", "./a.geojson"], "archive.twice"),
        ([], "archive.nothing"),
        (["a.exe"], "archive.nothing"),
    ],
)
def test_names_that_lead_out_or_collide(tmp_path, names, key):
    error = refusal(pack(tmp_path / "t.zip", [(name, GEOJSON) for name in names]))
    assert error.key == key
    if names and key != "archive.nothing":
        assert names[-1].replace("\\", "/") in error.message("en")


def test_links_and_devices(tmp_path):
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        member = zipfile.ZipInfo("a.geojson")
        member.create_system, member.external_attr = 3, (kind | 0o777) << 16
        assert refusal(pack(tmp_path / "t.zip", [(member, b"/etc/passwd")])).key == "archive.link"


def test_encrypted(tmp_path):
    path = pack(tmp_path / "t.zip", [("a.geojson", GEOJSON)])
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert refusal(path).key == "archive.encrypted"


def test_sizes_are_capped_before_anything_is_unpacked(tmp_path, monkeypatch):
    path = pack(tmp_path / "t.zip", [("a.geojson", b" " * (2 << 20)), ("b.geojson", GEOJSON)])
    for name, value, key in (
        ("FREE_BYTES", 1 << 20, "archive.ratio"),
        ("MOST_BYTES", 1 << 20, "archive.large"),
        ("MOST_MEMBERS", 1, "archive.many"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(archive, name, value)
            allowance = Allowance(members=archive.MOST_MEMBERS, total=archive.MOST_BYTES)
            room = tmp_path / name
            room.mkdir()
            with pytest.raises(InputError) as caught:
                unpack(path, room, sets={".geojson": ()}, allowance=allowance)
            assert caught.value.key == key
            assert caught.value.hint("zh")
            assert list(room.iterdir()) == []


def test_a_member_longer_than_the_archive_says_is_cut_and_refused(tmp_path):
    path = pack(tmp_path / "t.zip", [("a.geojson", GEOJSON + b" " * 100_000)])
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    assert refusal(path).key == "archive.member"


def test_an_archive_in_an_archive_is_read_and_one_deeper_is_not(tmp_path):
    inner = pack(tmp_path / "inner.zip", [("地块.geojson", GEOJSON)]).read_bytes()
    middle = pack(tmp_path / "middle.zip", [("inner.zip", inner)])
    (layer,) = read_delivery(middle)
    assert layer.member == "inner.zip/地块.geojson"
    outer = pack(tmp_path / "outer.zip", [("middle.zip", middle.read_bytes())])
    assert refusal(outer).key == "archive.nested"


@pytest.mark.parametrize("codec", ["gbk", "utf-8"])
def test_names_without_the_flag_of_utf8(tmp_path, codec):
    path = pack(tmp_path / "t.zip", [("0123456789ab.geojson", GEOJSON)])
    name = "低效用地".encode(codec).ljust(12, b"_")
    path.write_bytes(path.read_bytes().replace(b"0123456789ab", name))
    (layer,) = read_delivery(path)
    assert layer.name == name.decode(codec)


def test_geodatabases_with_and_without_their_folder(tmp_path):
    frame = gpd.GeoDataFrame({"DKBH": ["1"]}, geometry=[box(0, 0, 1, 1)], crs=4549)
    frame.to_file(tmp_path / "库.gdb", driver="OpenFileGDB", layer="地块")
    files = [(file.name, file.read_bytes()) for file in (tmp_path / "库.gdb").iterdir()]
    for name, folder in (("a.zip", "x/库.gdb/"), ("a.gdb.zip", "库.gdb/"), ("库.zip", "")):
        (layer,) = read_delivery(pack(tmp_path / name, [(folder + file, data) for file, data in files]))
        assert (layer.name, layer.kind, len(layer.frame)) == ("库", "FileGDB", 1)
        assert layer.member.endswith("库.gdb")


def test_kmz(tmp_path):
    place = "<Placemark><name>甲</name><Point><coordinates>119,29</coordinates></Point></Placemark>"
    kml = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place}</Document></kml>'.encode()
    (layer,) = read_delivery(pack(tmp_path / "a.kmz", [("doc.kml", kml), ("files/p.png", b"\x89PNG")]))
    assert (layer.kind, layer.member, len(layer.frame)) == ("KML", "doc.kml", 1)
    assert layer.notes == ()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 400))
def test_a_damaged_archive_is_read_or_refused(tmp_path_factory, noise, at):
    folder = tmp_path_factory.mktemp("z")
    path = pack(folder / "t.zip", [("a.geojson", GEOJSON), ("d/b.geojson", GEOJSON)])
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    try:
        outcome = len(read_delivery(path))
    except InputError as error:
        outcome = len(error.hint("zh"))
    assert outcome
    assert [file.name for file in folder.iterdir()] == ["t.zip"]
