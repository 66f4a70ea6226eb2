"""Every delivered row is accepted or returned, and what was changed is told."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point, Polygon, box

from landkit.crs import Plane, read_source
from landkit.intake import name_rows, outline_ids, take_in
from landkit.merging import merge
from landkit.sources.layer import SourceLayer, unmeasured_rows

PLANE = Plane(40)
E, N = 460_000, 3_218_000


def at(x, y, w, h):
    return box(E + x, N + y, E + x + w, N + y + h)


def delivered(shapes, *, lost=None, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=PLANE.crs, index=pd.RangeIndex(len(shapes)))
    return SourceLayer("x", frame, Path("x.shp"), unmeasured_rows(lost or {}))


def taken(layer, *, only_polygons=True):
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    frame = layer.frame.drop(columns="geometry")
    return take_in(
        layer, frame, shapes, crs=PLANE.crs, source=read_source(PLANE.crs, name="x"), only_polygons=only_polygons
    )


def test_every_row_is_in_one_of_the_two():
    bow = Polygon([(E, N), (E + 10, N + 10), (E + 10, N), (E, N + 10)])
    flat = Polygon([(E, N), (E + 5, N), (E + 10, N), (E, N)])
    layer = delivered(
        [at(0, 0, 10, 10), None, Point(E, N), bow, flat, None, Polygon([(E, N), (1e12, N), (E, N + 9)])],
        lost={5: "unreadable"},
        id=list("abcdefg"),
    )
    intake = taken(layer)
    assert list(intake.accepted["id"]) == ["a", "b", "d"]
    assert dict(zip(intake.returned["id"], intake.returned["reason"], strict=True)) == {
        "c": "point", "e": "no_area", "f": "unreadable", "g": "out_of_range",
    }  # fmt: skip
    assert intake.repaired == 1
    change = intake.changes.iloc[0]
    # two triangles of 25 m2; 40 km from the meridian the ellipsoid's area is less by 4e-5
    assert (change["id"], change["change"], change["before_m2"]) == ("d", "ring", 0)
    assert change["after_m2"] == pytest.approx(50, rel=1e-4)


def test_a_row_that_lies_beyond_the_plane_is_returned():
    far = box(E + 500_000, N, E + 500_010, N + 10)  # 460 km east of the meridian
    intake = taken(delivered([at(0, 0, 1, 1), far], id=["a", "b"]))
    assert list(intake.accepted["id"]) == ["a"]
    assert list(intake.returned["reason"]) == ["too_far"]


def test_points_and_lines_stay_where_no_layer_of_polygons_is_meant():
    intake = taken(delivered([Point(E, N), shapely.LineString([(E, N), (E, N + 1)]), None]), only_polygons=False)
    assert len(intake.accepted) == 3
    assert len(intake.returned) == 0


def test_what_is_returned_is_as_it_was_delivered():
    flat = Polygon([(E, N), (E + 5, N), (E + 10, N), (E, N)])
    intake = taken(delivered([flat], reason=["mine"], id=["q"]))
    assert intake.returned.loc[0, "reason"] == "no_area"
    assert intake.returned.loc[0, "reason_delivered"] == "mine"
    assert intake.returned.loc[0, "geometry"].equals_exact(flat, 0)


def test_ids_are_made_the_same_way_each_time_and_told():
    frame = pd.DataFrame({"id": ["A", None, "A", "7", " "]})
    named, changes = name_rows(frame, stem="june", numbered_by_file=True, prefix="reclaim")
    assert list(named["id"]) == ["A", "reclaim-june-#2", "A~2", "june-7", "reclaim-june-#5"]
    assert list(zip(changes["row"], changes["change"], strict=True)) == [
        (1, "id_made"), (4, "id_made"), (3, "id_of_file"), (2, "id_twice"),
    ]  # fmt: skip
    again, _ = name_rows(frame, stem="june", numbered_by_file=True, prefix="reclaim")
    assert named.equals(again)
    kept, changes = name_rows(frame.iloc[[3]], stem="june", numbered_by_file=False, prefix="reclaim")
    assert list(kept["id"]) == ["7"]
    assert len(changes) == 0


def rows(ids, shapes, **columns):
    return gpd.GeoDataFrame({"id": ids, **columns}, geometry=shapes, crs=PLANE.crs)


def test_rows_that_say_nothing_new_change_nothing():
    old = rows(["a", "b"], [at(0, 0, 1, 1), None], name=["x", "y"], area_doc_mu=[1.5, None])
    merged = merge(old, old.copy(), update=False)
    assert merged.unchanged.all()
    assert merged.frame.equals(old)


def test_one_part_of_a_multipolygon_is_the_polygon_itself():
    old = rows(["a"], [shapely.MultiPolygon([at(0, 0, 1, 1)])])
    assert merge(old, rows(["a"], [at(0, 0, 1, 1)]), update=False).unchanged.all()


def test_land_that_came_through_another_system_is_the_same_land():
    old = rows(["a", "b"], [at(0, 0, 1, 1), at(5, 0, 1, 1)])
    moved = shapely.transform(np.asarray(old.geometry.array), lambda xy: xy + np.array([1e-5, -1e-5]))
    assert merge(old, rows(["a", "b"], moved), update=False).unchanged.all()
    moved = shapely.transform(np.asarray(old.geometry.array), lambda xy: xy + np.array([1e-2, 0]))
    assert merge(old, rows(["a", "b"], moved), update=False).kept_out.all()


def test_a_ring_that_starts_elsewhere_and_runs_the_other_way_is_the_same_ring():
    old = rows(["a"], [at(0, 0, 2, 1)])
    turned = Polygon([(E, N), (E, N + 1), (E + 2, N + 1), (E + 2, N)])
    assert merge(old, rows(["a"], [turned]), update=False).unchanged.all()
    assert merge(old, rows(["a"], [turned.reverse()]), update=False).unchanged.all()


def test_other_content_under_a_known_id_is_kept_out_unless_it_is_an_update():
    old = rows(["a", "b"], [at(0, 0, 1, 1), at(5, 0, 1, 1)], name=["x", "y"])
    new = rows(["b", "c"], [at(5, 0, 2, 2), at(9, 9, 1, 1)], name=[None, "z"])
    merged = merge(old, new, update=False)
    assert list(merged.kept_out) == [True, False]
    assert list(merged.frame["id"]) == ["a", "b", "c"]
    assert merged.frame.geometry.iloc[1].area == 1
    merged = merge(old, new, update=True)
    assert list(merged.updated) == [True, False]
    assert list(merged.frame["name"]) == ["x", "y", "z"]  # an empty cell replaces nothing
    assert merged.frame.geometry.iloc[1].area == 4


def test_what_contradicts_is_listed_cell_by_cell():
    old = rows(["a"], [at(0, 0, 1, 1)], name=["x"], area_doc_mu=[1.5])
    merged = merge(old, rows(["a"], [at(0, 0, 1, 1)], name=["y"], area_doc_mu=[1.5]), update=False)
    told = merged.conflicts.iloc[0]
    assert list(told[["position", "id", "column", "old", "new"]]) == [0, "a", "name", "x", "y"]
    assert not merged.changed


def test_empty_cells_are_filled_and_a_shape_may_come_later():
    old = rows(["a", "b"], [None, None], name=["x", None])
    new = rows(["a", "b"], [at(0, 0, 1, 1), None], name=["x", "y"])
    merged = merge(old, new, update=False)
    assert list(merged.updated) == [True, True]
    assert merged.frame.geometry.iloc[0].area == 1
    assert list(merged.frame["name"]) == ["x", "y"]


def test_filling_leaves_what_stands():
    old = rows(["a"], [at(0, 0, 1, 1)], name=["x"], lead_unit=[None])
    new = rows(["a"], [None], name=["other"], lead_unit=["甲"])
    merged = merge(old, new, update=False, fill=True)
    assert list(merged.frame[["name", "lead_unit"]].iloc[0]) == ["x", "甲"]
    assert list(merged.conflicts["column"]) == ["name"]
    assert not merged.kept_out.any()


def test_new_columns_arrive_with_their_rows():
    old = rows(["a"], [at(0, 0, 1, 1)])
    merged = merge(old, rows(["a", "b"], [at(0, 0, 1, 1), None], lead_unit=["甲", "乙"]), update=True)
    assert list(merged.frame["lead_unit"]) == ["甲", "乙"]
    assert list(merged.updated) == [True, False]


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["S-118", "S-119", ""], ["S-118", "S-119", None]),
        (["S-118", "S-118"], None),  # twice
        (["S-118", "30亩"], None),
        (["S-118|企业001", "S-119"], None),
        (["1", "2"], None),  # line numbers as often as ids
        (["", ""], None),
    ],
)
def test_outlines_are_called_by_the_number_that_stands_in_them(texts, ids):
    found = outline_ids(pd.DataFrame({"文字": pd.Series(texts, dtype="str")}))
    assert ids == (None if found is None else [None if pd.isna(label) else label for label in found])
