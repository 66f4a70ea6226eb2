"""From a delivery to a layer: what was changed, what was returned and why."""

ENTRIES: dict[str, tuple[str, str]] = {}
