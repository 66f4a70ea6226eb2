"""A GeoPackage of several layers: names and values that it would not take as they are, and nothing half written."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Point, box

from landkit.errors import UsageError
from landkit.products.package import distinct, write_package


def test_names_that_differ_in_case_alone_get_a_number():
    assert distinct(["A", "a", "A_2", "b"]) == ["A", "a_2", "A_2_2", "b"]


def test_layers_tables_and_columns_that_clash_are_all_there(tmp_path):
    path = tmp_path / "o.gpkg"
    frame = gpd.GeoDataFrame(
        {"fid": ["x"], "FID_": ["y"], "geom": ["z"], "N": [1], "n": [2], "list": [[1, 2]]},
        geometry=[box(0, 0, 1, 1)], crs=4490,
    )  # fmt: skip
    none = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[None, None], crs=4490)
    mixed = gpd.GeoDataFrame({"a": [1, "b"]}, geometry=[Point(0, 0), box(0, 0, 1, 1)], crs=4490)
    write_package(path, {"p": frame, "P": none, "mixed": mixed, "table": pd.DataFrame({"a": ["t"]})}, force=False)
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["p", "P_2", "mixed", "table"]
    found = gpd.read_file(path, layer="p")
    assert found.iloc[0][["fid", "FID_", "geom", "N", "n_2", "list"]].tolist() == ["x", "y", "z", 1, 2, "[1, 2]"]
    assert gpd.read_file(path, layer="P_2")["a"].tolist() == [1, 2]
    assert gpd.read_file(path, layer="mixed")["a"].tolist() == ["1", "b"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_exists_needs_force(tmp_path):
    path = tmp_path / "o.gpkg"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError):
        write_package(path, {"t": pd.DataFrame({"a": ["t"]})}, force=False)
    assert path.read_bytes() == b"mine"
    write_package(path, {"t": pd.DataFrame({"a": ["t"]})}, force=True)
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["t"]
