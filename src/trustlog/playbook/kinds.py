"""Short words for kinds, and the usual kinds and channels."""

from trustlog.domain.kinds import KINDS
from trustlog.playbook.checks import PlaybookError
from trustlog.playbook.files import Words


def kinds(words: Words) -> Words:
    """A kinds.toml as it is. Raises PlaybookError."""
    unknown = next((key for key in words if key not in ("aliases", "usual", "channels")), None)
    if unknown is not None:
        raise PlaybookError(f"{unknown!r} is not known here; there are aliases, usual and channels", unknown)
    aliases = words.get("aliases", {})
    if not isinstance(aliases, dict):
        raise PlaybookError("aliases must be a table", "aliases")
    for alias, kind in aliases.items():
        if kind not in KINDS:
            raise PlaybookError(f"the alias {alias!r} names {kind!r}, which is no kind", alias)
    for name in ("usual", "channels"):
        if not isinstance(words.get(name), list) or not all(isinstance(one, str) for one in words[name]):
            raise PlaybookError(f"{name} must be a list of words", name)
    for kind in words["usual"]:
        if kind not in KINDS:
            raise PlaybookError(f"usual names {kind!r}, which is no kind", kind)
    return words
