"""What others get: the email after a kick-off, a mail as text, as a file or as a link, and the letter of `handover`.

The letter has no figures, nothing of the second drawer and no hard words.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from trustlog.domain import people
from trustlog.domain.days import echo_day, last_day
from trustlog.domain.kickoffs import Agreement, Amendment, Stage, blanks, standing, windows
from trustlog.domain.letters_brief import Handover
from trustlog.domain.scripts import brackets
from trustlog.domain.text import filled, one_line, places_of, visible
from trustlog.view.kickoffs import Form, Words, changed, label, spoken

FORMATS = ("text", "eml", "mailto")
LONG_LINK = 2000
"""Letters of a mailto link from which on some mail programs cut it."""
INDENT = "   "
PRIVATE = ("team_context", "sell_points", "past_lessons", "worries")
"""What the recruiter hears for their own use; no email speaks of it."""
_WORDS = re.compile(r"[A-Za-z0-9'-]+( [A-Za-z0-9'-]+)*")
_CRLF = "\r\n"
_LINE = 70
"""Letters of a name and an address that stand on one line of a message file."""


class Sending(NamedTuple):
    """What the email says beside the agreement: to whom, from whom, and its two dates."""

    to: str | None
    recruiter: str
    confirm_by: date
    start_on: date


class Letter(NamedTuple):
    """An email, to be changed and sent by hand. `to` is None if no address is known."""

    name: str
    to: str | None
    subject: str
    body: str


def letter(agreement: Agreement, form: Form, words: Words, how: Sending) -> Letter:
    """The email as it stands now."""
    mail = words["email"]
    places = {
        "title": agreement.title, "kickoff_date": echo_day(agreement.kickoff_on), "recruiter": how.recruiter,
        "manager_first": people.first_name(agreement.manager_name, agreement.manager),
        "version": str(agreement.version), "confirm_by": echo_day(how.confirm_by),
        "start_date": echo_day(how.start_on),
    }  # fmt: skip
    parts = [filled(mail["opening"], places)]
    shown = {stage.name: lines for stage in agreement.stages if (lines := _talked(agreement, stage, words)) is not None}
    shown["recap"] = [*shown.get("recap", []), *_questions(agreement, form, words, list(shown))]
    parts += [
        _section(agreement.stage(name), lines or [mail["all_settled"]] if name == "recap" else lines, words, number)
        for number, (name, lines) in enumerate(shown.items(), 1)
    ]
    parts += [
        _update(agreement, change, words) for change in standing(agreement.amendments) if change.field not in PRIVATE
    ]
    parts += [mail["closing"], filled(mail["signature"], places).strip()]
    return Letter(
        agreement.manager_name,
        how.to,
        one_line(filled(mail["subject"], places)),
        "\n\n".join(part.strip("\n") for part in parts),
    )


def written(letter: Letter, form: str) -> bytes:
    """The email as one of FORMATS: to read or copy, as a file for a mail program, or as a link."""
    if form == "eml":
        return eml(letter)
    return f"{text(letter) if form == 'text' else mailto(letter)}\n".encode()


def asides(letter: Letter, form: str, handle: str, length: int) -> list[str]:
    """What is said beside an email of so many characters."""
    addressed = (form == "text" and not letter.to) or address(letter) is not None
    lines = (
        "" if addressed else f"No address is known. Note it with: trustlog manager edit {handle} --email ADDRESS",
        "Some mail programs cut links as long as this one; --format eml is the safe way."
        if form == "mailto" and length > LONG_LINK
        else "",
    )
    return [line for line in lines if line]


def text(letter: Letter) -> str:
    """The email to read or to copy."""
    to = address(letter)
    head = f"To: {to}\n" if to else ""
    return visible(f"{head}Subject: {letter.subject}\n\n{letter.body}")


def eml(letter: Letter) -> bytes:
    """A message file that mail programs open as a draft."""
    from email.message import EmailMessage  # 20 ms, only for a file
    from email.policy import SMTP, SMTPUTF8

    to = address(letter) or ""
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["Subject"] = letter.subject
    message["X-Unsent"] = "1"
    message.set_content(f"{letter.body}\n", cte="quoted-printable")
    return (_receiver(" ".join(one_line(letter.name).split()), to).encode() if to else b"") + message.as_bytes()


def _receiver(name: str, address: str) -> str:
    """The line of the one receiver, folded before the address only.

    Where `email` folds inside a name (before Python 3.14) its quotes are lost, and a comma begins a second receiver.
    """
    if not _WORDS.fullmatch(name):
        if name.isascii() and "=?" not in name:
            name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        else:  # encoded words hide every sign that would mean something (RFC 2047)
            from email.header import Header  # loaded by EmailMessage already

            name = Header(name, "utf-8", header_name="To").encode(linesep=_CRLF)
    return f"To: {name}{_CRLF if len(name) + len(address) > _LINE else ''} <{address}>{_CRLF}"


def mailto(letter: Letter) -> str:
    """A link that opens the mail program with a draft."""
    from urllib.parse import quote  # 3 ms, only for a link

    subject, body = quote(letter.subject, safe=""), quote(letter.body.replace("\n", "\r\n"), safe="")
    return f"mailto:{quote(address(letter) or '', safe='@')}?subject={subject}&body={body}"


def address(letter: Letter) -> str | None:
    """The address, if it is a plain one."""
    return letter.to if letter.to is not None and people.is_address(letter.to) else None


def _talked(agreement: Agreement, stage: Stage, words: Words) -> list[str] | None:
    """What a section says; None for a stage that was never talked about, which has none."""
    lines = [line for template in words["email"]["lines"][stage.name] for line in _line(agreement, template, words)]
    answered = any(value not in (None, []) for name, value in stage.fields.items() if name not in PRIVATE)
    return lines if answered or stage.agreed_on is not None or stage.state == "disputed" else None


def _section(stage: Stage, lines: list[str], words: Words, number: int) -> str:
    heading = f"{number}. {words['stages'][stage.name]} {words['email']['marks'][stage.state]}"
    return "\n".join([heading, *(f"{INDENT}{line}" for line in lines)])


def _line(agreement: Agreement, template: str, words: Words) -> list[str]:
    """A line of a section with what was said, marked if its change waits for a yes; nothing if nobody said anything."""
    values: dict[str, Any] = {**agreement.fields, "windows": windows(agreement)}
    names = places_of(template)
    if all(values.get(name) in (None, []) for name in names):
        return []
    waiting = [f"[update {change.number}] " for change in agreement.pending if change.field in names]
    several = next(
        (values[name] for name in names if isinstance(values.get(name), list) and len(values[name]) > 1), None
    )
    mark, nothing = "".join(waiting[-1:]), dict.fromkeys(names, "")
    if several is not None:
        head = mark + " ".join(filled(template, nothing).split())
        return [*([head.rstrip()] if head else []), *(f"- {item}" for item in several)]
    answers = {name: spoken(values[name], words) for name in names if values.get(name) not in (None, [])}
    return f"{mark}{filled(template, nothing | answers)}".split("\n")


def _questions(agreement: Agreement, form: Form, words: Words, shown: Sequence[str]) -> list[str]:
    """What the manager is asked: each blank that the plan needs, of the parts that were talked about; and whether
    there is time for the others.
    """
    mail, asked = words["email"], []
    for stage in agreement.stages:
        if stage.name in shown:
            needed = {field.name: field.ask for field in form.get(stage.name, ()) if field.required}
            asked += [mail["questions"].get(name, needed[name]) for name in blanks(agreement, needed)]
    left = [stage for stage in agreement.stages if stage.name not in (*shown, "recap")]
    return [f"- {question}" for question in [*asked, *([mail["rest"]] if left else [])]]


def _update(agreement: Agreement, change: Amendment, words: Words) -> str:
    mail = words["email"]
    places = {"number": str(change.number), "title": agreement.title, "label": label(words, change.field)}
    if change.confirmed_on is not None:
        return filled(mail["updated"], places | {"confirmed_on": echo_day(change.confirmed_on)})
    old, new = (mail["nothing"] if value == "–" else spoken(value, words) for value in changed(change))
    changes = {"old": old, "new": new, "reason": change.reason, "effect": change.effect}
    return filled(mail["update"], places | {name: text.rstrip(" .") for name, text in changes.items()})


SETTLED = ("agreed", "confirmed")
"""The states of a stage whose text is agreed."""
SAID = (*SETTLED, "proposed")
"""The states of a stage whose text is at least theirs."""
PEOPLE = ("decision_maker", "backup", "interviewers")
WAYS = ("channel", "windows", "slip_rule")
NOT_TOLD = (*PRIVATE, *PEOPLE, *WAYS, "comp_range", "fairness_check", "open_points", "calibration")
"""What was told in confidence, is about pay, or stands in another part."""


def handover_text(handover: Handover, words: Words, kickoff: Words) -> str:
    """The letter, to be read and changed before anybody gets it. `kickoff` names the fields of agreements."""
    first = handover.manager.first_name
    # before anything that a person typed stands in them
    words = {**words, "lines": {name: line.replace("{first}", first) for name, line in words["lines"].items()}}
    places = {"name": handover.manager.name, "first": first, "me": handover.sender or words["nobody"]}
    helped = [
        filled(words["lines"]["helped"], {"did": one_line(did), "changed": one_line(changed)})
        for did, changed in handover.praised
    ]
    parts = [filled(words[name], places) for name in ("first_line", "greeting", "opening")[handover.held :]]
    for name, lines in (
        ("agreed", _agreed(handover, words, kickoff)),
        ("mine", _loops(handover, "me", words)), ("theirs", _loops(handover, "them", words)),
        ("ways", _ways(handover, words, kickoff)),
        ("helps", [*helped, words["lines"]["more_helps"]]),
        ("people", [*_fields(handover, PEOPLE, words, kickoff), words["lines"]["more_people"]]),
    ):  # fmt: skip
        if handover.held and name == "helps":
            continue
        told_lines = "\n".join(f"- {line}" for line in lines)
        parts.append(f"{filled(words['headings'][name], places)}\n{told_lines}")
    return visible("\n\n".join([*parts, filled(words["sign_off"], places)])) + "\n"


def handover_data(handover: Handover, letter: str, file: str | None) -> dict[str, Any]:
    """As JSON; `open` is what is left to fill in."""
    return {"manager": handover.manager.handle, "text": letter, "open": brackets(letter), "file": file}


def _agreed(handover: Handover, words: Words, kickoff: Words) -> list[str]:
    lines = words["lines"]
    agreed = []
    for agreement in handover.agreements:
        places = {"title": one_line(agreement.title), "day": echo_day(agreement.kickoff_on)}
        agreed.append(filled(lines["role"], places))
        for name, value in _said(agreement, SETTLED).items():
            if name not in NOT_TOLD and value not in (None, [], ""):
                agreed.append(_part(name, value, words, kickoff))
        waiting = [kickoff["stages"][stage.name] for stage in agreement.stages[:-1] if stage.state not in SETTLED]
        agreed += [filled(lines["waiting"], {"stages": ", ".join(waiting)})] if waiting else []
    return agreed or [lines["no_role"]]


def _said(agreement: Agreement, states: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for stage in agreement.stages if stage.state in states for name, value in stage.fields.items()}


def _part(name: str, value: Any, words: Words, kickoff: Words) -> str:
    answer = one_line(spoken(value, kickoff))
    return filled(words["lines"]["part"], {"label": label(kickoff, name), "said": answer})


def _fields(handover: Handover, names: tuple[str, ...], words: Words, kickoff: Words) -> list[str]:
    """What the agreements say in some fields, each sentence once."""
    parts = [
        _part(name, value, words, kickoff)
        for agreement in handover.agreements
        for name, value in _said(agreement, SAID).items()
        if name in names and value not in (None, [], {}, "")
    ]
    return list(dict.fromkeys(parts))


def _loops(handover: Handover, side: str, words: Words) -> list[str]:
    loops = [loop for loop in handover.loops if loop.owed_by == side]
    nothing = words["lines"]["no_mine" if side == "me" else "no_theirs"]
    dues = [echo_day(last_day(loop.due_at.astimezone())) if loop.due_at else "" for loop in loops]
    return [
        filled(words["lines"]["loop" if due else "loop_undated"], {"what": one_line(loop.what), "due": due})
        for loop, due in zip(loops, dues, strict=True)
    ] or [nothing]


def _ways(handover: Handover, words: Words, kickoff: Words) -> list[str]:
    lines, manager = words["lines"], handover.manager
    parts = _fields(handover, WAYS, words, kickoff)
    parts += [filled(lines["plate"], {"what": one_line(manager.on_their_plate)})] if manager.on_their_plate else []
    parts += [filled(lines["likes"], {"what": one_line(manager.likes)})] if manager.likes else []
    if manager.public_praise_ok is not None:
        parts.append(lines["public_yes" if manager.public_praise_ok else "public_no"])
    return [*parts, lines["more_ways"]]
