"""Words of the room `files`."""

ENTRIES: dict[str, tuple[str, str]] = {}
