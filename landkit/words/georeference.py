"""Which reference system a delivery is in."""

ENTRIES: dict[str, tuple[str, str]] = {}
