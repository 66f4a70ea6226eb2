"""Columns, values and names of a delivery."""

ENTRIES: dict[str, tuple[str, str]] = {}
