"""Words of the room `area`."""

ENTRIES: dict[str, tuple[str, str]] = {}
