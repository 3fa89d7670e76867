"""Bars and small lines. Each stands beside its words; neither needs the other."""

from collections.abc import Sequence

from rich.text import Text

from trustlog.view.look import Look
from trustlog.view.style import ACCENT, GREY

_STEPS = "▁▂▃▄▅▆▇█"
_PLAIN_STEPS = "_.-=#"


def shares(seen: float, doubt: float, width: int, look: Look) -> Text:
    """Seen, doubt and unknown (the rest) as one bar of `width` cells."""
    full, dark, light, half = ("█", "▓", "░", "▌") if look.blocks else ("#", "!", ".", "")
    halves = round(seen * width * 2)
    cells, odd = divmod(halves, 2) if half else (round(seen * width), 0)
    bar = Text(full * cells + half * odd, style=ACCENT)
    # a doubt that exists is seen, however small
    doubts = min(width - len(bar), max(round(doubt * width), 1 if doubt >= 0.005 else 0))
    bar.append(dark * doubts, style="not dim default")
    bar.append(light * (width - len(bar)), style=GREY)
    return bar


def small_line(values: Sequence[float], look: Look) -> Text:
    """Values from 0 to 1 as one character each."""
    steps = _STEPS if look.blocks else _PLAIN_STEPS
    return Text("".join(steps[min(len(steps) - 1, int(value * len(steps)))] for value in values), style=ACCENT)


def legend(look: Look, *, doubt: bool) -> Text:
    """What the characters of a bar mean."""
    full, dark, light = ("█", "▓", "░") if look.blocks else ("#", "!", ".")
    line = Text.assemble((full, ACCENT), " seen   " if doubt else " known   ")
    if doubt:
        line.append(f"{dark} doubt   ")
    line.append(light, style=GREY)
    return line.append(" unknown")
