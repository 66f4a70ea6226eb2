"""Archives, and the process in which a delivery is read."""

ENTRIES: dict[str, tuple[str, str]] = {}
