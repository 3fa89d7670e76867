"""Friday's page, Monday's card and the story of a year, as lines and as JSON."""

from typing import Any

from trustlog.domain import week as domain
from trustlog.domain.days import echo_day, short
from trustlog.domain.praise import WinsWords
from trustlog.domain.text import one_line, plural, visible
from trustlog.domain.week import Card, Mail, Row, Story, Week
from trustlog.ui.text import Look, cells, padded, wrapped
from trustlog.view import praise, promises

MOST = 6
"""So many lines of a kind stand in a part; the rest is counted."""


def week_data(shown: Week, *, private: bool) -> dict[str, Any]:
    """As JSON; what was learned only if `private`."""
    learned = {"learned": list(shown.learned)} if private else {}
    return {
        "week": {
            **praise.wins_data(shown.wins),
            "unthanked": [
                {
                    "manager": thanks.manager.handle, "source": thanks.deed.source, "id": thanks.deed.id,
                    "on": thanks.deed.at.date(), "what": thanks.deed.what,
                }
                for thanks in shown.thanks
            ],
            "open": [promises.promise_data(loop, shown.at) for loop in shown.loops],
            "updates": [
                {"manager": mail.manager.handle, "last": mail.last}
                for mail in shown.mails
            ],
            **learned,
            "in_peace": [{"manager": rest.manager.handle, "messages": rest.messages} for rest in shown.rests],
            "left_in_peace": [manager.handle for manager in shown.at_peace],
            "card": list(domain.monday(shown)),
        }
    }  # fmt: skip


def week_page(shown: Week, words: WinsWords, look: Look, *, private: bool) -> str:
    """The whole of it on one page, with Monday's card at its end."""
    parts = (
        ("Not thanked yet", thanks(shown, look)), ("Owed and waited for", owed(shown, look)),
        ("A Friday mail for", mails(shown, look)), ("Learned", learned(shown, look) if private else ""),
        ("In peace next week", rests(shown, look)),
    )  # fmt: skip
    blocks = [f"{look.paint(title, 'strong')}\n{lines}" for title, lines in parts if lines]
    return "\n\n".join([praise.wins_lines(shown.wins, words, look), *blocks, card(domain.monday(shown), look)])


def thanks(shown: Week, look: Look) -> str:
    """Whom to thank and for what, each with its command."""
    named = [f"{visible(thanks.manager.name)}: {one_line(thanks.deed.named)}" for thanks in shown.thanks]
    return _listed(named, [f"trustlog praise {thanks.manager.handle}" for thanks in shown.thanks], look)


def owed(shown: Week, look: Look) -> str:
    """What I owe, then who waits, the soonest first."""
    both = [*shown.owed_by("me")[:MOST], *shown.owed_by("them")[:MOST]]
    more = f"\n  and {len(shown.loops) - len(both)} more: trustlog open" if len(shown.loops) > len(both) else ""
    return promises.open_promises(both, shown.at, look) + look.paint(more, "dim") if both else ""


def mails(shown: Week, look: Look) -> str:
    """For whom a mail is, each with its command."""
    commands = [f"trustlog update {due.manager.handle} --copy" for due in shown.mails]
    return _listed([mail(due) for due in shown.mails], commands, look)


def mail(mail: Mail) -> str:
    """For whom a mail is, and when the last one went."""
    return f"{visible(mail.manager.name)}, {f'last on {short(mail.last)}' if mail.last else 'none yet'}"


def learned(shown: Week | Story, look: Look) -> str:
    lessons = [
        one_line(str(lesson["what"])) + (f", from {one_line(str(lesson['from']))}" if lesson.get("from") else "")
        for lesson in shown.learned
    ]
    return "\n".join(line for lesson in lessons for line in wrapped(visible(lesson), look.width - 1, "  ", "    "))


def rests(shown: Week, look: Look) -> str:
    sentences = [f"{visible(manager.name)} is left in peace" for manager in shown.at_peace]
    sentences += [
        f"{visible(rest.manager.name)}: {plural(rest.messages, 'message')} of yours, nothing back yet"
        for rest in shown.rests[:1]
    ]
    return "\n".join(line for sentence in sentences for line in wrapped(sentence, look.width - 1, "  ", "    "))


def card(made: Card, look: Look) -> str:
    """`For Monday`, and three lines."""
    labels = {"first": "first", "thanks": "thank", "peace": "in peace"}
    lines = [look.paint("For Monday", "strong")]
    for name, label in labels.items():
        head = f"  {label:<10}"
        lines += wrapped(visible(getattr(made, name)), min(look.width - 1, 78), head, " " * len(head))
    return "\n".join(lines)


def card_text(made: Card) -> str:
    """The card for the clipboard."""
    return f"First: {made.first}\nThank: {made.thanks}\nIn peace: {made.peace}\n"


def _listed(texts: list[str], commands: list[str], look: Look) -> str:
    """The first lines, each with its command where it fits, else under it, and how many more there are."""
    lines = []
    for text, command in zip(texts[:MOST], commands, strict=False):
        shown = look.paint(command, "dim")
        if cells(text) + cells(command) + 5 <= look.width:
            lines.append(f"  {text}  {shown}")
        else:
            lines += [*wrapped(text, look.width - 1, "  ", "    "), f"    {shown}"]
    return "\n".join(lines + [look.paint(f"  and {len(texts) - MOST} more", "dim")] * (len(texts) > MOST))


def story_data(shown: Story, *, private: bool) -> dict[str, Any]:
    """As JSON; what was learned only if `private`."""
    learned = {"learned": list(shown.learned)} if private else {}
    return {
        **praise.wins_data(shown.wins),
        "acts": {
            "total": shown.acts, "managers": shown.managers,
            "cells": [
                {"from": cell.first, "to": cell.last, "acts": cell.acts}
                for row in shown.rows for cell in row.cells if cell
            ],
        },
        "hires": [
            {"manager": hire.handle, "on": hire.on, "entry": hire.entry} for hire in shown.hires
        ],
        **learned,
    }  # fmt: skip


SHADES = ("·", "░", "▒", "▓", "█")
PLAIN = (".", "1", "2", "3", "4")


def story_page(shown: Story, words: WinsWords, look: Look, *, private: bool) -> str:
    """The story in sentences, with the heat map of one's own acts."""
    if shown.nothing:
        sentence = f"{shown.name}: nothing is written down for these days, which says little about the days themselves."
        return "\n".join(wrapped(sentence, min(look.width - 1, 78)))
    lines = [look.paint(shown.name, "strong")]
    if shown.acts:
        lines += ["", *wrapped(domain.acts_sentence(shown), min(look.width - 1, 78)), "", *heat(shown, look)]
    if shown.hires:
        lines += ["", look.paint("Hires", "strong")]
        lines += [f"  {echo_day(hire.on)}  with {visible(hire.name)}" for hire in shown.hires]
    for block in praise.wins_blocks(shown.wins, words, look):
        lines += ["", block]
    if private and shown.learned:
        lines += ["", look.paint("What you learned", "strong"), learned(shown, look)]
    return "\n".join(lines)


def heat(shown: Story, look: Look) -> list[str]:
    """A line for each month or week; in words where nothing is drawn."""
    if not look.drawn:
        return [f"  {row.label}: {plural(row.acts, 'small act')}" for row in shown.rows]
    marks = SHADES if look.blocks else PLAIN
    wide = max(len(row.label) for row in shown.rows)
    lines = [f"  {padded(row.label, wide)}  {_row(row, marks, look)}  {row.acts or ''}".rstrip() for row in shown.rows]
    if shown.month:
        lines.insert(0, look.paint(f"  {' ' * wide}  {' '.join(name[:2] for name in domain.day_names())}", "dim"))
    scale = "  ".join(f"{mark} {acts}" for mark, acts in zip(marks[1:], domain.shade_words(), strict=True))
    unit = "day" if shown.month else "week"
    legend = wrapped(f"small acts in a {unit}:  {marks[0]} none  {scale}", look.width - 1, "  ", "    ")
    return [*lines, *(look.paint(line, "dim") for line in legend)]


def _row(row: Row, marks: tuple[str, ...], look: Look) -> str:
    drawn = [marks[domain.shade(cell.acts)] * 2 if cell else "  " for cell in row.cells]
    return " ".join(
        look.paint(mark, "accent" if mark[0] not in (marks[0], " ") else "dim")
        for mark in [*drawn, *["  "] * (6 - len(drawn))]
    )
