"""A person's decisions."""

ENTRIES: dict[str, tuple[str, str]] = {}
