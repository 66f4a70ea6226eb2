"""Control lines."""

ENTRIES: dict[str, tuple[str, str]] = {}
