"""The recruiter's own page and practice."""

from collections.abc import Mapping
from typing import Any

from trustlog.domain import me, me_works
from trustlog.domain import private as domain
from trustlog.domain.days import echo_day
from trustlog.domain.praise import Wins
from trustlog.domain.report_around import CASES_NEEDED, REPLY_DAYS, Measure, Practice
from trustlog.domain.text import one_line, plural, visible
from trustlog.ui.text import Look, wrapped
from trustlog.view import praise as praise_view


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
        lines += [f"{label}{visible(_words(item))}" for item in (value if isinstance(value, list) else [value]) if item]
    return "\n".join(lines)


def _words(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    if "what" in item:
        return ", ".join(
            part
            for part in (item["what"], f"from {item['from']}" if item.get("from") else "", item.get("on", ""))
            if part
        )
    minutes = plural(item["minutes"], "minute") if item.get("minutes") else ""
    return ", ".join(part for part in (item["name"], item.get("how", ""), item.get("mode", ""), minutes) if part)


def data(found: Practice, wins: Wins, *, private: bool) -> dict[str, Any]:
    """As JSON; what is drawn from reflections only if `private`."""
    return {
        "me": {
            "since": found.since.isoformat(),
            "until": found.until.isoformat(),
            "practice": {"used": found.used, "not_yet": list(found.not_yet)},
            "praise": [{"channel": channel or None, "count": count} for channel, count in found.praise.items()],
            "contact": {
                "mine": found.mine,
                "theirs": found.theirs,
                "joint": found.joint,
                "asked_nothing": found.asked_nothing,
            },
            "replies": {
                approach: replies._asdict() if replies.enough else None for approach, replies in found.replies.items()
            },
            "measures": {
                measure.name: {"value": measure.value, "n": measure.n, "needs": measure.needs}
                for measure in found.measures
                if private or not measure.private
            },
            "wins": praise_view.wins_data(wins),
        }
    }


def practice_lines(found: Practice, look: Look, *, private: bool) -> str:
    """As text: what was done, who began, what came back."""
    by_count = sorted(found.used.items(), key=lambda used: (-used[1], used[0]))
    lines = [
        f"Your practice since {echo_day(found.since)}",
        "",
        *(f"  {count:>4}  {name.replace('-', ' ')}" for name, count in by_count),
    ]
    if not found.used:
        lines.append("  nothing written down of your own in these days")
    if found.praise:
        lines += ["", f"  {praise(found.praise)}"]
    if found.not_yet:
        lines += ["", f"  not yet: {', '.join(name.replace('-', ' ') for name in found.not_yet)}"]
    if found.contacts:
        lines += ["", f"  {begun(found)}"]
    lines += [
        f"  {approach}: {replies.replied} of {replies.sent} had a reply within {REPLY_DAYS} working days"
        for approach, replies in found.replies.items()
        if replies.enough
    ]
    shown = [measure for measure in found.measures if measure.value is not None and (private or not measure.private)]
    lines += [""] if shown else []
    lines += [f"  {_measure_words(measure)}" for measure in shown]
    if not private and any(measure.private and measure.value is not None for measure in found.measures):
        lines += ["", "  more about yourself: trustlog report --me --include-reflections"]
    return "\n".join([look.paint(lines[0], "strong"), *lines[1:]])


def begun(done: Practice) -> str:
    """Who began the contacts, and how many asked for nothing: information, no target."""
    contacts = f"contacts: {done.mine} begun by you, {done.theirs} by them, {done.joint} together"
    if done.contacts < CASES_NEEDED:
        return contacts
    return f"{contacts}; {done.asked_nothing} of {done.contacts} asked for nothing"


def praise(counts: Mapping[str, int]) -> str:
    """`praise given 3 times: kudos-chat 2, no channel named 1`."""
    total = sum(counts.values())
    each = ", ".join(f"{one_line(channel) or 'no channel named'} {count}" for channel, count in counts.items())
    return f"praise given {'once' if total == 1 else f'{total} times'}: {each}"


def _measure_words(measure: Measure) -> str:
    if measure.value is None:
        return ""
    value = {
        "share": f"{round(measure.value * 100)} %", "shift": f"{measure.value:+g}", "score": f"{measure.value:g}",
    }[measure.unit]  # fmt: skip
    return f"{measure.name}: {value}, over {measure.n}"


def forecasts_data(found: me.Forecasts) -> dict[str, Any]:
    """As JSON; `n` counts the requests."""
    return {
        "n": found.n, "brier": _rounded(found.brier), "brier_base": _rounded(found.base),
        "bands": [band._asdict() for band in found.bands], "feeling_error": _rounded(found.feeling_error),
    }  # fmt: skip


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


ANSWERS: dict[me.Side, str] = {
    "level": "You expect about as many answers as come.",
    "above": "You expect more answers than come.",
    "below": "More answers come than you expect.",
}
FEELINGS: dict[me.Side, str] = {
    "level": "You know beforehand how a talk will leave you.",
    "above": "You expect to be left better than you are.",
    "below": "You expect to be left worse than you are.",
}


def forecast_lines(found: me.Forecasts, look: Look) -> str:
    """How often right by band, the score beside one's own share, and how talks left one; in words where there is
    enough."""
    lines: list[str] = []
    if found.brier is not None and found.base is not None:
        lines += [look.paint(f"An answer in time: {plural(found.n, 'forecast')} that time has settled", "strong")]
        lines += [f"  you said {band.sure:>3} %: came in time {band.right} of {band.n}" for band in found.bands]
        came = sum(band.right for band in found.bands)
        usual = f"saying {_percent(came / found.n)} % each time, as often as it came, would give {found.base:.2f}"
        lines += _paragraph(f"Your score is {found.brier:.2f}, and 0 is best; {usual}.", look)
        lines += _paragraph(ANSWERS[found.answers_side] if found.answers_side else "", look)
    if found.feeling_error is not None:
        lines += [""] if lines else []
        lines += [look.paint(f"How a talk leaves you: {plural(found.feelings, 'forecast')}", "strong")]
        side = f"{abs(found.feeling_error):.1f} {'worse' if found.feeling_error > 0 else 'better'} than you expected"
        level = abs(found.feeling_error) < 0.05
        side = "at what you expected" if level else f"{side}, on a scale from -2 to 2"
        lines += _paragraph(f"On average you were left {side}.", look)
        lines += _paragraph(FEELINGS[found.feelings_side] if found.feelings_side else "", look)
    return "\n".join(lines) or (
        f"Too little to tell: {plural(found.n, 'request')} and {plural(found.feelings, 'talk')} with a forecast are"
        f" settled, and it takes {me.NEEDED}."
    )


def works_data(found: me_works.Works) -> dict[str, Any]:
    """As JSON."""
    steps = [step._asdict() | {"low": round(step.low, 4), "high": round(step.high, 4)} for step in found.steps]
    return {"steps": steps, "base": {"n": found.n, "followed": found.followed}}


def works_lines(found: me_works.Works, advice: Mapping[str, str], look: Look) -> str:
    """A step with what followed it, and the days without one."""
    if not found.steps:
        return f"Too little to tell: it takes a step that you did {me.NEEDED} times, with the days after it over."
    lines = [look.paint(f"Something good from them within {me_works.WINDOW} working days, after", "strong")]
    for worked in found.steps:
        lines += wrapped(
            visible(advice.get(worked.id, "")), look.width - 1, f"  {worked.id}  ", " " * (4 + len(worked.id))
        )
        share = f"{worked.followed} of {worked.n} times; likely {_percent(worked.low)} to {_percent(worked.high)} %"
        lines += [" " * (4 + len(worked.id)) + look.paint(share, "dim")]
    if found.n >= me.NEEDED:
        days = f"{found.followed} of {plural(found.n, 'day')} without a step ({_percent(found.followed / found.n)} %)"
        lines += _paragraph(f"The same after {days}.", look)
    better = [step.id for step in found.steps if step.better]
    more = f"More often than without: {', '.join(better)}." if better else "None stands out from days without a step."
    return "\n".join(
        [*lines, *_paragraph(f"{more} It followed; whether it came because of it, no log can tell.", look)]
    )


def _percent(share: float) -> int:
    return round(share * 100)


def patterns_data(found: me.Patterns) -> dict[str, Any]:
    """As JSON."""
    moods = {name: getattr(found, name) for name in ("before", "after", "lighter", "heavier")}
    return {
        "debriefs": found.debriefs,
        "cues": [cue._asdict() for cue in found.cues],
        "moods": {"n": found.moods} | {name: _rounded(mood) for name, mood in moods.items()},
        "set_aside": {"n": found.set_aside, "used_later": list(found.used_later)},
    }


def pattern_lines(found: me.Patterns, look: Look) -> str:
    """The hard moments planned for, moods before and after, and what was used after all."""
    if found.debriefs < me.NEEDED:
        held = f"{plural(found.debriefs, 'debrief')} so far" if found.debriefs else "no debrief yet"
        return f"Too little to tell: {held}, and it takes {me.NEEDED}."
    lines = [look.paint(f"Over {plural(found.debriefs, 'debrief')}", "strong")]
    if found.cues:
        lines += ["  moments you planned for"]
        for cue in found.cues:
            lines += wrapped(f"if {visible(one_line(cue.cue))}", look.width - 1, f"  {cue.n:>4}  ", " " * 8)
    if found.before is not None and found.after is not None:
        moods = f"mood before {found.before:+.1f}, after {found.after:+.1f}, over {plural(found.moods, 'talk')}:"
        lines += _paragraph(f"{moods} {found.lighter} lighter, {found.heavier} heavier", look)
    if found.set_aside:
        lines += [f"  put aside at first: {plural(found.set_aside, 'point')}, used later: {len(found.used_later)}"]
        for text in found.used_later:
            lines += wrapped(visible(one_line(text)), look.width - 1, "        ", " " * 8)
    return "\n".join(lines)


def _paragraph(text: str, look: Look) -> list[str]:
    return wrapped(text, look.width - 1, "  ", "  ") if text else []
