"""The log of imports, and the columns that a workspace has learnt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.errors import InputError
from landkit.journal import LOG, PROFILES, Import, already_imported, imports, profiles, record, remember
from landkit.store import exclusive, restore

ENTRY = Import(
    number=1, time="2022-06-27T16:20:00+08:00", source="usb/秋滨收回0627.txt", sha256="ab" * 32, layer="reclaim",
    features_in=18, accepted=17, quarantined=1, repaired=2, crs="EPSG:4528", fields={"地块编号": "id"},
    changes="log/1.csv", user="规划员",
)  # fmt: skip


def logged(folder, *entries):
    with exclusive(folder, purpose="test") as transaction:
        record(transaction, *entries)
    return transaction.number


def remembered(folder, kind, layer, columns):
    with exclusive(folder, purpose="test") as transaction:
        remember(transaction, kind, layer, columns)


def refused(folder, text, name=PROFILES, call=profiles):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        call(folder)
    assert caught.value.hint("zh")
    return caught.value.key, caught.value.values.get("line")


def test_entries_come_back_in_order(tmp_path):
    assert imports(tmp_path) == []
    second = Import(2, "t", "b.shp", "cd" * 32, "district", 1, 1, 0, 0)
    logged(tmp_path, ENTRY)
    logged(tmp_path, second, ENTRY)
    assert imports(tmp_path) == [ENTRY, second, ENTRY]
    assert (tmp_path / LOG).read_text(encoding="utf-8").count("\n") == 3
    assert "秋滨" in (tmp_path / LOG).read_text(encoding="utf-8")


def test_a_file_is_known_again_by_its_content_and_layer(tmp_path):
    logged(tmp_path, ENTRY)
    assert already_imported(tmp_path, ENTRY.sha256, "reclaim") == ENTRY
    assert already_imported(tmp_path, ENTRY.sha256, "small_plot") is None
    assert already_imported(tmp_path, "00" * 32, "reclaim") is None
    assert already_imported(tmp_path, ENTRY.sha256, "reclaim", source_layer="Sheet2") is None
    number = logged(tmp_path, Import(2, "t", "b.shp", "cd" * 32, "district", 1, 1, 0, 0))
    restore(tmp_path, number)
    assert already_imported(tmp_path, "cd" * 32, "district") is None
    assert already_imported(tmp_path, ENTRY.sha256, "reclaim") == ENTRY


@pytest.mark.parametrize("line", ["x", "[]", "{}", '{"number": "1"}', "null"])
def test_a_line_that_is_not_ours_is_named(tmp_path, line):
    logged(tmp_path, ENTRY)
    good = (tmp_path / LOG).read_text(encoding="utf-8")
    assert refused(tmp_path, good + line + "\n", LOG, imports) == ("journal.line", 2)


def test_what_was_learnt_is_added_and_what_stands_there_stays(tmp_path):
    assert profiles(tmp_path) == {}
    remembered(tmp_path, "Shapefile", "reclaim", {"QYMC": "enterprise"})
    text = (tmp_path / PROFILES).read_text(encoding="utf-8")
    edited = text.replace('"enterprise"', '"note" # by hand') + "\n[XLSX.reclaim]\n# empty so far\n"
    (tmp_path / PROFILES).write_text(edited, encoding="utf-8")
    remembered(tmp_path, "Shapefile", "reclaim", {"QYMC": "enterprise", "MJ": "area_doc_mu [ha]"})
    remembered(tmp_path, "XLSX", "reclaim", {'面积 "(亩)"': "area_doc_mu"})
    remembered(tmp_path, "survey TXT", "small_plot", {"宗地号": "plot_no"})
    assert profiles(tmp_path) == {
        ("Shapefile", "reclaim"): {"QYMC": "note", "MJ": "area_doc_mu [ha]"},
        ("XLSX", "reclaim"): {'面积 "(亩)"': "area_doc_mu"},
        ("survey TXT", "small_plot"): {"宗地号": "plot_no"},
    }
    left = (tmp_path / PROFILES).read_text(encoding="utf-8")
    assert [line for line in edited.splitlines() if line not in left.splitlines()] == []
    before = (tmp_path / PROFILES).stat().st_mtime_ns
    remembered(tmp_path, "XLSX", "reclaim", {"面积": "area_doc_mu"})  # the field has a column already
    assert (tmp_path / PROFILES).stat().st_mtime_ns == before


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6), max_size=3, unique=True))
def test_any_heading_is_remembered(tmp_path_factory, columns):
    folder = tmp_path_factory.mktemp("w")
    learnt = dict(zip(columns, ("name", "note", "village"), strict=False))
    remembered(folder, "Excel (97–2003)", "reclaim", learnt)
    remembered(folder, "Excel (97–2003)", "reclaim", {"其他列名": "lead_unit"})
    assert profiles(folder)["Excel (97–2003)", "reclaim"] == {**learnt, "其他列名": "lead_unit"}


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("[XLSX.reclaim]\na = name\n", "workspace.toml", 2),
        ('[XLSX.reclaim]\na = "name"\n"b c" = "nmae"\n', "journal.profile_field", 3),
        ('[XLSX.reclaim]\na = "name"\nb = "name"\n', "journal.profile_twice", 3),
        ("[XLSX.reclaim]\na = 1\n", "journal.profile_field", 2),
        ('[XLSX]\na = "name"\n', "journal.profile_form", None),
        ('a = "name"\n', "journal.profile_form", None),
        ('[XLSX.district]\n\na = "enterprise"\n', "journal.profile_field", 3),
    ],
)
def test_what_is_wrong_with_a_profile_is_named_with_its_line(tmp_path, text, key, line):
    assert refused(tmp_path, text) == (key, line)


def test_a_form_that_cannot_be_added_to_is_left_alone(tmp_path):
    text = 'XLSX = { reclaim = { a = "name" } }\n'
    (tmp_path / PROFILES).write_text(text, encoding="utf-8")
    assert profiles(tmp_path) == {("XLSX", "reclaim"): {"a": "name"}}
    with pytest.raises(InputError):
        remembered(tmp_path, "XLSX", "reclaim", {"b": "note"})
    assert (tmp_path / PROFILES).read_text(encoding="utf-8") == text


def test_a_field_that_an_entry_has_with_its_unit_is_not_given_to_a_second_column(tmp_path):
    (tmp_path / PROFILES).write_text('["XLSX"."reclaim"]\n"面积A" = "area_doc_mu [ha]"\n', encoding="utf-8")
    remembered(tmp_path, "XLSX", "reclaim", {"用地面积(亩)": "area_doc_mu", "编号": "id"})
    assert profiles(tmp_path) == {("XLSX", "reclaim"): {"面积A": "area_doc_mu [ha]", "编号": "id"}}
