"""What a workspace keeps, and who may write it."""

ENTRIES: dict[str, tuple[str, str]] = {}
