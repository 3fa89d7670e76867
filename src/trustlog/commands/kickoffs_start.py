"""Which role is kicked off, and where its answers come from: flags, a file, a draft, or questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from trustlog.commands import asking, asking_fields, options, people_named
from trustlog.commands.asking_fields import BEGUN, YES_NO
from trustlog.domain.kickoffs import STAGES, WINDOWS, Agreement, StageName
from trustlog.domain.scripts import Script
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import conversations_answers, kickoffs, kickoffs_roles
from trustlog.services.kickoffs_roles import CODE, KickoffRole
from trustlog.session import Session
from trustlog.store import kickoffs as kickoffs_store
from trustlog.ui.ask import Option, needed
from trustlog.view import kickoffs as view

AGREED = "agreed:"
"""Stands before the name of a stage in a draft: whether both said yes."""
WHEN = "role:when"
"""Where a draft keeps the day of the kick-off, if one was given."""

MINUTES = "role:minutes"
"""Where a draft keeps which version was chosen."""
VERSIONS = {"10": 5, "30": 15}
"""How many minutes a kick-off takes, and the version of its script that asks so much."""

TITLED = needed("A few words, such as Data analyst.")
OR_DROP = " (--drop lets go of it)"


class Begun(NamedTuple):
    """A kick-off before it is written down: its role, its script, what stands already and what a draft kept.

    `details` is what was typed beside the answers and has to be in the draft too.
    """

    role: KickoffRole
    script: Script
    agreement: Agreement | None
    draft: dict[str, Any]
    at: datetime
    details: dict[str, Any]

    @property
    def open_stages(self) -> list[StageName]:
        """The stages that are still to be talked about; what was once agreed is changed with amend."""
        agreement = self.agreement
        return [name for name in STAGES if agreement is None or agreement.stage(name).first_agreed is None]

    @property
    def answers(self) -> dict[str, Any]:
        """What was said before: of the agreement, with the draft over it; a list that was begun counts."""
        known = {field.name for name in self.open_stages for field in self.script.by_stage().get(name, ())}
        answers = self.agreement.fields if self.agreement else {}
        begun = {name.removeprefix(BEGUN): value for name, value in self.draft.items() if name.startswith(BEGUN)}
        kept = {name: value for name, value in {**begun, **self.draft}.items() if name in known}
        return {name: value for name, value in answers.items() if name in known and value is not None} | kept


def role(session: Session, who: str, title: str | None, code: str | None, *, create: bool) -> KickoffRole:
    """The role that is meant: by its code, by a manager and a title, or by a manager's only draft. Raises UserError."""
    whose = kickoffs_roles.whose(session.store, who) if title is None else None
    if title is not None:
        who = people_named.manager(session, who, create=create).handle
    elif whose is None:
        try:
            return kickoffs_roles.by_code(session.store, who)
        except UserError:
            if not create and not session.ask.possible:
                raise
        whose = people_named.manager(session, who, create=create)
        who = whose.handle
    if whose is not None:
        kept = kickoffs_roles.drafted(session.store, whose)
        if len(kept) == 1:
            return kept[0][1]
        for _, drafted in kept:
            session.screen.hint(f"Begun before: trustlog kickoff start {named(drafted)}{OR_DROP}")
        title = session.ask.text("What is the role called?", flag="TITLE, after the manager", check=TITLED)
    return kickoffs_roles.role(session.store, who, title or "", code)


def whose(session: Session) -> str:
    """What a kick-off without a word is about: the one that was begun, else whose role it is. Raises UserError."""
    kept = kickoffs_roles.unfinished(session.reading)
    if len(kept) == 1:
        return kept[0].req.code if kept[0].req else kept[0].manager.handle
    say_what_is_begun(session)
    flag = "trustlog kickoff start MANAGER"
    return people_named.name_typed(session, "Whose role is it?", people_named.somebody, flag=flag)


def begin(session: Session, role: KickoffRole, when: str | None, agreed: Sequence[StageName]) -> Begun:
    """What there is of the kick-off of a role. Raises UserError."""
    agreement = kickoffs_store.of_req(session.store, role.req.code) if role.req else None
    kept = kickoffs_roles.drafts_of(session.store, role)
    draft: dict[str, Any] = {}
    for earlier in reversed(kept):
        draft |= earlier.answers
    typed = when if when is not None else draft.get(WHEN)
    at = session.past(None if typed is None else str(typed), "Give today or an earlier day.")
    details: dict[str, Any] = {f"{AGREED}{stage}": True for stage in agreed}
    details |= {} if when is None else {WHEN: at.isoformat(timespec="seconds")}
    details |= {CODE: role.code} if role.req is None and role.code is not None else {}
    ids = [drafted.id for drafted in kept]
    for other, its in kickoffs_roles.drafted(session.store, role.manager):
        if other.id not in ids:
            session.screen.hint(f"Begun and not finished too: trustlog kickoff start {named(its)}{OR_DROP}")
    script = session.playbook.script("kickoff")
    return Begun(role, script, agreement, draft, at, details)


def given(session: Session, begun: Begun, file: str | None, set_: list[str] | None) -> dict[str, Any]:
    """The answers of --answers and --set, checked. Raises UserError; then nothing is saved."""
    typed = checked(session, begun.script, begun.role, file, set_)
    answers = {name: value for name, value in typed.items() if value is not None}
    if answers.get("windows"):
        answers["windows"] = (begun.answers.get("windows") or {}) | answers["windows"]
    return kickoffs.new_answers(begun.agreement, answers, begun.script)


def checked(
    session: Session, script: Script, role: KickoffRole, file: str | None, set_: list[str] | None
) -> dict[str, Any]:
    """Typed answers to the fields of a script. Raises UserError `bad-field`."""
    known = script.fields()
    labels = {str(words).lower(): name for name, words in session.playbook.kickoff["labels"].items()}
    names = labels | {name: name for name in known}
    said = [setting.partition("=") for setting in set_ or ()]
    named = [f"{names.get(name.strip().lower(), name)}{equals}{value}" for name, equals, value in said]
    typed = asking.given_answers(known, file, named)
    for name, command in kickoffs.DERIVED.items():
        if name in typed and name not in known:
            raise UserError("bad-field", f"{name} is noted by itself", f"See: trustlog {command} --help")
    return conversations_answers.checked_answers(
        session.store, known, typed, role.manager, lambda text: session.moment(text).date()
    )


def version(session: Session, begun: Begun, typed: str | None) -> int:
    """How long the walk may take: as typed, as the draft has it, or as the person says."""
    if typed is not None or MINUTES in begun.draft:
        return VERSIONS.get(str(typed or begun.draft[MINUTES]), VERSIONS["30"])
    words = begun.script.notes
    choices = (Option(words["ten"], "10"), Option(words["thirty"], "30"))
    usual = "10" if begun.agreement is None and not begun.draft else "30"
    return VERSIONS[str(session.ask.choose(words["minutes"], choices, flag="--minutes", default=usual))]


def walked(
    session: Session, begun: Begun, given: dict[str, Any], minutes: int
) -> tuple[dict[str, Any], list[StageName]]:
    """Ask what is not answered yet, stage by stage, each answer kept as a draft; and whether each was a yes."""
    words, names = session.playbook.kickoff, _places(begun.role, begun.script)
    chosen = next(name for name, version in VERSIONS.items() if version == minutes)
    kept = begun.draft | begun.details | given
    unfinished = {name: kept[name] for name in kept if name.startswith(BEGUN) and name.removeprefix(BEGUN) not in kept}
    answers = {name: value for name, value in begun.answers.items() if f"{BEGUN}{name}" not in unfinished} | given
    around = asking_fields.Surroundings(names, {}, [], unfinished)

    def keep(answer: dict[str, Any]) -> None:
        kept.update({MINUTES: chosen} | answer)
        kickoffs_roles.keep_draft(session.store, begun.role, kept)

    of = [prompt for prompt in begun.script.asked(minutes) if (prompt.stage or "recap") in begun.open_stages]
    about = f"{visible(begun.role.title)} with {visible(begun.role.manager.name)}"
    way = f"trustlog kickoff start {named(begun.role)} --drop"
    going_on = f"Going on where you stopped: {about}. To let go of it: {way}"
    session.screen.note(going_on if begun.draft else begun.script.notes["opening"])
    session.screen.aside(asking_fields.WAYS)
    if given or begun.details:
        keep(given)
    with asking.kept_as_draft(session, f"trustlog kickoff start {named(begun.role)}{OR_DROP}", lambda: kept):
        for stage in begun.open_stages:
            prompts = tuple(prompt for prompt in begun.script.asked(minutes) if (prompt.stage or "recap") == stage)
            if any(field.name not in answers for prompt in prompts for field in prompt.fields):
                session.screen.note(f"\n{STAGES.index(stage) + 1}  {words['stages'][stage]}")
            asking.walk(session, begun.script._replace(prompts=prompts), minutes, answers, around, keep, of)
            said_something = any(answers.get(field.name) is not None for prompt in prompts for field in prompt.fields)
            if said_something and f"{AGREED}{stage}" not in kept:
                message = begun.script.notes["right"]
                agreed = session.ask.choose(message, YES_NO, flag=f"--agreed {stage}", default="")
                keep({f"{AGREED}{stage}": agreed == "yes"})
    return answers, [stage for stage in begun.open_stages if kept.get(f"{AGREED}{stage}")]


def drafted_yes(begun: Begun) -> list[StageName]:
    """The stages to which a draft already had a yes."""
    return [stage for stage in begun.open_stages if begun.draft.get(f"{AGREED}{stage}")]


def amending(
    session: Session, found: Agreement, set_: list[str] | None, how: kickoffs.Amending
) -> tuple[kickoffs.Amending, bool]:
    """What is to say something else, of what was agreed also why, asked for where it is missing; and whether it was
    agreed. Raises UserError.
    """
    script, role = session.playbook.script("kickoff"), kickoffs_roles.by_code(session.reading, found.req)
    if set_:
        answers = checked(session, script, role, None, set_)
    elif session.ask.possible:
        answers = _amended(session, script, role, found)
    else:
        hint = f"Give it as --set field=value. The fields: trustlog kickoff show {found.req} --json"
        raise UserError("needs-answer", "nobody said what changes", hint)
    agreed, reason, effect = kickoffs.were_agreed(found, answers, script), how.reason, how.effect
    if agreed:
        check = needed("A few words go with what was agreed. Ctrl-C leaves.", asking_fields.a_line)
        if reason is None:
            reason = session.ask.text("Why does it change?", flag="--reason", check=check)
        if effect is None:
            effect = session.ask.text("What does it mean for the date or the people?", flag="--effect", check=check)
    return how._replace(answers=answers, reason=reason, effect=effect), agreed


def _amended(session: Session, script: Script, role: KickoffRole, found: Agreement) -> dict[str, Any]:
    """What was written down or agreed and is to say something else, asked for. Raises UserError."""
    words = session.playbook.kickoff
    said = {name: value for name, value in found.fields.items() if value not in (None, [])}
    fields = {
        field.name: field
        for stage in found.stages
        for field in script.by_stage().get(stage.name, ())
        if field.name in said or stage.first_agreed is not None
    }
    if not fields:
        raise UserError("conflict", "nothing is written down yet", f"Go on with: trustlog kickoff start {found.req}")
    choices = [Option(f"{view.label(words, name)}: {view.spoken(said.get(name, '–'), words)}", name) for name in fields]
    name = session.ask.choose("What changes?", choices, flag="--set field=value")
    around = asking_fields.Surroundings(_places(role, script), {}, [], {})
    answers = asking_fields.ask_field(session, fields[name], around, lambda _: None)
    if answers[name] is None:
        raise UserError("needs-answer", "nothing was said, so nothing changes", f"Give it as --set {name}=…")
    return answers


def _places(role: KickoffRole, script: Script) -> dict[str, str]:
    """What questions refer to."""
    usual = ", ".join(f"{name} {length}" for name, length in WINDOWS.items())
    return {
        "manager": role.manager.name, "first_name": role.manager.first_name, "windows": usual,
        "more": script.notes["more"], "tick": script.notes["tick"],
    }  # fmt: skip


def say_what_is_begun(session: Session) -> None:
    """The kick-offs that wait to be finished, each with the way back to it."""
    for unfinished in kickoffs_roles.unfinished(session.reading):
        session.screen.hint(f"Begun and not finished: trustlog kickoff start {named(unfinished)}{OR_DROP}")


def let_go(session: Session, role: KickoffRole, *, yes: bool) -> None:
    """Drop what was begun of a role, else what is written and not agreed. Raises UserError `conflict` if nothing is."""
    written = kickoffs_store.of_req(session.store, role.req.code) if role.req else None
    about, what = f"{visible(role.title)}, {visible(role.manager.name)}", "what was begun"
    if written is None or kickoffs_roles.drafts_of(session.store, role):
        kickoffs_roles.let_go(session.store, role)
        stays = f"What was written down before stays: trustlog kickoff show {written.req}" if written else ""
    else:
        kickoffs.droppable(session.store, written.req, session.now)
        what, question = "the kick-off", f"Let go of all that is written of the kick-off: {about}?"
        if not options.agreed(session, question, yes=yes, otherwise="Nothing was let go."):
            return
        kickoffs.drop(session.store, written.req, session.now)
        stays = ""
    session.show(
        role,
        lambda role: {"dropped": {"manager": role.manager.handle, "title": role.title}},
        lambda _, __: f"Let go of {what}: {about}.",
    )
    role_stays = f"The role stays; to close it: trustlog req close {role.req.code}" if role.req else ""
    session.screen.hint(stays or role_stays or "Nothing of it was written down, and no role was made.")


def named(role: KickoffRole) -> str:
    """The words of the command line that mean a role."""
    from shlex import quote  # 1 ms, only where a draft is spoken of

    return quote(role.req.code) if role.req else f"{role.manager.handle} {quote(role.title)}"
