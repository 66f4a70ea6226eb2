"""Words of the room `figures`."""

ENTRIES: dict[str, tuple[str, str]] = {}
