"""A kick-off agreement as text and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from trustlog.domain.days import echo_day
from trustlog.domain.kickoffs import WINDOWS, Agreement, Amendment, Stage, blanks
from trustlog.domain.promises import Promise
from trustlog.domain.scripts import Field
from trustlog.domain.text import filled, one_line, visible
from trustlog.ui.text import Look, wrapped
from trustlog.view import picked
from trustlog.view.promises import OWED

Form = Mapping[str, Sequence[Field]]
"""The fields of each stage, in the order of their questions."""
Words = Mapping[str, Any]
"""What stages, states and fields are called (playbook/kickoff.toml)."""

_CHANGE = "number field old new reason effect made_on confirmed_on"


def data(agreement: Agreement, form: Form) -> dict[str, Any]:
    """The agreement as JSON; blanks are null."""
    names = [field.name for fields in form.values() for field in fields]
    return {
        "agreement": {
            **picked(agreement, "req uid title manager"), "kickoff_date": agreement.kickoff_on,
            **picked(agreement, "version status sent_on closed_on"),
            "stages": [_stage(agreement, stage, form.get(stage.name, ())) for stage in agreement.stages],
            "amendments": [picked(change, _CHANGE) for change in agreement.amendments],
            "blanks": blanks(agreement, names),
        }
    }  # fmt: skip


def _stage(agreement: Agreement, stage: Stage, fields: Sequence[Field]) -> dict[str, Any]:
    answers: dict[str, Any] = {field.name: None for field in fields} | stage.fields
    if stage.name == "recap":  # what the recap tells of itself
        answers |= {
            "email_sent_on": agreement.sent_on, "confirmed_on": stage.confirmed_on,
            "confirmed_how": stage.confirmed_how,
        }  # fmt: skip
    stands = picked(stage, "name state agreed_on confirmed_on confirmed_how")
    return {"stage": stage.number} | stands | {"fields": answers}


def list_data(agreements: Sequence[Agreement]) -> dict[str, Any]:
    """Several as JSON, a line each."""
    return {
        "agreements": [
            picked(agreement, "req title manager status")
            | {"kickoff_date": agreement.kickoff_on, "version": agreement.version}
            for agreement in agreements
        ]
    }


def lines(agreements: Sequence[Agreement], look: Look) -> str:
    """Several: each role, whose it is, and how it stands."""
    return "\n".join("\n  ".join(_head(agreement, look)) for agreement in agreements)


def summary(agreement: Agreement, words: Words, look: Look) -> str:
    """The head of an agreement and how each stage stands."""
    return "\n".join([*_head(agreement, look), *(_stage_line(stage, words, look) for stage in agreement.stages)])


def page(agreement: Agreement, form: Form, words: Words, look: Look) -> str:
    """The whole agreement: what was said, how it stands, what is open, what was changed since."""
    lines = _head(agreement, look)
    for stage in agreement.stages:
        fields = form.get(stage.name, ())
        names = dict.fromkeys([*(field.name for field in fields), *stage.fields])
        lines += ["", _stage_line(stage, words, look)]
        for name in names:
            value = stage.fields.get(name)
            if value not in (None, []):
                lines += _said(label(words, name), value, words, look)
        required = {field.name for field in fields if field.required}
        for heading, wanted in (("open", True), ("may stay open", False)):
            named = [label(words, name) for name in blanks(agreement, names) if (name in required) is wanted]
            if named:
                lines += _said(heading, "; ".join(named), words, look, "due" if wanted else "dim")
    for change in agreement.amendments:
        lines += ["", *_change(change, words, look)]
    return "\n".join(lines)


def left_lines(left: Sequence[Stage]) -> list[str]:
    """The stages that a confirmation left as they are."""
    written = [f"{stage.name} ({stage.state})" for stage in left if stage.state != "open"]
    unsaid = [stage.name for stage in left if stage.state == "open"]
    lines = [f"Left as it is: {', '.join(written)}"] if written else []
    return [*lines, f"Left open, for nothing is written there: {', '.join(unsaid)}"] if unsaid else lines


def duties_line(loops: Sequence[Promise]) -> str:
    """The duties with a day that are open loops now; empty without any."""
    listed = "; ".join(f"{loop.ref} {OWED[loop.owed_by].lower()}: {loop.what}" for loop in loops)
    return f"Duties with a day, now open: {listed}" if loops else ""


def label(words: Words, name: str) -> str:
    """What a field is called; the name itself for one of the user's own."""
    return str(words["labels"].get(name, name.replace("_", " ")))


def spoken(value: Any, words: Words) -> str:
    """A value of any field in one text; lists with semicolons."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{words['windows'].get(name, name)} {length}" for name, length in value.items())
    return "; ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _head(agreement: Agreement, look: Look) -> list[str]:
    facts = [
        f"Version {agreement.version}, {agreement.status.replace('-', ' ')}",
        f"kick-off {echo_day(agreement.kickoff_on)}",
    ]
    facts += [f"sent {echo_day(agreement.sent_on)}"] if agreement.sent_on else []
    title = f"{look.paint(visible(agreement.title), 'strong')} · {visible(agreement.manager_name)}"
    return [f"{title} · {look.paint(visible(agreement.req), 'accent')}", look.paint(", ".join(facts), "dim")]


def _stage_line(stage: Stage, words: Words, look: Look) -> str:
    places = {
        "agreed_on": echo_day(stage.agreed_on) if stage.agreed_on else "",
        "confirmed_on": echo_day(stage.confirmed_on) if stage.confirmed_on else "",
        "how": words["ways"].get(stage.confirmed_how, ""),
    }
    state = filled(words["states"][stage.state], places)
    width = max(len(name) for name in words["stages"].values())
    head = f"  {look.paint(str(stage.number), 'accent')}  {words['stages'][stage.name]}"
    if look.terminal and look.width < 80:
        return f"{head}\n     {look.paint(state, 'dim')}"
    return f"{head}{' ' * (width - len(words['stages'][stage.name]))}  {look.paint(state, 'dim')}"


def _said(name: str, value: Any, words: Words, look: Look, style: str = "dim") -> list[str]:
    """A label and what was said, broken between words under itself on a terminal."""
    parts = [str(part) for part in value] if isinstance(value, list) else spoken(value, words).split("\n")
    beside = look.width >= 60
    indent = " " * (27 if beside else 7)
    room = max(20, look.width - len(indent))
    lines = [line for part in parts for line in (wrapped(visible(part), room) if look.terminal else [visible(part)])]
    head = f"     {look.paint(f'{name:<20}', style)}"
    if beside and len(name) <= 20:
        return [f"{head}  {lines[0]}", *(f"{indent}{line}" for line in lines[1:])]
    return [head.rstrip(), *(f"{indent}{line}" for line in lines)]


def _change(amendment: Amendment, words: Words, look: Look) -> list[str]:
    stands = f"confirmed {echo_day(amendment.confirmed_on)}" if amendment.confirmed_on else "waits for a yes in writing"
    head = f"  Update {amendment.number} of {echo_day(amendment.made_on)}, {label(words, amendment.field)}"
    parts = (
        ("was", changed(amendment)[0]),
        ("now", changed(amendment)[1]),
        ("because", amendment.reason),
        ("it means", amendment.effect),
    )
    lines = [line for name, value in parts for line in _said(name, one_line(spoken(value, words)), words, look)]
    return [f"{head}  {look.paint(stands, 'dim')}", *lines]


def changed(amendment: Amendment) -> tuple[Any, Any]:
    """The old and the new text; of windows those that differ, None as a dash."""
    old, new = amendment.old, amendment.new
    if amendment.field == "windows":
        before, after = WINDOWS | (old or {}), WINDOWS | (new or {})
        differ = [name for name in after if before.get(name) != after[name]]
        return {name: before[name] for name in differ}, {name: after[name] for name in differ}
    return ("–" if old in (None, []) else old), ("–" if new in (None, []) else new)
