"""The schema against its source, row by row, and the lookups that others rely on."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from landkit.schema import Layer, id_column, schema

SOURCE = Path(__file__).parents[2] / "shared" / "domain" / "schema.csv"
ADDED = {("event", "event_no"), ("plan_item", "change_date")}
TYPES = {"str", "float", "int", "bool", "date", "datetime", "enum", "set", "code"}


def source_rows() -> list[dict[str, str]]:
    if not SOURCE.is_file():
        pytest.skip("the domain schema.csv is not on this machine")
    with SOURCE.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def parts(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def test_every_row_of_the_source_stands_in_the_schema():
    for row in source_rows():
        fields = schema().common if row["layer"] == "*common" else schema().layers[row["layer"]].fields
        field = fields[row["field"]]
        where = f"{row['layer']}.{row['field']}"
        assert field.zh == (parts(row["zh_aliases"], "|") or inherited(row)), where
        if row["std_code"]:
            assert field.std == parts(row["std_code"], "/"), where
        assert field.type == row["type"].removesuffix(" fk"), where
        assert (field.unit or "") == row["unit"], where
        assert field.required == row["required"], where
        assert field.withhold == tuple(row["withhold"].split()), where


def inherited(row: dict[str, str]) -> tuple[str, ...]:
    """Return the aliases that a polygon layer's field takes over from the common field of that name."""
    if row["layer"] == "*common" or schema().layers[row["layer"]].kind == "table":
        return ()
    shared = schema().common.get(row["field"])
    return shared.zh if shared else ()


def test_domains_hold_the_values_of_the_source_and_no_others():
    for row in source_rows():
        if row["type"] not in {"enum", "set"} or row["field"] == "stage":
            continue
        fields = schema().common if row["layer"] == "*common" else schema().layers[row["layer"]].fields
        said = re.sub(r"\(.*?\)", "", row["domain_or_rule"]).split(";")[0].split(":")[0]
        words = [value.split() for value in parts(said, "|")]
        domain = fields[row["field"]].domain
        assert list(domain) == [value[0] for value in words], f"{row['layer']}.{row['field']}"
        assert [label for key, label in domain.items() if label != key] == [
            v[1] for v in words if v[1:] and v[1] != "only"
        ]


def test_ladders_are_those_of_the_source_in_their_order():
    ladders = {row["layer"]: row["domain_or_rule"] for row in source_rows() if "ladder: " in row["domain_or_rule"]}
    for name, text in ladders.items():
        said = [tuple(rung.split()) for rung in text.removeprefix("ladder: ").split(" (")[0].split("|")]
        assert [(rung.id, rung.zh) for rung in schema().layers[name].stages] == said
    assert {name for name, layer in schema().layers.items() if layer.stages} == set(ladders)
    mild = ladders["urban_village"].split("综合整治: ")[1].rstrip(")").split("|")
    assert [rung.id for rung in schema().layers["urban_village"].ladder("综合整治")] == mild


def test_nothing_but_the_named_additions_goes_beyond_the_source():
    said = {(row["layer"], row["field"]) for row in source_rows()}
    shared = {field for layer, field in said if layer == "*common"}
    for name, layer in schema().layers.items():
        own = {(name, field) for field in layer.fields}
        beyond = {pair for pair in own - said if pair[1] not in shared}
        assert beyond == {pair for pair in ADDED if pair[0] == name}


def test_a_table_holds_its_own_fields_only():
    assert list(schema().layers["share"].fields) == ["target", "unit", "value", "due"]


def test_a_layer_tightens_a_common_field_and_keeps_its_aliases():
    common = schema().common["stage"]
    stage = schema().layers["reclaim"].fields["stage"]
    assert (common.required, stage.required) == ("O", "M")
    assert stage.zh == common.zh == ("状态", "进度", "当前阶段")


@pytest.mark.parametrize("layer", schema().layers.values(), ids=lambda layer: layer.id)
def test_fields_are_well_formed(layer: Layer):
    assert layer.kind in {"polygon", "table"}
    for name, field in layer.fields.items():
        assert field.name == name
        assert field.type in TYPES
        assert field.required in {"M", "O", "computed"}
        assert set(field.withhold) <= {"public", "leader"}
        assert bool(field.domain) == (field.type in {"enum", "set"} and name != "stage")
        if field.references:
            target, column = field.references.split(".")
            assert column in schema().layers[target].fields
    for ladder in (layer.stages, *layer.ladders.values()):
        assert len({rung.id for rung in ladder}) == len(ladder)


def test_a_mode_without_a_ladder_of_its_own_takes_the_common_one():
    village = schema().layers["urban_village"]
    assert village.ladder("拆除重建") == village.ladder() == village.stages


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["name", "id"], "id"),
        (["ID", "name"], "ID"),
        (["面积", "地块编号"], "地块编号"),
        (["bsm", "TBBH"], "bsm"),
        (["TBBH", "编号"], "编号"),
        (["Id", "id"], "Id"),
        (["fid", "OBJECTID"], None),
        ([], None),
    ],
)
def test_the_id_column_is_found_by_alias_in_the_order_of_the_schema(columns, found):
    assert id_column(columns) == found


def test_the_schema_loads_no_geo_library():
    geo = {"shapely", "geopandas", "pandas", "pyproj"}
    code = f"import sys, landkit.schema as s; s.schema(); print({geo} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
