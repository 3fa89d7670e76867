"""Where the answers of a kick-off come from: flags, a file, the editor, or questions at a terminal."""

from typing import Annotated, Any, NamedTuple

import typer

from trustlog.commands import flow, kickoff_form
from trustlog.commands.flow_questions import BEGUN, YES_NO, filled
from trustlog.domain.agreement import STAGES, WINDOWS, Agreement, StageName
from trustlog.domain.script import Field, Script
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.services import answering, kickoffs
from trustlog.services.kickoffs import Role
from trustlog.session import Session
from trustlog.store import agreements, drafts

# not those of sitting.py, which loads Rich (19 ms)
Answers = Annotated[str | None, typer.Option("--answers", metavar="FILE|-", help="Answers as JSON: field to value.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="One answer; repeats.")]
AGREED = "agreed:"
"""Stands before the name of a stage in a draft: whether both said yes."""


class Begun(NamedTuple):
    """A kick-off before it is written down: its role, its script, what stands already and what a draft kept."""

    role: Role
    script: Script
    agreement: Agreement | None
    draft: dict[str, Any]

    @property
    def open_stages(self) -> list[StageName]:
        """The stages that are still to be talked about."""
        one = self.agreement
        return [name for name in STAGES if one is None or one.stage(name).agreed_on is None]

    @property
    def open_fields(self) -> list[Field]:
        return [field for name in self.open_stages for field in self.script.by_stage().get(name, ())]

    @property
    def answers(self) -> dict[str, Any]:
        """What was said before: of the agreement, with the draft over it; a list that was begun counts."""
        known = {field.name for field in self.open_fields}
        said = self.agreement.fields if self.agreement else {}
        begun = {name.removeprefix(BEGUN): value for name, value in self.draft.items() if name.startswith(BEGUN)}
        kept = {name: value for name, value in {**begun, **self.draft}.items() if name in known}
        return {name: value for name, value in said.items() if name in known and value is not None} | kept


def begin(session: Session, role: Role) -> Begun:
    """What there is of the kick-off of a role."""
    agreement = agreements.of_req(session.store, role.req.code) if role.req else None
    script = session.playbook.script("kickoff")
    return Begun(role, script, agreement, drafts.load(session.store, kickoffs.FLOW, role.about))


def given(session: Session, begun: Begun, file: str | None, set_: list[str] | None) -> dict[str, Any]:
    """The answers of --answers and --set, checked. Raises UserError; then nothing is saved."""
    typed = checked(session, begun.script, begun.role, file, set_)
    said = {name: value for name, value in typed.items() if value is not None}
    if said.get("windows"):
        said["windows"] = (begun.answers.get("windows") or {}) | said["windows"]
    stage_of = kickoffs.stages_of(begun.script)
    for name in list(said):
        if begun.agreement is not None and stage_of[name] not in begun.open_stages:
            stands = begun.agreement.fields.get(name)
            usual = WINDOWS | (stands or {}) if name == "windows" else stands
            if usual | said[name] != usual if name == "windows" else said[name] != stands:
                raise kickoffs.agreed_before(begun.agreement, name, stage_of[name])
            del said[name]
    return said


def checked(session: Session, script: Script, role: Role, file: str | None, set_: list[str] | None) -> dict[str, Any]:
    """Typed answers to the fields of a script. Raises UserError `bad-field`."""
    known = script.fields()
    typed = flow.given(known, file, set_ or [])
    for name, command in kickoffs.DERIVED.items():
        if name in typed and name not in known:
            raise UserError("bad-field", f"{name} is noted by itself", f"See: trustlog {command} --help")
    return answering.checked(session.store, known, typed, role.manager, lambda text: session.moment(text).date())


def in_editor(session: Session, begun: Begun, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as the editor leaves them. What cannot be read may be mended there."""
    fields = [field._replace(ask=filled(field.ask, _names(begun))) for field in begun.open_fields]
    before = text = kickoff_form.written(visible(begun.role.title), fields, answers)
    while True:
        text = session.ask.editor(text, flag="--answers")
        try:
            return answers | kickoff_form.read(text, before, begun.open_fields)
        except UserError as error:
            if not session.ask.possible:
                raise
            session.screen.note(f"{error.message}.")
            if not session.ask.confirm("Open it again to mend it?", flag="--answers", default=True):
                raise


def walked(session: Session, begun: Begun, given: dict[str, Any]) -> tuple[dict[str, Any], list[StageName]]:
    """Ask what is not answered yet, stage by stage, each answer kept as a draft; and whether each was a yes."""
    words, names = session.playbook.kickoff, _names(begun)
    kept = begun.draft | given
    unfinished = {name: kept[name] for name in kept if name.startswith(BEGUN) and name.removeprefix(BEGUN) not in kept}
    answers = {name: value for name, value in begun.answers.items() if f"{BEGUN}{name}" not in unfinished} | given
    around = flow.Surroundings(names, {}, [], unfinished)

    def keep(answer: dict[str, Any]) -> None:
        kept.update(answer)
        kickoffs.keep(session.store, begun.role.about, kept)

    session.screen.note("Going on where you stopped." if begun.draft else begun.script.notes["opening"])
    if given:
        keep(given)
    try:
        for stage in begun.open_stages:
            prompts = tuple(one for one in begun.script.prompts if (one.stage or "recap") == stage)
            if any(one.name not in answers for prompt in prompts for one in prompt.fields):
                session.screen.note(f"\n{STAGES.index(stage) + 1}  {words['stages'][stage]}")
            flow.walk(session, begun.script._replace(prompts=prompts), 15, answers, around, keep)
            said_something = any(answers.get(one.name) is not None for prompt in prompts for one in prompt.fields)
            if said_something and f"{AGREED}{stage}" not in kept:
                message = begun.script.notes["right"]
                said = session.ask.choose(message, YES_NO, flag=f"--agreed {stage}", default="")
                keep({f"{AGREED}{stage}": said == "yes"})
    except (KeyboardInterrupt, EOFError):
        if kept:
            session.screen.note(f"Kept as a draft. Go on with: trustlog kickoff start {_typed(begun.role)}")
        raise
    return answers, [stage for stage in begun.open_stages if kept.get(f"{AGREED}{stage}")]


def drafted_yes(begun: Begun) -> list[StageName]:
    """The stages to which a draft already had a yes."""
    return [stage for stage in begun.open_stages if begun.draft.get(f"{AGREED}{stage}")]


def _names(begun: Begun) -> dict[str, str]:
    usual = ", ".join(f"{name} {length}" for name, length in WINDOWS.items())
    return {
        "manager": begun.role.manager.name, "first_name": begun.role.manager.first_name, "windows": usual,
        "more": begun.script.notes["more"], "tick": begun.script.notes["tick"],
    }  # fmt: skip


def _typed(role: Role) -> str:
    """The words of the command line that mean a role."""
    from shlex import quote  # 1 ms, only after Ctrl-C

    return quote(role.req.code) if role.req else f"{role.manager.handle} {quote(role.title)}"
