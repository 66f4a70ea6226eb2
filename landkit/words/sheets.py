"""Spreadsheets and CSV."""

ENTRIES: dict[str, tuple[str, str]] = {}
