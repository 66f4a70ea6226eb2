"""Drawings: what is drawn closed is a parcel, what closes within the tolerance too, and nothing is lost in silence."""

import math
import time
from pathlib import Path

import ezdxf
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landkit.errors import InputError
from landkit.sources import screen
from landkit.sources.dxf import read_dxf
from landkit.sources.entities import SAGITTA, unbulged
from landkit.sources.kinds import is_dwg, is_dxf
from landkit.sources.outlines import chain, holes, smallest_around
from landkit.words import text

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
E, N = 466_000.0, 3_218_000.0
VERSIONS = ("R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018")
SQUARE = [(E, N), (E + 100, N), (E + 100, N + 100), (E, N + 100)]


def drawing(version="R2000", encoding="gbk"):
    document = ezdxf.new(version)
    if version < "R2007" or version == "R12":
        document.encoding = encoding
    return document


def save(document, path):
    document.saveas(path)
    return path


def read(path, **options):
    (layer,) = read_dxf(path, **options)
    assert layer.frame.index.equals(layer.frame.index[:0].append(layer.frame.index))
    return layer


def told(layer, row=None):
    return [
        (key, values)
        for at, key, values in layer.remarks.itertuples(index=False, name=None)
        if row is None or at == row
    ]


def noted(layer):
    return {note.key.removeprefix("drawing.note."): note.values for note in layer.notes}


def outline(space, points, layer="红线", **attributes):
    make = space.add_polyline2d if space.doc.dxfversion == "AC1009" else space.add_lwpolyline
    whole = [(*point, 0, 0, 0)[:5] if len(point) == 2 else point for point in points]
    return make(whole, format="xyseb", close=True, dxfattribs={"layer": layer, **attributes})


# ------------------------------------------------------------------------------------------------ versions, encodings


@pytest.mark.parametrize("version", VERSIONS)
def test_every_release_gives_rings_layers_and_texts(version, tmp_path):
    document = drawing(version)
    space = document.modelspace()
    outline(space, SQUARE)
    space.add_text("秋滨1号地块", dxfattribs={"layer": "注记", "insert": (E + 10, N + 10)})
    layer = read(save(document, tmp_path / "红线.dxf"))
    (row,) = layer.frame.itertuples()
    assert shapely.equals_exact(row.geometry, shapely.Polygon(SQUARE), 1e-9)
    assert (row.图层, row.文字) == ("红线", "秋滨1号地块")
    assert noted(layer)["texts"] == {
        "file": "红线.dxf", "texts": 1, "paired": 1, "outlines": 1, "named": 1,
    }  # fmt: skip
    assert (layer.name, layer.kind, layer.frame.crs, len(layer.remarks)) == ("红线", "DXF", None, 0)
    assert layer.header["version"] == document.dxfversion


@pytest.mark.parametrize("version", ["R12", "R2000", "R2018"])
def test_a_binary_drawing_reads_like_its_text(version, tmp_path):
    document = drawing(version)
    space = document.modelspace()
    outline(space, [(*SQUARE[0], 0, 0, 0.3), *SQUARE[1:]])
    space.add_text("低效地块", dxfattribs={"insert": (E + 10, N + 10)})
    plain = read(save(document, tmp_path / "a.dxf"))
    with (tmp_path / "b.dxf").open("wb") as stream:
        document.write(stream, fmt="bin")
    binary = read(tmp_path / "b.dxf")
    assert is_dxf((tmp_path / "b.dxf").read_bytes())
    assert binary.frame.geometry.geom_equals_exact(plain.frame.geometry, 1e-9).all()
    assert binary.frame.drop(columns="geometry").equals(plain.frame.drop(columns="geometry"))


def plain_text(page, words, codec, version="AC1015", *, marker=True):
    markers = "100\nAcDbEntity\n100\nAcDbPolyline\n" if marker else ""
    points = "".join(f" 10\n{x}\n 20\n{y}\n" for x, y in SQUARE)
    header = "" if version is None else f"  9\n$ACADVER\n  1\n{version}\n"
    header += "" if page is None else f"  9\n$DWGCODEPAGE\n  3\n{page}\n"
    return (
        f"  0\nSECTION\n  2\nHEADER\n{header}  0\nENDSEC\n  0\nSECTION\n  2\nENTITIES\n"
        f"  0\nLWPOLYLINE\n{markers}  8\n{words}\n 90\n4\n 70\n1\n{points}  0\nENDSEC\n  0\nEOF\n"
    ).encode(codec)


@pytest.mark.parametrize(
    ("page", "codec", "version", "basis"),
    [
        ("ANSI_936", "gbk", "AC1015", None),
        ("gb2312", "gbk", "AC1015", None),
        ("ANSI_950", "big5", "AC1015", None),
        ("ANSI_936", "utf-8", "AC1024", None),
        ("ANSI_1252", "gbk", "AC1015", "found"),
        (None, "gbk", "AC1015", "found"),
        (None, "gbk", None, "found"),
        ("ANSI_1252", "utf-8", "AC1015", "found"),
        ("ANSI_936", "gb18030", "AC1027", "found"),
    ],
)
def test_text_is_read_in_its_encoding_and_a_guess_is_said(page, codec, version, basis, tmp_path):
    path = tmp_path / "x.dxf"
    words = "紅線" if codec == "big5" else "红线"
    path.write_bytes(plain_text(page, words, codec, version))
    layer = read(path)
    assert layer.frame["图层"].tolist() == [words]
    said = {key for key in noted(layer) if key.startswith("encoding")}
    assert said == (set() if basis is None else {f"encoding_{basis}"})


def test_western_text_stays_western(tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text("ANSI_1252", "château", "cp1252"))
    assert read(path).frame["图层"].tolist() == ["château"]


def test_a_character_beyond_16_bits_comes_through(tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text("ANSI_936", "𠮷家村\\U+4E2D", "gb18030"))
    assert read(path).frame["图层"].tolist() == ["𠮷家村中"]


def test_the_encoding_can_be_given_and_is_checked(tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text("ANSI_1252", "紅線", "big5"))
    assert read(path, encoding="big5").frame["图层"].tolist() == ["紅線"]
    with pytest.raises(InputError, match="not in utf-8"):
        read_dxf(path, encoding="utf-8")


@pytest.mark.parametrize(("version", "marker"), [(None, True), ("AC1009", True), (None, False), ("AC1015", False)])
def test_entities_of_a_later_release_without_its_markers_are_read(version, marker, tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text(None, "A", "ascii", version, marker=marker))
    layer = read(path)
    assert layer.frame.geometry.iloc[0].area == 10_000
    assert ("completed" in noted(layer)) == (not marker)


def test_what_lies_in_no_section_is_named(tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text(None, "A", "ascii").replace(b"  0\nSECTION\n  2\nENTITIES\n", b"  2\nENTITIES\n"))
    layer = read(path)
    assert (len(layer.frame), noted(layer)["lost"]["types"]) == (0, "LWPOLYLINE 1")


# ------------------------------------------------------------------------------------------------------------- curves


def test_a_bulge_is_an_arc_within_the_sagitta(tmp_path):
    document = drawing()
    outline(document.modelspace(), [(E, N, 0, 0, 1), (E + 200, N, 0, 0, 1)])  # two half circles
    layer = read(save(document, tmp_path / "x.dxf"))
    ring = shapely.get_coordinates(layer.frame.geometry.iloc[0])
    assert np.allclose(np.hypot(ring[:, 0] - E - 100, ring[:, 1] - N), 100, atol=1e-6)
    chord = np.hypot(*np.diff(ring, axis=0).T).max()
    assert 100 - math.sqrt(100**2 - chord**2 / 4) <= SAGITTA * 1.000001
    assert layer.frame.geometry.iloc[0].area == pytest.approx(math.pi * 100**2, rel=2e-5)
    assert noted(layer)["chords"]["sagitta"] == SAGITTA


@given(
    st.tuples(*[st.floats(-1e6, 1e6)] * 4).filter(lambda p: math.hypot(p[2] - p[0], p[3] - p[1]) > 1e-3),
    st.floats(-20, 20).filter(lambda b: abs(b) > 1e-4),
)
def test_the_points_of_a_bulge_see_its_chord_under_one_angle(ends, bulge):
    x0, y0, x1, y1 = ends
    points, _ = unbulged(np.array([[x0, y0, bulge], [x1, y1, 0]]), is_closed=False)
    chord = math.hypot(x1 - x0, y1 - y0)
    inner = points[1:-1]
    if len(inner):
        # inscribed angle: half of the arc that lies on the other side, so that its tangent of half follows the bulge
        a, b = points[0] - inner, points[-1] - inner
        seen = np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1))
        expected = math.copysign(math.pi - 2 * math.atan(abs(bulge)), bulge)
        near = np.minimum(np.hypot(*a.T), np.hypot(*b.T)) > 1e-4 * chord
        assert np.allclose(np.abs(seen[near]), abs(expected), atol=1e-3)
        assert (np.sign(seen[near]) == -np.sign(expected)).all() or (np.sign(seen[near]) == np.sign(expected)).all()


@given(st.floats(1, 1e5), st.floats(0.001, 0.999))
def test_a_ring_of_two_bulges_has_the_area_of_its_segments(radius, share):
    half = math.pi * share  # half the angle of the smaller arc
    x = radius * math.sin(half)
    bulge = math.tan(half / 2)
    points, bent = unbulged(np.array([[-x, 0, bulge], [x, 0, 1 / bulge]]), is_closed=True)
    found = shapely.Polygon(points)
    assert found.area <= math.pi * radius**2
    assert math.pi * radius**2 - found.area <= 2 * math.pi * radius * bent + 1e-9 * radius**2


def test_an_enormous_arc_has_bounded_points_and_says_how_far_it_is_off(tmp_path):
    document = drawing()
    document.modelspace().add_circle((E, N), 1e9)
    layer = read(save(document, tmp_path / "x.dxf"))
    assert len(shapely.get_coordinates(layer.frame.geometry.iloc[0])) < 10_000
    assert told(layer, 0)[0][0] == "drawing.remark.coarse"


def test_circles_ellipses_and_splines_are_outlines(tmp_path):
    document = drawing()
    space = document.modelspace()
    space.add_circle((E, N), 50)
    space.add_ellipse((E + 200, N), major_axis=(60, 0), ratio=0.5)
    space.add_spline().set_closed([(E + 400, N, 0), (E + 500, N, 0), (E + 500, N + 100, 0), (E + 400, N + 100, 0)])
    frame = read(save(document, tmp_path / "x.dxf")).frame
    assert frame.geometry.iloc[0].area == pytest.approx(math.pi * 2500, rel=1e-4)
    assert frame.geometry.iloc[1].area == pytest.approx(math.pi * 60 * 30, rel=1e-4)
    assert frame.geom_type.tolist() == ["Polygon"] * 3


def test_a_mirrored_outline_lands_where_it_is_seen(tmp_path):
    document = drawing()
    mirrored = [(-x, y) for x, y in SQUARE]
    outline(document.modelspace(), mirrored, extrusion=(0, 0, -1))
    (shape,) = read(save(document, tmp_path / "x.dxf")).frame.geometry
    assert shapely.Polygon(SQUARE).symmetric_difference(shape).area == 0


def test_heights_are_a_column(tmp_path):
    document = drawing()
    space = document.modelspace()
    outline(space, SQUARE, elevation=38.5)
    space.add_polyline3d([(x, y, 7) for x, y in SQUARE], close=True)
    space.add_polyline3d([(x, y, i) for i, (x, y) in enumerate(SQUARE)], close=True)
    assert read(save(document, tmp_path / "x.dxf")).frame["标高"].fillna(-1).tolist() == [38.5, 7, -1]


# --------------------------------------------------------------------------------------------------- closing, chaining


@pytest.mark.parametrize(("gap", "closed"), [(0.0, True), (0.009, True), (0.02, False), (3.5, False)])
def test_an_open_polyline_is_closed_within_the_tolerance(gap, closed, tmp_path):
    document = drawing()
    document.modelspace().add_lwpolyline([*SQUARE, (E, N + gap)], dxfattribs={"layer": "红线"})
    layer = read(save(document, tmp_path / "x.dxf"))
    usable, unmeasured = screen(layer.frame, known=layer.unmeasured)
    assert usable.tolist() == [closed]
    if closed:
        assert layer.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE))
        assert [key for key, _ in told(layer)] == (["drawing.remark.closed"] if gap else [])
    else:
        assert unmeasured["reason"].tolist() == ["not_closed"]
        assert layer.frame.geometry.iloc[0].geom_type == "LineString"
        assert told(layer) == [("drawing.remark.open", {"count": 1, "gap": f"{gap:.4g}"})]
        assert text("reason.not_closed", "zh") == "边界线未闭合"


def test_lines_and_arcs_that_meet_become_a_parcel(tmp_path):
    document = drawing()
    space = document.modelspace()
    off = 0.004
    space.add_line((E, N), (E + 100, N))
    space.add_line((E + 100, N + 100), (E + 100, N + off))  # drawn against the direction
    space.add_arc((E + 50, N + 100), 50, 0, 180)
    space.add_lwpolyline([(E, N + 100 + off), (E, N + 50), (E, N)])
    space.add_line((E + 500, N), (E + 600, N))  # closes with nothing
    layer = read(save(document, tmp_path / "x.dxf"))
    closed, open_ = layer.frame.geometry
    assert closed.area == pytest.approx(10_000 + math.pi * 1250, rel=1e-4)
    assert told(layer, 0) == [("drawing.remark.chained", {"count": 4, "gap": "0.004"})]
    assert told(layer, 1) == [("drawing.remark.open", {"count": 1, "gap": "100"})]
    assert dict(layer.unmeasured.itertuples(index=False)) == {1: "not_closed"}
    assert open_.length == 100


def test_lines_of_different_layers_are_not_chained(tmp_path):
    document = drawing()
    for place, (start, end) in enumerate(zip(SQUARE, [*SQUARE[1:], SQUARE[0]], strict=True)):
        document.modelspace().add_line(start, end, dxfattribs={"layer": "AB"[place % 2]})
    layer = read(save(document, tmp_path / "x.dxf"))
    assert (layer.unmeasured["reason"] == "not_closed").all()
    assert sorted(layer.frame["图层"]) == ["A", "A", "B", "B"]


def test_parcels_that_share_a_line_are_faces(tmp_path):
    a, b, c, d, e, f = (0, 0), (50, 0), (100, 0), (100, 60), (50, 60), (0, 60)
    lines = [(a, b), (b, c), (c, d), (d, e), (e, f), (f, a), (b, e), (d, (120, 80))]
    found = chain([np.array(line, dtype=float) for line in lines], tolerance=0.01)
    assert sorted(one.shape.area for one in found if one.is_closed) == [3000, 3000]
    (left,) = [one for one in found if not one.is_closed]
    assert left.members == (7,)
    assert {member for one in found for member in one.members} == set(range(8))


def test_lines_that_cross_between_their_ends_are_returned_whole():
    cross = [((0, 0), (10, 10)), ((10, 10), (10, 0)), ((10, 0), (0, 10)), ((0, 10), (0, 0)), ((0, 0), (-5, -5))]
    (found,) = chain([np.array(line, dtype=float) for line in cross], tolerance=0.01)
    assert not found.is_closed
    assert math.isnan(found.gap)


@given(st.data())
def test_a_ring_cut_into_lines_comes_back(data):
    count = data.draw(st.integers(3, 12))
    angles = np.sort(data.draw(st.lists(st.integers(0, 359), min_size=count, max_size=count, unique=True)))
    ring = np.column_stack([E + 500 * np.cos(np.radians(angles)), N + 500 * np.sin(np.radians(angles))])
    lines = [np.array([ring[i], ring[(i + 1) % count]]) for i in range(count)]
    turned = [line[::-1] if data.draw(st.booleans()) else line for line in lines]
    mixed = [turned[i] for i in data.draw(st.permutations(range(count)))]
    jitter = data.draw(st.floats(0, 0.004))
    (found,) = chain([line + np.array([jitter * (i % 2), 0]) for i, line in enumerate(mixed)], tolerance=0.01)
    assert found.is_closed
    assert found.gap <= jitter + 1e-9
    assert abs(found.shape.area - shapely.Polygon(ring).area) <= jitter * 2000 * count + 1e-6
    # one line less, and it is open
    (rest,) = chain(mixed[1:], tolerance=0.01)
    assert not rest.is_closed
    assert rest.gap == pytest.approx(np.hypot(*(mixed[0][0] - mixed[0][1])), abs=1e-6)


# ------------------------------------------------------------------------------------------------ holes, texts, blocks


def inset(by):
    return [(E + by, N + by), (E + 100 - by, N + by), (E + 100 - by, N + 100 - by), (E + by, N + 100 - by)]


def test_a_ring_inside_one_of_its_layer_is_a_hole_and_said(tmp_path):
    document = drawing()
    space = document.modelspace()
    outline(space, SQUARE)
    outline(space, inset(40))
    outline(space, inset(45), layer="其他")
    layer = read(save(document, tmp_path / "x.dxf"))
    assert layer.frame.geometry.area.tolist() == [10_000 - 400, 100]
    ((key, values),) = told(layer)
    assert (key, values["count"], values["area"]) == ("drawing.remark.holes", 1, "400.00")


def test_a_ring_with_a_text_is_a_parcel_wherever_it_lies(tmp_path):
    document = drawing()
    space = document.modelspace()
    outline(space, SQUARE)
    outline(space, inset(40))
    space.add_mtext("院内\\P地块", dxfattribs={"insert": (E + 50, N + 50)})
    space.add_text("外地块", dxfattribs={"insert": (E + 5, N + 5)})
    space.add_text("图名", dxfattribs={"insert": (E - 500, N)})
    layer = read(save(document, tmp_path / "x.dxf"))
    assert layer.frame.geometry.area.tolist() == [10_000, 400]
    assert layer.frame["文字"].tolist() == ["外地块", "院内 地块"]
    assert [key for key, _ in told(layer, 1)] == ["drawing.remark.nested"]
    said = noted(layer)
    assert (said["texts"]["paired"], said["texts"]["texts"], said["texts_nested"]["count"]) == (2, 3, 1)


def test_islands_in_holes_and_rings_that_share_an_edge_stay():
    rings = np.array([shapely.box(0, 0, 100, 100), shapely.box(20, 20, 80, 80), shapely.box(40, 40, 60, 60),
                      shapely.box(0, 0, 10, 10), shapely.box(0, 0, 100, 100), None], dtype=object)  # fmt: skip
    assert holes(rings[:3], ["A"] * 3) == {1: 0}
    assert holes(rings[[0, 3]], ["A"] * 2) == {}
    assert holes(rings[[0, 4, 5]], ["A"] * 3) == {}
    assert holes(rings[:3], ["A", "B", "B"]) == {2: 1}


def test_the_smallest_ring_gets_the_text():
    rings = np.array([shapely.box(0, 0, 9, 9), None, shapely.box(1, 1, 3, 3), shapely.box(1, 1, 3, 3)], dtype=object)
    chosen, several = smallest_around(shapely.points([(2, 2), (8, 8), (20, 20)]), rings)
    assert (chosen.tolist(), several) == ([2, 0, -1], 1)


def test_duplicates_are_both_kept(tmp_path):
    document = drawing()
    outline(document.modelspace(), SQUARE)
    outline(document.modelspace(), SQUARE)
    assert read(save(document, tmp_path / "x.dxf")).frame.geometry.area.tolist() == [10_000, 10_000]


def test_several_texts_are_joined_and_extended_data_kept(tmp_path):
    document = drawing()
    document.appids.new("SOUTH")
    ring = outline(document.modelspace(), SQUARE)
    ring.set_xdata("SOUTH", [(1000, "300000"), (1000, "330702001"), (1040, 1.5)])
    for place, words in enumerate(("甲公司", "0601")):
        document.modelspace().add_text(words, dxfattribs={"insert": (E + 10, N + 10 + place)})
    frame = read(save(document, tmp_path / "x.dxf")).frame
    assert frame["文字"].tolist() == ["甲公司|0601"]
    assert frame["扩展数据"].tolist() == ["SOUTH: 300000|330702001"]
    assert frame["句柄"].tolist() == [ring.dxf.handle]


def test_blocks_are_taken_apart_with_their_attributes(tmp_path):
    document = drawing()
    block = document.blocks.new("宗地")
    outline(block, [(0, 0), (10, 0), (10, 10), (0, 10)], layer="0")
    inner = document.blocks.new("外框")
    inner.add_blockref("宗地", (5, 5), dxfattribs={"layer": "0"})
    reference = document.modelspace().add_blockref(
        "外框", (E, N), dxfattribs={"layer": "红线", "xscale": 2, "yscale": 2}
    )
    reference.add_attrib("编号", "R-001", insert=(E + 12, N + 12))
    layer = read(save(document, tmp_path / "x.dxf"))
    (row,) = layer.frame.itertuples()
    assert row.geometry.bounds == (E + 10, N + 10, E + 30, N + 30)
    assert (row.图层, row.文字, row.块, row.句柄) == ("红线", "R-001", "外框", reference.dxf.handle)


def test_blocks_without_end_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("landkit.sources.entities._MOST_ENTITIES", 20_000)
    document = drawing()
    block = document.blocks.new("A0")
    block.add_point((0, 0))
    for depth in range(1, 5):
        block = document.blocks.new(f"A{depth}")
        block.add_blockref(f"A{depth - 1}", (0, 0), dxfattribs={"row_count": 1000, "row_spacing": 1})
    document.modelspace().add_blockref("A4", (0, 0))
    path = save(document, tmp_path / "x.dxf")
    start = time.monotonic()
    with pytest.raises(InputError, match="blocks hold more than"):
        read_dxf(path)
    assert time.monotonic() - start < 10


def test_what_is_not_taken_is_counted(tmp_path):
    document = drawing()
    space = document.modelspace()
    space.add_point((E, N))
    space.add_3dface([(0, 0), (1, 0), (1, 1), (0, 1)])
    space.add_hatch().paths.add_polyline_path(SQUARE)
    document.layout("Layout1").add_circle((0, 0), 5)
    layer = read(save(document, tmp_path / "x.dxf"))
    assert len(layer.frame) == 0
    assert noted(layer)["not_taken"]["types"] == "3DFACE 1, HATCH 1, POINT 1"
    assert noted(layer)["paper"]["types"] == "CIRCLE 1"


def test_entities_without_extent_are_rows_with_a_reason(tmp_path):
    document = drawing()
    space = document.modelspace()
    outline(space, SQUARE[:2])
    space.add_line((E, N), (E, N))
    space.add_circle((E, N), 0)
    layer = read(save(document, tmp_path / "x.dxf"))
    assert layer.unmeasured["reason"].tolist() == ["line", "empty", "unreadable"]


def test_units_are_said_and_coordinates_stay(tmp_path):
    document = drawing()
    document.units = 4
    outline(document.modelspace(), SQUARE)
    layer = read(save(document, tmp_path / "x.dxf"))
    assert layer.header["units"] == "mm"
    assert noted(layer)["units"]["unit"] == "mm"
    assert layer.frame.geometry.iloc[0].bounds[:2] == (E, N)


# ---------------------------------------------------------------------------------------------------- refusals, corpus


def test_a_dwg_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(b"AC1032" + bytes(100))
    with pytest.raises(InputError) as caught:
        read_dxf(path)
    assert caught.value.key == "drawing.dwg"
    assert "DXF" in caught.value.hint("zh")


@pytest.mark.parametrize("head", [b"AC1018\0", b"AC1032 ", b"MC0.0"])
def test_what_is_a_dwg(head):
    assert is_dwg(head)
    assert not is_dxf(head)


@pytest.mark.parametrize(
    "head", [b"0\nSECTION\n2\n", b"  0\r\nSECTION\r\n", b"\xef\xbb\xbf0\nSECTION", b"999\nmade by\n0\nSECTION"]
)
def test_what_is_a_dxf(head):
    assert is_dxf(head)
    assert not is_dwg(head)


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b"PK\x03\x04", b"0\nEOF\n"])
def test_what_is_neither(data, tmp_path):
    assert not is_dxf(data)
    assert not is_dwg(data)
    path = tmp_path / "x.dxf"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_dxf(path)


@given(data=st.data())
def test_a_damaged_drawing_is_read_or_refused(data, tmp_path_factory):
    whole = plain_text("ANSI_936", "红线", "gbk")
    start = data.draw(st.integers(40, len(whole) - 1))
    broken = whole[:start] + data.draw(st.binary(max_size=6)) + whole[start + data.draw(st.integers(0, 40)) :]
    path = tmp_path_factory.mktemp("broken") / "x.dxf"
    path.write_bytes(broken)
    layer, error = outcome(path)
    assert error.hint("zh") if layer is None else all_rows_are_told(layer)


def outcome(path):
    try:
        return read(path), None
    except InputError as error:
        return None, error


def all_rows_are_told(layer):
    usable, unmeasured = screen(layer.frame, known=layer.unmeasured)
    said = [*told(layer), *((note.key, note.values) for note in layer.notes)]
    is_worded = all(text(key, "zh", **values) != text(key, "en", **values) for key, values in said)
    return usable.sum() + len(unmeasured) == len(layer.frame) and is_worded


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}")
def test_every_drawing_of_the_corpus_is_read_or_refused():
    paths = [path for path in sorted(CORPUS.rglob("*")) if path.suffix.lower() in (".dxf", ".dwg") and path.is_file()]
    assert len(paths) == 50
    read_in = 0
    for path in paths:
        start = time.monotonic()
        before = path.read_bytes()
        layer, error = outcome(path)
        assert error.message("zh") != error.message("en") if layer is None else all_rows_are_told(layer)
        read_in += layer is not None
        assert path.read_bytes() == before
        assert time.monotonic() - start < 10
    assert read_in == 44


@pytest.mark.parametrize(
    ("of", "by"),
    [
        (b" 10\n466000.0\n", b" 10\nnan\n"),
        (b" 10\n466000.0\n", b" 10\n1e308\n"),
        (b" 90\n4\n", b" 90\n4\n 42\ninf\n"),
        (b"LWPOLYLINE", b"LWPOLYLNIE"),
        (b" 10\n", b" 11\n"),
        (b"  9\n$ACADVER", b"  9\n$EXTMIN\n 10\nx\n 20\ny\n  9\n$ACADVER"),
    ],
)
def test_values_that_make_no_sense_end_no_reading(of, by, tmp_path):
    path = tmp_path / "x.dxf"
    path.write_bytes(plain_text("ANSI_936", "红线", "gbk").replace(of, by))
    layer, error = outcome(path)
    assert error.hint("zh") if layer is None else all_rows_are_told(layer)
