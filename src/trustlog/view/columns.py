"""Lines with a label before them, broken between words at the width of the place; wide characters count as two."""

from trustlog.view.look import Look

LABEL = 16


def cells(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii() or max(text) < "\u0300":  # nothing below it is wide, and nothing combines
        return len(text)
    from unicodedata import combining, east_asian_width  # 1 ms, only where it matters

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def padded(text: str, width: int) -> str:
    """The text with blanks up to a width."""
    return text + " " * (width - cells(text))


def cut(text: str, width: int) -> str:
    """The text in one line of a width, with an ellipsis if it is longer."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for one in text:
        used += cells(one)
        if used > width - 1:
            break
        kept += one
    return f"{kept.rstrip()}…"


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of a width, broken between words; a longer word is broken where it must."""
    if cells(text) <= width:
        return [text]  # with its blanks as they are
    lines, line, used = [], "", 0
    for word in text.split(" "):
        rest = word
        while rest:
            size = cells(rest)
            if not line and size <= width:
                line, used, rest = rest, size, ""
            elif line and used + 1 + size <= width:
                line, used, rest = f"{line} {rest}", used + 1 + size, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                head = _head(rest, width)
                lines.append(head)
                rest = rest[len(head) :]
    return [*lines, line] if line or not lines else lines


def labelled(label: str, texts: list[str], look: Look) -> list[str]:
    """The texts beside a label in grey; where it is narrow, below it."""
    if not texts:
        return []
    narrow = look.width < 44
    room = max(10, look.width - (4 if narrow else LABEL + 2))
    pad = " " * (4 if narrow else LABEL + 2)
    lines = [line for text in texts for line in wrapped(text, room)]
    if narrow:
        return [f"  {look.paint(label, 'dim')}", *(f"{pad}{line}" for line in lines)]
    head = f"  {look.paint(label, 'dim')}{' ' * (LABEL - len(label))}"
    return [head + lines[0], *(f"{pad}{line}" for line in lines[1:])]


def _head(word: str, width: int) -> str:
    """As much of a word as fits, one character at least."""
    used = 0
    for at, one in enumerate(word):
        used += cells(one)
        if used > width and at:
            return word[:at]
    return word
