"""Values become text that people read, or JSON. Decides nothing."""

from typing import Any


def picked(value: Any, names: str) -> dict[str, Any]:
    """Some fields of a value by their names, in this order, as JSON has them."""
    return {name: getattr(value, name) for name in names.split()}
