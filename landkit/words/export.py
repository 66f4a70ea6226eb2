"""Layers going out again."""

ENTRIES: dict[str, tuple[str, str]] = {}
