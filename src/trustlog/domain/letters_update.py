"""Friday's mail: what was done, what comes next, one question, one thank-you."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from trustlog.domain.days import DAY_NAMES, last_day, short
from trustlog.domain.entries import KINDS, Entry
from trustlog.domain.people import Manager, Req
from trustlog.domain.praise import Unthanked
from trustlog.domain.promises import Promise
from trustlog.domain.text import filled, marked, one_line, sendable, unmarked

USUAL_DAYS = 7
"""How far the first update looks back."""
MOST_DAYS = 14
"""How far any looks back, unless a day is named: what is older is no news of the week."""
MOST = 8
"""A mail tells so many things at most, and as many promises."""
LONGEST = 160
"""A note is told in so many characters."""
NEVER = frozenset({"confided", "harsh-exchange", "doubt-voiced", "bypassed", "note"})
"""Kinds whose words are for the journal only."""
QUOTED = frozenset(
    kind.name for kind in KINDS.values() if kind.who != "theirs" and kind.sign == "+"
) - {"feedback-acted-on", "own-error-disclosed", "apology-made"}  # fmt: skip
"""Kinds whose notes a mail may quote: what I did or what was done together. A note on anything else may judge."""
UNSAID = "[what]"
"""Stands where a note would say it that is not for the reader, and no sentence without one is there."""
LINES: dict[str, tuple[str, ...]] = {
    "subject": ("day",), "subject_role": ("day", "role"), "greeting": ("first",), "done": ("since",),
    "done_late": ("note",), "news": (), "silent": (), "silent_long": ("since",), "next": (),
    "promise": ("what", "due"), "promise_at_risk": ("what", "due"), "promise_late": ("what", "due"),
    "no_promise": (), "ask": ("what", "due"), "ask_late": ("what", "due"), "thanks_jar": ("what",),
    "thanks_help": ("what",), "thanks_answer": ("what",), "sign_off": ("me",), "nobody": (),
}  # fmt: skip
"""The sentences of the mail, each with the places it may use."""


class UpdateWords(NamedTuple):
    """The sentences by their names, and what is said of each kind, with a note and without."""

    lines: Mapping[str, str]
    done: Mapping[str, str]
    bare: Mapping[str, str]


class Material(NamedTuple):
    """What a mail is made of. `done` and `late` oldest first, `promises` soonest first."""

    manager: Manager
    req: Req | None
    since: date
    now: datetime
    done: tuple[Entry, ...]
    late: tuple[Promise, ...]
    promises: tuple[Promise, ...]
    ask: Promise | None
    thanks: Unthanked | None
    me: str | None


class Update(NamedTuple):
    """A drafted mail; `left_out` counts what was done and not told, `unquoted` what was told without its words.
    `entry` is the one that says it was sent.
    """

    manager: Manager
    req: Req | None
    since: date
    now: datetime
    subject: str
    marked: str
    left_out: int
    unquoted: int = 0
    entry: Entry | None = None

    @property
    def text(self) -> str:
        """The mail as it is read."""
        return unmarked(self.marked)

    @property
    def span(self) -> str:
        """The days it tells of, as its entry notes them."""
        first, last = short(self.since), short(self.now.date())
        return f"update, {last}" if first == last else f"update, {first} to {last}"


def compose(made_of: Material, words: UpdateWords) -> Update:
    """The mail as a draft. What only the recruiter knows stays open, like [new day]."""
    words = UpdateWords(*({name: marked(text) for name, text in table.items()} for table in words))
    say, today = words.lines, made_of.now.date()
    subject = filled(
        say["subject_role" if made_of.req else "subject"],
        {"day": spoken(today), "role": one_line(made_of.req.title) if made_of.req else ""},
    )
    news = _told(made_of, words)
    blocks = [
        filled(say["greeting"], {"first": one_line(made_of.manager.first_name)}),
        *_news(made_of, news[-MOST:], say),
        _loop("ask", made_of.ask, made_of.now, say) if made_of.ask else "",
        _thanked(made_of, say),
        filled(say["sign_off"], {"me": one_line(made_of.me or "") or say["nobody"]}),
    ]
    text = "\n\n".join(block for block in blocks if block)
    private = [entry.note for entry in made_of.done if _line(entry, words) and entry.kind in QUOTED]
    private += [made_of.thanks.what] if made_of.thanks else []
    return Update(
        made_of.manager, made_of.req, made_of.since, made_of.now, unmarked(subject), text, max(0, len(news) - MOST),
        sum(not sendable(note) for note in private),
    )  # fmt: skip


def _news(made_of: Material, news: list[str], say: Mapping[str, str]) -> list[str]:
    """What was done, and what comes next; a silent time says so and goes on."""
    next_ = [_loop("promise", promise, made_of.now, say) for promise in made_of.promises[:MOST]] or [say["no_promise"]]
    since = {"since": spoken(made_of.since)}
    if news:
        return [
            _listed(filled(say["done"], since), [*news, say["news"]] if say["news"] else news),
            _listed(say["next"], next_),
        ]
    long = (made_of.now.date() - made_of.since).days > USUAL_DAYS + 1
    return [_listed(filled(say["silent_long" if long else "silent"], since), next_)]


def _told(made_of: Material, words: UpdateWords) -> list[str]:
    """What was done, oldest first; what was noted twice in the same words is told once."""
    dated = [(entry.happened_at, _line(entry, words)) for entry in made_of.done]
    dated += [
        (promise.settled_at, filled(words.lines["done_late"], {"note": _short(promise.what)}))
        for promise in made_of.late
        if promise.settled_at is not None
    ]
    return list(dict.fromkeys(line for _, line in sorted(dated, key=lambda pair: pair[0]) if line))


def _line(entry: Entry, words: UpdateWords) -> str:
    if not entry.evidence or entry.kind in NEVER:
        return ""
    done, bare = words.done.get(entry.kind, ""), words.bare.get(entry.kind, "")
    places = {"note": marked(UNSAID), "day": spoken(entry.happened_on)}
    if entry.kind not in QUOTED or not entry.note.strip():
        return filled(bare, places)
    if sendable(entry.note):
        return filled(done, places | {"note": _short(entry.note)})
    return filled(bare or done, places) if done else ""


def _loop(name: str, loop: Promise, now: datetime, say: Mapping[str, str]) -> str:
    """What is promised or asked, in the words of a loop that is late, at risk or neither."""
    how = "_late" if loop.overdue(now) else "_at_risk" if loop.at_risk and loop.owed_by == "me" else ""
    return filled(say[name + how], {"what": _short(loop.what), "due": _due(loop, now)})


def _thanked(made_of: Material, say: Mapping[str, str]) -> str:
    thanks = made_of.thanks
    if thanks is None:
        return ""
    noted = thanks.source == "help" and thanks.purpose is None  # the note of an entry, not what was asked for
    what = marked(UNSAID) if noted or not sendable(thanks.what) else _short(thanks.what)
    return filled(say[f"thanks_{thanks.source}"], {"what": what})


def _listed(head: str, lines: list[str]) -> str:
    return "\n".join([head, *(f"- {line}" for line in lines)])


def _due(promise: Promise, now: datetime) -> str:
    """The last day in time; for today the time too."""
    if promise.due_at is None:
        return ""
    due = promise.due_at.astimezone(now.tzinfo)
    day = last_day(due)
    if day != now.date():
        return spoken(day)
    return f"{due:%H:%M} today" if due.date() == day else "the end of today"


def _short(note: str) -> str:
    """A note as part of a sentence: one line, no full stop at its end, and not too long."""
    line = one_line(note[: 4 * LONGEST]).rstrip(" .;")
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def spoken(day: date) -> str:
    """`Friday 20 Nov`, as a mail says it."""
    return f"{DAY_NAMES[day.weekday()]} {short(day)}"


def tellable(kind: str) -> bool:
    """Whether a kind may stand in a mail."""
    return kind in KINDS and kind not in NEVER


def quotable(kind: str) -> bool:
    """Whether a mail may quote the notes of a kind."""
    return kind in QUOTED and kind not in NEVER
