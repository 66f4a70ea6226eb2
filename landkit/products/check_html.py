"""What a check found as one page: offline, without scripts, every value set as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import numpy as np
import shapely

from landkit.checks.registry import SEVERITIES
from landkit.checks.report import Report
from landkit.products.check_table import closing, ids_of, said
from landkit.products.table import clean
from landkit.words import text

_STYLE = """
body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#222}
body{margin:2em auto;max-width:72em;padding:0 1em}
h1{font-size:1.4em}.sum{font-size:1.15em;font-weight:bold}.closed{color:#a00}.open{color:#060}
article{border-top:1px solid #ccc;padding:.6em 0;display:flex;gap:1.2em;align-items:flex-start}
article>div:first-child{flex:0 0 8em;text-align:right;font-variant-numeric:tabular-nums;font-weight:bold}
article>div:nth-child(2){flex:1;overflow-wrap:anywhere}h2{font-size:1em;margin:0}p{margin:.2em 0}
.error h2{color:#a00}.warning h2{color:#850}.info h2{color:#357}.small{color:#555;font-size:.87em}.settled{opacity:.6}
svg{flex:0 0 auto;background:#f7f7f4;border:1px solid #ddd}a{color:inherit;text-decoration:none}
@media print{article{break-inside:avoid}}
"""
# Nothing is loaded and nothing runs: this one style sheet stands in the page, and there is no other source of anything.
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
_SIDE, _MARGIN = 180, 8
_MOST_VERTICES = 2000
_MOST_DRAWN = 500  # of the dearest findings: more would make the page heavier than a browser likes


def check_html(report: Report, *, lang: str = "en") -> str:
    """Return the report as one page of HTML that needs no network; the same report gives the same bytes."""
    title = text("check.title", lang)
    return "".join(
        [
            f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(title)}</h1>\n",
            *_head(report, lang),
            *_articles(report, lang),
            *_foot(report, lang),
            "</body>\n</html>\n",
        ]
    )


def _text(value: object) -> str:
    return escape(clean(str(value)), quote=True).encode("utf-8", "backslashreplace").decode("utf-8")


def _head(report: Report, lang: str) -> Iterator[str]:
    lines = list(closing(report, lang))
    state = "" if report.gate_mu is None else " open" if report.is_open else " closed"
    count = 1 + (len(report.findings) == 0) + (report.gate_mu is not None)
    yield from (f'<p class="sum{state}">{_text(line)}</p>\n' for line in lines[:count])
    yield from (f'<p class="small">{_text(line)}</p>\n' for line in lines[count : count + 2])
    severities = report.findings["severity"].value_counts()
    counts = [f"{text(f'check.severity.{name}', lang)} {int(severities.get(name, 0))}" for name in SEVERITIES]
    yield f'<p class="small">{_text(" · ".join(counts))}</p>\n'


def _articles(report: Report, lang: str) -> Iterator[str]:
    tolerance = report.basis["tolerance"]
    for place, finding in enumerate(report.findings.to_dict("records")):
        name, kind = finding["finding"], finding["check"]
        settled = finding["settled"]
        about = " · ".join(
            [
                text(f"check.severity.{finding['severity']}", lang),
                text(f"check.fixer.{finding['fixer']}", lang),
                text(f"check.dimension.{finding['dimension']}", lang),
                *([f"{text('check.column.settled', lang)} {settled}"] if settled else []),
            ]
        )
        heading = f"{text(f'check.{kind}', lang)}: {finding['layer']} {ids_of(finding['ids'], lang)}"
        yield (
            f'<article id="{_text(name)}" class="{finding["severity"]}{" settled" if settled else ""}">'
            f"<div>{finding['mu']:,.2f} {_text(text('unit.mu', lang))}</div>"
            f'<div><h2><a href="#{_text(name)}">{_text(heading)}</a></h2>'
            f"<p>{_text(said(finding, lang, tolerance))}</p>"
            f'<p class="small">{_text(about)} · {_text(name)}</p></div>'
            f"{_drawing(finding, lang) if place < _MOST_DRAWN else ''}</article>\n"
        )


def _foot(report: Report, lang: str) -> Iterator[str]:
    if report.sources:
        yield f"<h2>{_text(text('check.html.sources', lang))}</h2>\n"
        for source in report.sources:
            line = f"{source['layer']}: {source['path']} ({source['features']}), SHA-256 {source['sha256']}"
            yield f'<p class="small">{_text(line)}</p>\n'
    if report.notes:
        yield f"<h2>{_text(text('check.html.notes', lang))}</h2>\n"
        yield from (f'<p class="small">{_text(note.text(lang))}</p>\n' for note in report.notes)


def _drawing(finding: Mapping[Any, Any], lang: str) -> str:
    """Return a small drawing of the shape as delivered, a line, and as counted, a field; empty where there is none."""
    before, after = finding["before"], finding["after"]
    if before is None or after is None:
        return ""
    west, south, east, north = shapely.total_bounds([before, after])
    if shapely.get_num_coordinates([before, after]).sum() > _MOST_VERTICES or not east > west or not north > south:
        return ""
    scale = (_SIDE - 2 * _MARGIN) / max(east - west, north - south)

    def path(shape: shapely.Geometry) -> str:
        drawn = []
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            x, y = shapely.get_coordinates(ring).T
            across = np.round(_MARGIN + (x - west) * scale, 1)
            down = np.round(_MARGIN + (north - y) * scale, 1)
            drawn.append("M" + "L".join(f"{h:g} {v:g}" for h, v in zip(across, down, strict=True)) + "Z")
        return "".join(drawn)

    label = f"{text('check.html.before', lang)} / {text('check.html.after', lang)}"
    return (
        f'<svg width="{_SIDE}" height="{_SIDE}" role="img"><title>{_text(label)}</title>'
        f'<path d="{path(after)}" fill="#e8b04a" fill-opacity=".55" fill-rule="evenodd" stroke="none"/>'
        f'<path d="{path(before)}" fill="none" stroke="#a00" stroke-width="1.3"/></svg>'
    )
