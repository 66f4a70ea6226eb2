"""Write the files of the story into tests/data/story/, the same bytes on every machine, and play docs/story.md.

Run ``python scripts/build_story.py`` to write, with ``--check`` to compare what is committed with what this makes.
tests/data/README.md says what each file is and how the figures are worked out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from story import drawing, ledger, scene, survey
from story.shapefile import PRJ, Column, shapefile
from story.telling import told

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "story.md"
STORY = ROOT / "tests" / "data" / "story"
TARGETS = ("T01", "T02", "T03", "T04", "T08", "T09")
_CUT = 4000  # bytes of a workbook that was copied half


def built() -> dict[str, bytes]:
    """Return every file by its path."""
    book = ledger.workbook()
    files = {
        "plan.toml": _plan().encode("utf-8"),
        "usb/秋滨收回0627.txt": survey.standard(),
        "usb/九峰山小地块0628.txt": survey.plain(),
        "usb/双溪西路0629.txt": survey.unruly(),
        "usb/边界.dxf": drawing.drawing(),
        "usb/企业台账6月.xlsx": book,
        "usb/企业台账5月.xlsx": book[:_CUT],
    }
    named = {"重点片区": _districts(), "管控线": _control_lines()}
    for stem, parts in named.items():
        files |= {f"{stem}{suffix}": data for suffix, data in parts.items()}
        files |= {f"{stem}.prj": PRJ.encode("ascii"), f"{stem}.cpg": b"GBK"}
    return files | {f"usb/低效地块{suffix}": data for suffix, data in _low_efficiency().items()}


def _plan() -> str:
    """Return the shipped plan with the targets of the story alone, word for word."""
    head, *targets = (ROOT / "layers" / "plan.toml").read_text(encoding="utf-8").split("[[target]]\n")
    chosen = [text for text in targets if text.split('id = "', 1)[1].split('"', 1)[0] in TARGETS]
    return "[[target]]\n".join([head, *chosen]).rstrip("\n") + "\n"


def _districts() -> dict[str, bytes]:
    columns = [Column("编号", "C", 8), Column("名称", "C", 40), Column("文件点名", "C", 4), Column("kind", "C", 8)]
    columns.append(Column("图形来源", "C", 16))
    rows = [
        (plot.rings, [plot.id, name, "是" if plot.id < "D05" else "否", "片区", "placeholder"])
        for plot, name in scene.districts()
    ]
    return shapefile(columns, rows)


def _control_lines() -> dict[str, bytes]:
    columns = [
        Column("编号", "C", 8), Column("名称", "C", 40), Column("管控线类型", "C", 10), Column("管控规则", "C", 16),
        Column("启用日期", "D", 8), Column("敏感标识", "C", 4), Column("图形来源", "C", 16),
    ]  # fmt: skip
    rows = [
        (plot.rings, [plot.id, name, kind, rule, "20220101", "否", "placeholder"])
        for plot, name, kind, rule in scene.control_lines()
    ]
    return shapefile(columns, rows)


def _low_efficiency() -> dict[str, bytes]:
    columns = [
        Column("地块编号", "C", 10), Column("地块名称", "C", 40), Column("面积(亩)", "N", 12, 2),
        Column("图形来源", "C", 16),
    ]  # fmt: skip
    rows = [
        (plot.rings, [plot.id, f"示例低效地块{plot.id}", f"{scene.registered_mu(plot):.2f}", "digitised"])
        for plot in scene.low_efficiency()
    ]
    return shapefile(columns, rows)


def differences(files: dict[str, bytes], folder: Path) -> list[str]:
    """Return one line for each file of `folder` that is not what this script makes."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    lost = [f"{name}: missing" for name in sorted(files.keys() - there)]
    changed = [
        f"{name}: differs" for name in sorted(files.keys() & there) if (folder / name).read_bytes() != files[name]
    ]
    return lost + changed + [f"{name}: not made by this script" for name in sorted(there - files.keys())]


def played(page: str) -> str:
    """Return the page with the output of its commands."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(STORY, folder, dirs_exist_ok=True)
        return told(page, Path(folder))


def main() -> int:
    """Write the files and the page, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 where a file differs")
    files = built()
    if not parser.parse_args().check:
        for name, data in files.items():
            (STORY / name).parent.mkdir(parents=True, exist_ok=True)
            (STORY / name).write_bytes(data)
        PAGE.write_text(played(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        return 0
    page = PAGE.read_text(encoding="utf-8")
    found = differences(files, STORY) + (
        [] if played(page) == page else [f"{PAGE.name}: commands print something else"]
    )
    print("\n".join(found) or f"tests/data/story/ and docs/story.md are what {Path(__file__).name} makes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
