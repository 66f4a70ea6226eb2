"""`landkit check` as people use it: what it prints, what it withholds, and a page that data cannot break."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import pytest
import shapely

from landkit import check
from landkit.cli import main
from landkit.products.check_html import check_html

EAST, NORTH = 461_000.0, 3_221_000.0
EVIL = "<script>alert(1)</script>\"'><img src=http://x.test onerror=alert(1)>\x1b[31m\u202e${1}`"


def box(x, y, width=100.0, height=100.0):
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def bow(x):
    at = [(x, 0), (x + 60, 100), (x + 60, 0), (x, 100)]
    return shapely.Polygon([(EAST + east, NORTH + north) for east, north in at])


@pytest.fixture
def layer():
    """15 mu twice with 1.5 mu in common, and a bow tie of 4.5 mu."""
    frame = gpd.GeoDataFrame({"id": ["S-118", "S-131", "Q-07"]}, geometry=[box(0, 0), box(90, 0), bow(300)])
    return frame.set_crs("EPSG:4549")


@pytest.fixture
def run(layer, tmp_path, monkeypatch, capsysbinary):
    """Return a function that runs ``landkit check`` on the layer and gives exit code, output and complaint."""
    layer.to_file(tmp_path / "土地.gpkg", layer="土地")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")

    def checked(*arguments, files=("土地.gpkg",)):
        code = main(["check", *files, *map(str, arguments)])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return code, out.decode("utf-8-sig"), err.decode("utf-8")

    return checked


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["4.50", "1.50", "overlap within a programme", "S-118, S-131", "At stake: 6.00 mu in 2 findings"]),
        ("zh", ["4.50", "1.50", "同一项目内重叠", "S-118, S-131", "合计可能影响 6.00 亩"]),
    ],
)
def test_the_table(run, lang, words):
    code, out, err = run("--lang", lang)
    assert code == 0
    assert err == ""
    for word in words:
        assert word in out
    assert out.index("4.50") < out.index("1.50")


def test_the_gate_withholds_after_the_report(run):
    code, out, err = run("--gate", "5mu")
    assert code == 3
    assert "S-118, S-131" in out
    assert "withheld" in err
    assert "1.00 more than the gate of 5.00 mu" in err
    assert "landkit decide" in err
    assert "Q-07; S-118+S-131" in err
    assert run("--gate", "6.01")[0] == 0
    assert run("--gate", "0.5ha")[0] == 0
    assert run("--gate", "soon")[0] == 2


def test_the_document_and_the_sheet(run):
    code, out, _ = run("--format", "json", "--gate", "1")
    assert code == 3
    told = json.loads(out)["landkit.check/v1"]
    assert [finding["ids"] for finding in told["findings"]] == [["Q-07"], ["S-118", "S-131"]]
    assert told["at_stake_mu"] == pytest.approx(sum(finding["mu"] for finding in told["findings"]))
    assert told["open"] is False
    assert told["sources"][0]["features"] == 3
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv")[1])))
    assert [row["Rows"] for row in rows] == ["Q-07", "S-118, S-131"]


def test_output_is_a_file_that_is_not_the_delivery(run, tmp_path):
    assert run("--format", "html", "-o", "issues.html")[0] == 0
    assert run("--format", "html", "-o", "issues.html")[0] == 2
    assert run("-o", "土地.gpkg", "--force")[0] == 2
    assert run("--format", "csv", "-o", "issues.csv")[0] == 0
    assert (tmp_path / "issues.json").is_file()


class _Page(HTMLParser):
    """Collects what a browser would see of a page."""

    def __init__(self):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data


def page_of(text):
    page = _Page()
    page.feed(text)
    return page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_offline_and_takes_data_as_text(layer, lang):
    layer["id"] = [EVIL, "S-131", "Q-07"]
    layer["note"] = ["\ufffd" + EVIL, None, None]
    text = check_html(check({EVIL: layer}), lang=lang)
    page = page_of(text)
    known = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "article", "div", "a", "svg", "path"}
    assert {tag for tag, _ in page.tags} <= known
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style")}
    links = [attrs["href"] for _, attrs in page.tags if "href" in attrs]
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} == {attrs["id"] for tag, attrs in page.tags if tag == "article"}
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script>alert(1)</script>" in page.said
    assert not re.search("[\x00-\x08\x1b\u202e]", text)


def test_the_page_draws_shapes_and_is_the_same_every_time(layer):
    first = check_html(check(layer), lang="zh")
    assert first == check_html(check(layer), lang="zh")
    assert first.count("<svg") == 2
    assert first.index("4.50") < first.index("1.50")
    assert "合计可能影响 6.00 亩" in page_of(first).said


def test_names_of_a_workspace_and_files_cannot_be_mixed(run, layer):
    assert run("--as-of", "2022-06-30")[0] == 2
    assert run(files=("土地.gpkg", "reclaim"))[0] == 2
    assert run(files=("none.gpkg",))[0] in (2, 5)
    assert run(files=())[0] == 2


def test_the_example_workspace_is_checked_in_both_languages(tmp_path, capsys):
    main(["demo", str(tmp_path / "jinhua")])
    for lang in ("en", "zh"):
        assert main(["check", "-w", str(tmp_path / "jinhua"), "--as-of", "2022-06-30", "--lang", lang]) == 0
    assert "示意图形" in capsys.readouterr().out
