"""The whole kick-off as one text for an editor: a header line for each field, the answer below it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from trustlog.domain.answers import BadAnswerError, check, parse
from trustlog.domain.script import Field
from trustlog.errors import UserError

HEAD = "# Write below a line in [brackets]; what stays empty stays open. Lists: one item a line."
_HEADER = re.compile(r"\[([a-z0-9_]+)\]")
_ESCAPED = re.compile(r"\\*[\[#]")


def written(title: str, fields: Sequence[Field], answers: Mapping[str, Any]) -> str:
    """The form with what was said so far, and suggestions as comments below what is blank."""
    blocks = [f"# {title}\n{HEAD}\n"]
    for field in fields:
        value = answers.get(field.name)
        lines = [f"[{field.name}] {field.ask}"]
        if value in (None, []):
            lines += [f"# - {one}" for one in field.suggest]
        blocks.append("\n".join([*lines, *_lines(value)]) + "\n")
    return "\n".join(blocks)


def read(form: str, before: str, fields: Sequence[Field]) -> dict[str, Any]:
    """The answers that differ from the form as it was; an emptied one is None. Raises UserError `bad-field`."""
    known = {field.name: field for field in fields}
    then, now = _blocks(before, known, before), _blocks(form, known, before)
    changed = {name: said for name, said in now.items() if said != then.get(name)}
    return {name: _value(known[name], said) for name, said in changed.items()}


def _lines(value: Any) -> list[str]:
    """A value as lines; a line that would look like a header is escaped with a backslash."""
    if value in (None, []):
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, dict):
        return [", ".join(f"{name} {length}" for name, length in value.items())]
    lines = [f"- {one}" for one in value] if isinstance(value, list) else str(value).split("\n")
    return [f"\\{line}" if _ESCAPED.match(line) else line for line in lines]


def _blocks(form: str, known: Mapping[str, Field], before: str) -> dict[str, str]:
    """What stands below each header. Our own comments are no answers."""
    comments = {line for line in before.split("\n") if line.startswith("# ")}
    blocks: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in form.replace("\r\n", "\n").split("\n"):
        header = _HEADER.match(line)
        if header and header[1] in known:
            if header[1] in blocks:
                raise UserError("bad-field", f"[{header[1]}] stands twice", "Keep one of them.")
            lines = blocks[header[1]] = []
        elif line.rstrip() not in comments:
            lines.append(line[1:] if line.startswith("\\") and _ESCAPED.match(line) else line)
    return {name: "\n".join(said).strip() for name, said in blocks.items()}


def _value(field: Field, said: str) -> Any:
    if not said:
        return None
    try:
        if field.type == "list":
            items = [line.strip().removeprefix("-").strip() for line in said.split("\n")]
            return check(field, [one for one in items if one])
        return check(field, parse(field, said))
    except BadAnswerError as error:
        raise UserError("bad-field", f"{field.name}: {error}", "Mend it and try again; nothing was saved.") from error
