"""Values become text that people read, or JSON. Decides nothing."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def picked(value: Any, names: str) -> dict[str, Any]:
    """Some fields of a value by their names, in this order, as JSON has them."""
    return {name: getattr(value, name) for name in names.split()}


def under(name: str, data: Callable[[T], Any]) -> Callable[[T], dict[str, Any]]:
    """Makes JSON of one value, under a name."""
    return lambda value: {name: data(value)}


def each(name: str, data: Callable[[T], Any]) -> Callable[[Iterable[T]], dict[str, Any]]:
    """Makes JSON of several values, as a list under a name."""
    return lambda values: {name: [data(value) for value in values]}
