"""One's own page."""

from typing import Any

from trustlog.domain.conversations import profile as domain
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(own: dict[str, Any]) -> dict[str, Any]:
    """As JSON."""
    return {"me": own}


def page(own: dict[str, Any], look: Look) -> str:
    """A line for everything that was said."""
    if not own:
        return 'Nothing here yet. Begin with: trustlog me --care-after "tea outside" --comfort NAME'
    lines = []
    for field in domain.FIELDS:
        value = own.get(field)
        label = look.paint(field.replace("_", " ").ljust(16), "dim")
        lines += [f"{label}{visible(_words(one))}" for one in (value if isinstance(value, list) else [value]) if one]
    return "\n".join(lines)


def _words(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    if "what" in one:
        return ", ".join(
            part for part in (one["what"], f"from {one['from']}" if one.get("from") else "", one.get("on", "")) if part
        )
    minutes = f"{one['minutes']} minutes" if one.get("minutes") else ""
    return ", ".join(part for part in (one["name"], one.get("how", ""), one.get("mode", ""), minutes) if part)
