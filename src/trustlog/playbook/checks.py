"""What every file of the playbook is checked for, and how a mistake in it is told."""

from typing import Any


class PlaybookError(ValueError):
    """What is wrong with a file of the playbook; `place` is a text to look for in it."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.place = place


def blocks(words: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The [[name]] blocks. Raises PlaybookError for another shape."""
    blocks = words.get(name, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise PlaybookError(f"{name} must be written as [[{name}]] blocks", name)
    return blocks


def known(block: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    """Raises PlaybookError for a key that means nothing there."""
    unknown = next((key for key in block if key not in allowed), None)
    if unknown is not None:
        raise PlaybookError(f"{where}: {unknown!r} is not known; there are {', '.join(allowed)}", unknown)


def alike(shipped: dict[str, Any], words: dict[str, Any], where: str = "") -> dict[str, Any]:
    """Words of the same shape as the shipped ones; labels may be added. Raises PlaybookError."""
    for name, value in words.items():
        place = f"{where}.{name}" if where else name
        if name not in shipped and where != "labels":
            raise PlaybookError(f"{place!r} is not known; there are {', '.join(shipped)}", name)
        if type(value) is not type(shipped.get(name, "")):
            raise PlaybookError(f"{place}: it has not the shape of the shipped one", name)
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise PlaybookError(f"{place} must be a list of texts", name)
        if isinstance(value, dict):
            alike(shipped[name], value, place)
    return words
