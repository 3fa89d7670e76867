"""The second drawer: boundary checks, and the recruiter's own page and practice."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from trustlog.domain import me, me_works, report_around
from trustlog.domain import private as private_domain
from trustlog.domain.people import Manager
from trustlog.domain.report import LOOKING_BACK
from trustlog.domain.text import BadAnswerError, filled
from trustlog.errors import UserError
from trustlog.services import people_forget, sync
from trustlog.services.conversations_answers import NOT_SAVED
from trustlog.store import conversations, entries, own_files, people_rows, praise, promises
from trustlog.store import private as private_store
from trustlog.store.journal import Journal
from trustlog.store.snapshots import Snapshots

Words = Mapping[str, Any]


def record(journal: Journal, manager: Manager, on: date, answers: Mapping[str, bool]) -> None:
    """Keep what was answered about a day, as one change; where nothing was, nothing is written."""
    if not answers:
        return
    with journal.change("boundary"):  # not with whom: the list of changes is no part of the own drawer
        with journal.recording(None):
            private_store.drop_check_draft(journal, manager.id)
        private_store.add_check(journal, manager.id, on, answers)


def keep(journal: Journal, manager: Manager, on: date, answers: Mapping[str, bool]) -> None:
    """Keep what was answered so far as a draft."""
    with journal.draft():
        private_store.keep_check_draft(journal, manager.id, on, answers)


def let_go(journal: Journal, manager: Manager) -> None:
    """Let go of a draft."""
    with journal.draft():
        private_store.drop_check_draft(journal, manager.id)


def noted_lately(journal: Journal, manager: Manager, on: date) -> bool:
    """Whether the lists were gone through today or yesterday, and something was ticked."""
    return any(0 <= (on - yes.on).days <= 1 for yes in private_store.boundary_notes(journal, manager.id).yeses)


def clear(journal: Journal, manager: Manager, on: date) -> None:
    """Keep that the recruiter lifts the restriction, as one change."""
    with journal.change("boundary --clear"):
        private_store.clear_level(journal, manager.id, on)


def told(journal: Journal, manager: Manager, on: date, words: Words, own: Words) -> private_domain.Told:
    """What the notes with a manager come to on a day; `own` is the recruiter's own page, or nothing of it."""
    history = private_store.boundary_notes(journal, manager.id)
    standing = private_domain.standing(history, on)
    restricted = private_domain.restriction(history, on) is not None
    crossed = private_domain.crossed(history, on) if standing.level == "L0" else ()
    said = _level(words, standing, restricted)
    if standing.level == "L0" and (crossed or restricted):
        # a note that counts is never answered with nothing
        earlier = restricted or min(crossed) < on
        said = "\n".join([*([words["crossed"]] if crossed else []), *([words["still"]] if earlier else [])])
    asked_for = standing.level != "L0" or standing.impact or bool(crossed) or restricted
    said = f"{said}\n{words['support_line']}" if asked_for else said
    text, private = (_text(said, words, manager, one) for one in ({}, own))
    unsure = {"line_crossed": "not_sure"} if standing.level == "L1" else {}
    notes = tuple((day, words["short"][unsure.get(question, question)]) for day, question in standing.notes)
    notes += tuple((day, words["short"]["line_crossed"]) for day in crossed)
    return private_domain.Told(manager.handle, standing, restricted, text, private, notes)


def _level(words: Words, standing: private_domain.Standing, restricted: bool) -> str:
    """What is said at the level, as far as it is true."""
    text: str = words["levels"].get(standing.level, words["none_yet"])
    if len({day for day, _ in standing.notes}) == 1:
        text = text.replace(words["hard_often"], words["hard_once"])
    return text if restricted else text.replace(words["while_restricted"], "").rstrip()


def _text(text: str, words: Words, manager: Manager, own: Words) -> str:
    seniors = " or ".join(own.get("seniors", [])) or words["people"]["senior"]
    contacts = ", ".join([*own.get("seniors", []), *own.get("contacts", [])]) or words["people"]["contacts"]
    return filled(text, {"senior": seniors, "contacts": contacts, "handle": manager.handle})


PARTS = ("settle", "sentence", "words", "person", "talk", "line")
"""In the order in which they help."""
DRAFTS = ("move", "in-writing", "bring-someone", "tomorrow")
"""The ready words; the first three are those of a preparation."""


def support(words: Words, own: Words, drafts: Mapping[str, str], manager: Manager | None) -> private_domain.Support:
    """The page, with one's own people and sentences where `own` may be shown, and `drafts` of a preparation."""
    page = words["support"]
    handle = manager.handle if manager else "MANAGER"
    lines = {
        "settle": [page["settle"]["text"]],
        "sentence": sentences(page, own),
        "words": [f"{page['words'][name]}: {text}" for name, text in ready(page, drafts, manager).items()],
        "person": [filled(page["person"]["known"], {"people": people})] if (people := people_of(own))
        else [page["person"]["text"]],
        "talk": [filled(page["talk"]["text"], {"handle": handle})],
        "line": [filled(page["line"]["text"], {"handle": handle})],
    }  # fmt: skip
    parts = tuple(
        private_domain.SupportPart(name, page[name]["title"], tuple("\n".join(lines[name]).split("\n")))
        for name in PARTS
    )
    return private_domain.Support(
        manager.handle if manager else None, page["page"], tuple(page["shaken"]), parts, page["crisis"]
    )


def sentences(page: Words, own: Words) -> list[str]:
    """The sentences to choose from, one's own first."""
    return [*reversed(own.get("sentences", [])), *page["sentence"]["sentences"]]


def ready(page: Words, drafts: Mapping[str, str], manager: Manager | None) -> dict[str, str]:
    """The ready words, each with the first name of who was named."""
    texts = {**drafts, "tomorrow": page["words"]["tomorrow_draft"]}
    name = manager.first_name if manager else "[name]"
    return {draft: filled(texts[draft], {"first_name": name}) for draft in DRAFTS if draft in texts}


def people_of(own: Words) -> str:
    """One's own people with how to reach them, in one line; empty if nobody was named."""
    comfort = [
        f"{one['name']} ({one['how']})" if one.get("how") else one["name"] for one in own.get("comfort_people", [])
    ]
    return ", ".join([*comfort, *own.get("seniors", []), *own.get("contacts", [])])


class Wiped(NamedTuple):
    """How many rows went, the files beside the journal's own copies that may still hold them, and the texts that an
    editor left."""

    rows: int
    older_copies: list[str]
    kept: list[str]


def save_profile(journal: Journal, changes: Mapping[str, Any], added: Mapping[str, list[Any] | None]) -> dict[str, Any]:
    """Set fields and add to lists, as one change; the page as it is then. Raises UserError `bad-field`."""
    try:
        with journal.change("me", "your own page"):
            own, fields = private_store.load_profile(journal), dict(changes)
            for field, more in added.items():
                if more:
                    there = fields.get(field) or own.get(field, [])
                    named = [one["name"] for one in there if isinstance(one, dict) and "name" in one]
                    fields[field] = [*there, *(one for one in more if one not in [*there, *named])]
            private_store.save_profile(
                journal, {field: private_domain.check(field, value) for field, value in fields.items()}
            )
            return private_store.load_profile(journal)
    except BadAnswerError as error:
        raise UserError("bad-field", str(error), NOT_SAVED) from error


def wipe_reflections(shelf: Snapshots, now: datetime) -> Wiped:
    """Delete moods, feelings, boundary answers, free writing and the page, here and in the journal's copies.

    Raises UserError `damaged`, and `conflict` if somebody has the journal open; then nothing was deleted.
    """

    def wipe(journal: Journal) -> int:
        return people_rows.wipe_reflections(journal, lambda: sync.scrub(journal))

    rows = people_forget.remove(shelf, "wipe", wipe, now).result
    ours = {snapshot.name for snapshot in shelf.all()}
    left = {file.name for file in shelf.folder.glob("*.db")} - ours if shelf.folder.exists() else set()
    return Wiped(rows, sorted(left), [str(path) for path in own_files.kept_texts(shelf)])


def practice_of(
    journal: Journal, since: date, at: datetime, *, timed: bool, working_week: bool
) -> report_around.Practice:
    """The practice of some days up to a moment; only one that was named (`timed`) cuts its day in two."""
    until, moment = at.date(), at if timed else None
    begin = since - LOOKING_BACK  # a reply may belong to an earlier request
    found = report_around.practice(
        entries.contacts(journal, begin, until, moment),
        conversations.all_conversations(journal),
        since,
        until,
        asks=promises.asks(journal, begin, at),
        working_week=working_week,
    )
    return found._replace(praise=praise.by_channel(journal, since, until, moment))


def forecasts_of(journal: Journal, at: datetime) -> me.Forecasts:
    """What became of every forecast by a moment."""
    talks = conversations.all_conversations(journal)
    days = private_store.answer_days(journal, at.date())
    told = [me.resolved(asked, at) for asked in private_store.forecasts(journal)]
    told += [me.of_talk(talk, days.get(talk.manager, ()), at.date()) for talk in talks]
    return me.forecasts([one for one in told if one is not None], me.feelings(talks))


def works_of(journal: Journal, at: datetime, *, working_week: bool) -> me_works.Works:
    """What followed the steps that were done, up to a moment."""
    steps = private_store.steps_done(journal, at)
    pasts = private_store.pasts(journal, {step.manager for step in steps}, at)
    return me_works.what_works(steps, pasts, at.date(), working_week=working_week)
