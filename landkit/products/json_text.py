"""A document as JSON that can be shown in a terminal."""

from __future__ import annotations

import json
from typing import Any

# Characters that JSON lets stand in a text and a terminal obeys.
_STEERING = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def json_text(document: dict[str, Any], *, indent: int | None = 2) -> str:
    """Return a document as JSON: Chinese as it is, never NaN, what steers a terminal escaped."""
    return json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False).translate(_STEERING) + "\n"
