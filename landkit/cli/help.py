"""Help pages, in the user's language.

landkit lays them out itself: click wraps by characters, and a Chinese one takes two columns and no blanks.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len

from landkit.words import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 100  # longer lines are hard to read, however wide the terminal
_NARROWEST = 50
_NOT_FIRST = "，。、；：！？）》”’"  # a line never begins with one of these


def page(ctx: click.Context, lang: str, commands: Mapping[str, str]) -> str:
    """Return the help page of the command of `ctx`; `commands` are its subcommands with the keys of their help."""
    command = ctx.command
    about = command.help or ""
    parts = [f"{text('cli.usage', lang)} {_usage(ctx)}", *_about(about, lang)]
    listed = [(name, text(key, lang)) for name, key in commands.items()]
    options = [(_spelling(option), _meaning(ctx, option, lang)) for option in _options(ctx)]
    for title, rows in (("cli.options", options), ("cli.commands", listed)):
        if rows:
            parts.append("\n".join([text(title, lang), *_definitions(rows, _width())]))
    return "\n\n".join(parts)


def _usage(ctx: click.Context) -> str:
    arguments = [_metavar(param) for param in ctx.command.params if isinstance(param, click.Argument)]
    if isinstance(ctx.command, click.Group):
        arguments = ["COMMAND [ARGS]..."]
    return " ".join([ctx.command_path, "[OPTIONS]", *arguments])


def _about(key: str, lang: str) -> list[str]:
    width = _width()
    paragraphs = [text(key, lang), *text(f"{key}.about", lang).split("\n")]
    shown = ["\n".join(f"  {line}" for line in wrap(paragraph, width - 2)) for paragraph in paragraphs if paragraph]
    examples = [f"  {line}" for line in text(f"{key}.examples", lang).split("\n")]
    return [*shown, "\n".join([text("cli.examples", lang), *examples])]


def _options(ctx: click.Context) -> list[click.Option]:
    return [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option) and not param.hidden]


def _spelling(option: click.Option) -> str:
    names = ", ".join(sorted(option.opts, key=lambda name: name.startswith("--")))
    # Options of one letter are few: the long names line up behind their place.
    names = names if not names.startswith("--") else f"    {names}"
    return names if option.is_flag else f"{names} {_metavar(option)}"


def _metavar(param: click.Parameter) -> str:
    return param.metavar or (param.name or "").upper()


def _meaning(ctx: click.Context, option: click.Option, lang: str) -> str:
    meaning = text(option.help or "", lang)
    if not option.show_default:
        return meaning
    return f"{meaning} {text('cli.default', lang, value=option.get_default(ctx))}"


def _definitions(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    column = min(max(len(name) for name, _ in rows), 34) + 4
    lines = []
    for name, meaning in rows:
        first, *rest = wrap(meaning, width - column)
        head = f"  {name}"
        if len(head) > column - 2:
            lines.append(head)
            head = ""
        lines.append(f"{head:<{column}}{first}")
        lines.extend(" " * column + line for line in rest)
    return lines


def _width() -> int:
    return max(_NARROWEST, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def wrap(paragraph: str, width: int) -> list[str]:
    """Return `paragraph` in lines of at most `width` columns, broken at blanks and between Chinese characters."""
    lines = [""]
    for piece in _pieces(paragraph):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(paragraph: str) -> list[str]:
    return re.findall(rf"(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef“‘])[{_NOT_FIRST}]*\s*", paragraph)
