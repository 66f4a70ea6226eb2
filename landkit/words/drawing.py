"""Drawings (DXF)."""

ENTRIES: dict[str, tuple[str, str]] = {}
