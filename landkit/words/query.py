"""Words of the room `query`."""

ENTRIES: dict[str, tuple[str, str]] = {}
