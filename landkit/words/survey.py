"""Survey boundary-point files (TXT)."""

ENTRIES: dict[str, tuple[str, str]] = {}
