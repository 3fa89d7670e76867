"""Invented journals of any size as CSV: every size tells the same three years, more or less densely.

    python benchmarks/rows.py 10000 FILE [--managers 40]

The same arguments give the same bytes. One note in a hundred holds the word `calibration`.
"""

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HEADER = ("manager", "name", "team", "kind", "size", "when", "channel", "req", "approach", "tags", "note")
START, DAYS = datetime(2023, 11, 18, 9), 1100
MANAGERS = 40
WORD = "calibration"
"""One note in a hundred holds it."""
NOTES = {
    "reply-received": "answered the profile question within the hour",
    "meeting-held": "30 min sync on the role; agreed the next slate for Tuesday",
    "promise-kept": "sent the slate on Friday as agreed",
    "update-sent": "weekly update: 14 screened, 3 moved on",
    "help-received": "took ten minutes to explain the roadmap",
    "ask-help": "asked for a two-minute opinion on the ad",
    "praise-given": "four scorecards before lunch let us offer the same day",
    "slate-accepted": "all four profiles to interview",
    "slate-declined": "no to all three: 'not senior enough', gave reasons for two",
    "feedback-received": "said my screens miss system design; gave two examples",
    "doubt-voiced": "'are you sure you understand this role?' in front of the panel",
    "promise-missed": "slate was due Friday, went out Tuesday, no warning from me",
    "note": "prefers chat before ten",
}
CHANNELS = ("chat", "email", "call", "meeting", "in-person")
TAGS = ("", "", "", "urgent", "hard-to-fill", "panel,urgent")


def handle(number: int) -> str:
    return f"manager-{number:02}"


def rows(count: int, managers: int = MANAGERS) -> Iterator[tuple[str, ...]]:
    """So many rows of HEADER, the oldest first, spread evenly over DAYS."""
    chance = random.Random(f"{count}/{managers}")
    kinds = tuple(NOTES)
    for number in range(count):
        one = chance.randrange(managers)
        kind = chance.choice(kinds)
        at = START + timedelta(days=DAYS * number / count)
        note = NOTES[kind] + (f"; {WORD} again" if number % 100 == 50 else "")
        role = f"role-{one:02}-{chance.randrange(6)}" if chance.random() < 0.6 else ""
        yield (
            handle(one), f"Manager {one:02}", f"team {one % 9}", kind, chance.choice("ssmmmml"),
            at.isoformat(timespec="minutes"), chance.choice(CHANNELS), role, chance.choice(("push", "pull", "")),
            chance.choice(TAGS), note,
        )  # fmt: skip


def write(file: Path, count: int, managers: int = MANAGERS) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        made = csv.writer(out, lineterminator="\n")
        made.writerow(HEADER)
        made.writerows(rows(count, managers))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--managers", type=int, default=MANAGERS)
    asked = parser.parse_args()
    write(asked.file, asked.count, asked.managers)
