"""The recruiter's own page and practice."""

from collections.abc import Mapping
from typing import Any

from trustlog.domain import private as domain
from trustlog.domain.days import echo_day
from trustlog.domain.report_around import CASES_NEEDED, REPLY_DAYS, Measure, Practice, Replies
from trustlog.domain.text import one_line, plural, visible
from trustlog.ui.text import Look


def profile_data(own: dict[str, Any]) -> dict[str, Any]:
    """As JSON."""
    return {"me": own}


def profile_page(own: dict[str, Any], look: Look) -> str:
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
    minutes = plural(one["minutes"], "minute") if one.get("minutes") else ""
    return ", ".join(part for part in (one["name"], one.get("how", ""), one.get("mode", ""), minutes) if part)


def data(found: Practice, *, private: bool) -> dict[str, Any]:
    """As JSON; what is drawn from reflections only if `private`."""
    return {
        "me": {
            "since": found.since.isoformat(),
            "until": found.until.isoformat(),
            "practice": {"used": found.used, "not_yet": list(found.not_yet)},
            "praise": [{"channel": channel or None, "count": count} for channel, count in found.praise.items()],
            "contact": {"mine": found.mine, "theirs": found.theirs, "joint": found.joint},
            "replies": {approach: one._asdict() if _enough(one) else None for approach, one in found.replies.items()},
            "measures": {
                measure.name: {"value": measure.value, "n": measure.n, "needs": measure.needs}
                for measure in found.measures
                if private or not measure.private
            },
        }
    }


def practice_lines(found: Practice, look: Look, *, private: bool) -> str:
    """As text: what was done, who began, what came back."""
    total = found.mine + found.theirs + found.joint
    told = [
        f"Your practice since {echo_day(found.since)}",
        "",
        *(f"  {count:>4}  {name.replace('-', ' ')}" for name, count in sorted(found.used.items(), key=_by_count)),
    ]
    if not found.used:
        told.append("  nothing written down of your own in these days")
    if found.praise:
        told += ["", f"  {praise(found.praise)}"]
    if found.not_yet:
        told += ["", f"  not yet: {', '.join(name.replace('-', ' ') for name in found.not_yet)}"]
    if total:
        told += ["", f"  contacts: {found.mine} begun by you, {found.theirs} by them, {found.joint} together"]
    if any(_enough(reply) for reply in found.replies.values()):
        told += [f"  {approach}: {_reply_words(one)}" for approach, one in found.replies.items() if _enough(one)]
    shown = [measure for measure in found.measures if measure.value is not None and (private or not measure.private)]
    told += [""] if shown else []
    told += [f"  {_measure_words(one)}" for one in shown]
    if not private and any(measure.private and measure.value is not None for measure in found.measures):
        told += ["", "  more about yourself: trustlog report --me --include-reflections"]
    return "\n".join(look.paint(line, "strong") if number == 0 else line for number, line in enumerate(told))


def praise(counts: Mapping[str, int]) -> str:
    """`praise given 3 times: kudos-chat 2, no channel named 1`."""
    total = sum(counts.values())
    each = ", ".join(f"{one_line(channel) or 'no channel named'} {count}" for channel, count in counts.items())
    return f"praise given {'once' if total == 1 else f'{total} times'}: {each}"


def _by_count(used: tuple[str, int]) -> tuple[int, str]:
    return -used[1], used[0]


def _enough(replies: Replies) -> bool:
    return replies.sent >= CASES_NEEDED


def _reply_words(replies: Replies) -> str:
    return f"{replies.replied} of {replies.sent} had a reply within {REPLY_DAYS} working days"


def _measure_words(measure: Measure) -> str:
    if measure.value is None:
        return ""
    value = {
        "share": f"{round(measure.value * 100)} %", "shift": f"{measure.value:+g}", "score": f"{measure.value:g}",
    }[measure.unit]  # fmt: skip
    return f"{measure.name}: {value}, over {measure.n}"
