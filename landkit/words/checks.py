"""Findings, and what each is worth."""

ENTRIES: dict[str, tuple[str, str]] = {}
