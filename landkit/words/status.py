"""Words of the room `status`."""

ENTRIES: dict[str, tuple[str, str]] = {}
