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
from trustlog.view import picked
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


def data(practice: Practice, wins: Wins, *, private: bool) -> dict[str, Any]:
    """As JSON; what is drawn from reflections only if `private`."""
    return {
        "me": {
            "since": practice.since,
            "until": practice.until,
            "practice": {"used": practice.used, "not_yet": list(practice.not_yet)},
            "praise": [{"channel": channel or None, "count": count} for channel, count in practice.praise.items()],
            "contact": picked(practice, "mine theirs joint asked_nothing"),
            "replies": {
                approach: replies._asdict() if replies.enough else None
                for approach, replies in practice.replies.items()
            },
            "measures": {
                measure.name: picked(measure, "value n needs")
                for measure in practice.measures
                if private or not measure.private
            },
            "wins": praise_view.wins_data(wins),
        }
    }


def practice_lines(practice: Practice, look: Look, *, private: bool) -> str:
    """As text: what was done, who began, what came back."""
    by_count = sorted(practice.used.items(), key=lambda used: (-used[1], used[0]))
    lines = [
        f"Your practice since {echo_day(practice.since)}",
        "",
        *(f"  {count:>4}  {name.replace('-', ' ')}" for name, count in by_count),
    ]
    if not practice.used:
        lines.append("  nothing written down of your own in these days")
    if practice.praise:
        lines += ["", f"  {praise(practice.praise)}"]
    if practice.not_yet:
        lines += ["", f"  not yet: {', '.join(name.replace('-', ' ') for name in practice.not_yet)}"]
    if practice.contacts:
        lines += ["", f"  {begun(practice)}"]
    lines += [
        f"  {approach}: {replies.replied} of {replies.sent} had a reply within {REPLY_DAYS} working days"
        for approach, replies in practice.replies.items()
        if replies.enough
    ]
    shown = [measure for measure in practice.measures if measure.value is not None and (private or not measure.private)]
    lines += [""] if shown else []
    lines += [f"  {_measure_words(measure)}" for measure in shown]
    if not private and any(measure.private and measure.value is not None for measure in practice.measures):
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


def forecasts_data(forecasts: me.Forecasts) -> dict[str, Any]:
    """As JSON; `n` counts the requests."""
    return {
        "n": forecasts.n, "brier": _rounded(forecasts.brier), "brier_base": _rounded(forecasts.base),
        "bands": [band._asdict() for band in forecasts.bands], "feeling_error": _rounded(forecasts.feeling_error),
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


def forecast_lines(forecasts: me.Forecasts, look: Look) -> str:
    """How often right by band, the score beside one's own share, and how talks left one; in words where there is
    enough."""
    lines: list[str] = []
    if forecasts.brier is not None and forecasts.base is not None:
        lines += [look.paint(f"An answer in time: {plural(forecasts.n, 'forecast')} that time has settled", "strong")]
        lines += [f"  you said {band.sure:>3} %: came in time {band.right} of {band.n}" for band in forecasts.bands]
        came = sum(band.right for band in forecasts.bands)
        share = _percent(came / forecasts.n)
        usual = f"saying {share} % each time, as often as it came, would give {forecasts.base:.2f}"
        lines += _paragraph(f"Your score is {forecasts.brier:.2f}, and 0 is best; {usual}.", look)
        lines += _paragraph(ANSWERS[forecasts.answers_side] if forecasts.answers_side else "", look)
    if forecasts.feeling_error is not None:
        lines += [""] if lines else []
        lines += [look.paint(f"How a talk leaves you: {plural(forecasts.feelings, 'forecast')}", "strong")]
        error = forecasts.feeling_error
        side = f"{abs(error):.1f} {'worse' if error > 0 else 'better'} than you expected, on a scale from -2 to 2"
        side = "at what you expected" if abs(error) < 0.05 else side  # it would read 0.0
        lines += _paragraph(f"On average you were left {side}.", look)
        lines += _paragraph(FEELINGS[forecasts.feelings_side] if forecasts.feelings_side else "", look)
    return "\n".join(lines) or (
        f"Too little to tell: {plural(forecasts.n, 'request')} and {plural(forecasts.feelings, 'talk')} with a forecast"
        f" are settled, and it takes {me.NEEDED}."
    )


def works_data(works: me_works.Works) -> dict[str, Any]:
    """As JSON."""
    steps = [step._asdict() | {"low": round(step.low, 4), "high": round(step.high, 4)} for step in works.steps]
    return {"steps": steps, "base": {"n": works.n, "followed": works.followed}}


def works_lines(works: me_works.Works, advice: Mapping[str, str], look: Look) -> str:
    """A step with what followed it, and the days without one."""
    if not works.steps:
        return f"Too little to tell: it takes a step that you did {me.NEEDED} times, with the days after it over."
    lines = [look.paint(f"Something good from them within {me_works.WINDOW} working days, after", "strong")]
    for worked in works.steps:
        lines += wrapped(
            visible(advice.get(worked.id, "")), look.width - 1, f"  {worked.id}  ", " " * (4 + len(worked.id))
        )
        share = f"{worked.followed} of {worked.n} times; likely {_percent(worked.low)} to {_percent(worked.high)} %"
        lines += [" " * (4 + len(worked.id)) + look.paint(share, "dim")]
    if works.n >= me.NEEDED:
        days = f"{works.followed} of {plural(works.n, 'day')} without a step ({_percent(works.followed / works.n)} %)"
        lines += _paragraph(f"The same after {days}.", look)
    better = [step.id for step in works.steps if step.better]
    more = f"More often than without: {', '.join(better)}." if better else "None stands out from days without a step."
    return "\n".join(
        [*lines, *_paragraph(f"{more} It followed; whether it came because of it, no log can tell.", look)]
    )


def _percent(share: float) -> int:
    return round(share * 100)


def patterns_data(patterns: me.Patterns) -> dict[str, Any]:
    """As JSON."""
    moods = {name: getattr(patterns, name) for name in ("before", "after", "lighter", "heavier")}
    return {
        "debriefs": patterns.debriefs,
        "cues": [cue._asdict() for cue in patterns.cues],
        "moods": {"n": patterns.moods} | {name: _rounded(mood) for name, mood in moods.items()},
        "set_aside": {"n": patterns.set_aside, "used_later": list(patterns.used_later)},
    }


def pattern_lines(patterns: me.Patterns, look: Look) -> str:
    """The hard moments planned for, moods before and after, and what was used after all."""
    if patterns.debriefs < me.NEEDED:
        held = f"{plural(patterns.debriefs, 'debrief')} so far" if patterns.debriefs else "no debrief yet"
        return f"Too little to tell: {held}, and it takes {me.NEEDED}."
    lines = [look.paint(f"Over {plural(patterns.debriefs, 'debrief')}", "strong")]
    if patterns.cues:
        lines += ["  moments you planned for"]
        for cue in patterns.cues:
            lines += wrapped(f"if {visible(one_line(cue.cue))}", look.width - 1, f"  {cue.n:>4}  ", " " * 8)
    if patterns.before is not None and patterns.after is not None:
        moods = (
            f"mood before {patterns.before:+.1f}, after {patterns.after:+.1f}, over {plural(patterns.moods, 'talk')}:"
        )
        lines += _paragraph(f"{moods} {patterns.lighter} lighter, {patterns.heavier} heavier", look)
    if patterns.set_aside:
        lines += [
            f"  put aside at first: {plural(patterns.set_aside, 'point')}, used later: {len(patterns.used_later)}"
        ]
        for text in patterns.used_later:
            lines += wrapped(visible(one_line(text)), look.width - 1, "        ", " " * 8)
    return "\n".join(lines)


def _paragraph(text: str, look: Look) -> list[str]:
    return wrapped(text, look.width - 1, "  ", "  ") if text else []
