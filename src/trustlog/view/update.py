"""A drafted update: to read, as a file for a mail program, or as a link to one."""

import re
from typing import Any

from trustlog.domain.coaching.updating import Update
from trustlog.view import data as values
from trustlog.view.look import Look

FORMATS = ("text", "eml", "mailto")
READ_THEM = "The lines come from your own notes; read them before you send."


def data(one: Update, form: str) -> dict[str, Any]:
    """As JSON; `formatted` is the file or the link, if one was asked for."""
    return {
        "manager": one.manager.handle, "req": one.req.code if one.req else None, "since": one.since.isoformat(),
        "to": one.manager.email, "subject": one.subject, "text": one.text, "left_out": one.left_out, "format": form,
        "formatted": None if form == "text" else _formatted(one, form),
        "entry": values.entry(one.entry) if one.entry else None,
    }  # fmt: skip


def mail(one: Update, form: str, look: Look) -> str:
    """Subject and text; on a terminal what is left to fill in stands out."""
    if form != "text":
        return _formatted(one, form)
    text = re.sub(r"\[[^\]\n]+\]", lambda hit: look.paint(hit[0], "due"), one.text)
    return f"{look.paint('Subject:', 'dim')} {one.subject}\n\n{text}"


def asides(one: Update, how: str) -> list[str]:
    """What is said beside the draft."""
    said = (
        READ_THEM,
        f"{one.left_out} more were left out; see: trustlog log {one.manager.handle}" if one.left_out else "",
        f"Copied, by {how}; the subject is above." if how else "",
        f"Noted as sent: #{one.entry.id}. trustlog undo takes that back." if one.entry else "",
    )
    return [line for line in said if line]


def _formatted(one: Update, form: str) -> str:
    from trustlog.view import email  # 3 ms, only for a file or a link

    letter = email.Letter(one.manager.name, one.manager.email, one.subject, one.text)
    if form == "mailto":
        return email.mailto(letter)
    return email.eml(letter).decode().replace("\r\n", "\n").removesuffix("\n")
