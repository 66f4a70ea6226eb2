"""Words of the room `shell`."""

ENTRIES: dict[str, tuple[str, str]] = {}
