"""What goes to a calendar and what comes from one, as values; whom a meeting was with."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from trustlog.domain.outcomes import Refused
from trustlog.domain.people import Manager, composed, folded, turned

OURS = "@trustlog"
"""How the uid of every event that we write ends; such an event is never read back as a meeting."""

# what Outlook and Exchange write before the title of a meeting that was cancelled, by their language
_CALLED_OFF = (
    "cancell?ed(?: event)?",
    "abgesagt", "storniert", "annulée?", "cancelad[oa]", "anulad[oa]", "annullat[oa]", "geannuleerd",
    "afgezegd", "inställ[dt]", "avbokad", "aflyst", "annulleret", "avlyst", "kansellert", "peruttu", "peruutettu",
    "odwołan[aeoy]", "anulowan[aeoy]", "zrušen[oáéý]", "lemondva", "törölve", "visszavonva", "anulată?",
    "отменен[аоы]?", "отменён", "скасован[оа]", "відмінено", "otkazano", "odpovedano", "cancel[·.]?la(?:t|da)",
    "atšaukta", "atcelts", "tühistatud", "i\u0307?ptal(?: edildi)?", "ακυρώθηκε", "ακυρωμένο", "בוטלה?", "מבוטלת?",
    "ملغ[اىي]ة?", "تم الإلغاء", "キャンセル(?:済み)?", "取り消し", "中止", "已?取消", "취소(?:됨)?",
    "ยกเลิก(?:แล้ว)?", "đã h(?:ủy|uỷ)", "dibatalkan", "रद्द(?: किया गया)?",
)  # fmt: skip
_BEFORE_IT = r"(?:(?:re|fw|fwd|aw|wg|tr|rv|sv|vs)\s*[:：]\s*)*"


class Reminder(NamedTuple):
    """An event for a calendar: a moment with a length, or a whole day.

    `alarm` counts from its beginning, the midnight of a whole day included; `revision` grows when it changes;
    one that is `over` is sent once more as cancelled, so that it leaves the calendar.
    """

    uid: str
    kind: str
    manager: str
    summary: str
    start: datetime | date
    end: datetime | date
    description: str = ""
    alarm: timedelta | None = None
    revision: int = 0
    over: bool = False

    @property
    def day(self) -> date:
        return self.start.date() if isinstance(self.start, datetime) else self.start


class Person(NamedTuple):
    """Somebody whom a meeting names; either text may be empty."""

    name: str
    email: str
    declined: bool = False


class Meeting(NamedTuple):
    """One meeting that has begun. `occurrence` tells those of a series apart; `line` is where the file names it.

    `shared` says that its uid is that of other meetings too, so that `occurrence` is only when it begins.
    """

    uid: str
    occurrence: str
    summary: str
    start: datetime
    people: tuple[Person, ...]
    line: int
    shared: bool = False


class Calendar(NamedTuple):
    """What a calendar file holds of a stretch of time, and how many events are no meetings.

    `declined` counts those to which the owner said no; `older` are versions of which the file holds a newer one.
    """

    meetings: tuple[Meeting, ...]
    all_day: int
    cancelled: int
    refused: tuple[Refused, ...]
    declined: int = 0
    older: tuple[Refused, ...] = ()


def called_off(title: str) -> bool:
    """Whether a title begins like that of a meeting which Outlook keeps after it was cancelled: `Canceled: Sync`."""
    words = "|".join(_CALLED_OFF)
    return (
        re.match(rf"{_BEFORE_IT}(?:(?:{words})(?:\s*[:：]|\s+[-–—]\s)|[\[(](?:{words})[\])])", folded(title))
        is not None
    )


class ImportedMeetings(NamedTuple):
    """What an import of meetings did, or would do: which are new, and how many were left out and why."""

    new: tuple[tuple[Manager, Meeting], ...]
    unchanged: int
    updated: int
    refused: tuple[Refused, ...]
    nobody: int
    all_day: int
    cancelled: int
    dry_run: bool
    declined: int = 0
    older: tuple[Refused, ...] = ()


def with_whom(meeting: Meeting, managers: Sequence[Manager]) -> list[Manager]:
    """The managers that a meeting was with. A name that two have fits neither.

    Somebody invited is known by the address or the full name. A title says who it was by a whole name; a first name
    or handle in it counts only where nobody is listed, because a candidate may be called the same.
    """
    names = [folded(manager.name) for manager in managers]
    return [
        manager
        for manager, name in zip(managers, names, strict=True)
        if _was_there(meeting, manager, name if names.count(name) == 1 else "")
    ]


def _was_there(meeting: Meeting, manager: Manager, name: str) -> bool:
    invited = [person for person in meeting.people if _is(person, manager, name)]
    if invited:
        return not all(person.declined for person in invited)
    if " " in name and _holds(folded(meeting.summary), name):
        return True
    # a single letter is a word of its own too often
    called = {word for word in (manager.handle, name) if len(word) > 1 and " " not in word}
    return not meeting.people and any(_stands_alone(meeting.summary, word) for word in called)


def _is(person: Person, manager: Manager, name: str) -> bool:
    """Whether somebody invited is this manager; `Ortiz, Dana` is Dana Ortiz."""
    email = folded(manager.email or "")
    written = folded(person.name)
    if email and email in (folded(person.email), written):
        return True
    if not written:
        return False
    if " " in name and (_holds(written, name) or _holds(turned(written), name)):
        return True
    # one word says who it is only where there is no address that says otherwise
    return written in (manager.handle, name) and not person.email


def _stands_alone(title: str, word: str) -> bool:
    """Whether a word stands in a title and is no first name of somebody: no capitalised word follows it."""
    title = " ".join(composed(title).split())
    return any(
        title[hit.end() : hit.end() + 1] != " " or not title[hit.end() + 1 : hit.end() + 2].isupper()
        for hit in re.finditer(rf"(?<![\w@.-]){re.escape(word)}(?=$|[^\w@.-]|\.(?:\W|$))", title, re.IGNORECASE)
    )


def _holds(text: str, words: str) -> bool:
    """Whether the words stand in the text as whole words; part of an address or of a double name is not whole."""
    ends = r"(?:$|[^\w@.-]|\.(?:\W|$))"
    return re.search(rf"(?:^|[^\w@.-]){re.escape(words)}{ends}", text) is not None


def soonest_first(reminders: Iterable[Reminder]) -> list[Reminder]:
    """By day, then by time, what lasts all day first; the same order every time."""
    return sorted(
        reminders,
        key=lambda reminder: (
            reminder.day,
            reminder.start.timestamp() if isinstance(reminder.start, datetime) else 0.0,
            reminder.uid,
        ),
    )
