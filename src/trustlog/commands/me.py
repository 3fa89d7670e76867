"""`me`: what helps you before and after hard conversations, and who."""

import json
from typing import Annotated, Any

import typer

from trustlog.commands.options import session_of
from trustlog.domain import profile as domain
from trustlog.domain.script import BadAnswerError
from trustlog.domain.text import visible
from trustlog.errors import UserError
from trustlog.session import Session
from trustlog.store import profile
from trustlog.view.look import Look

Repeats = list[str] | None


def me(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What you call yourself.")] = None,
    before: Annotated[
        Repeats, typer.Option("--care-before", metavar="TEXT", help="What helps before; adds one.")
    ] = None,
    after: Annotated[Repeats, typer.Option("--care-after", metavar="TEXT", help="What helps after; adds one.")] = None,
    comfort: Annotated[Repeats, typer.Option("--comfort", metavar="NAME", help="Someone to talk to; adds one.")] = None,
    set_: Annotated[
        Repeats,
        typer.Option("--set", metavar="FIELD=VALUE", help="A whole field, lists as JSON; empty removes it."),
    ] = None,
) -> None:
    """
        trustlog me --care-after "tea outside" --comfort Sam

    Your own page. It lies in a drawer of its own: no report, export or search shows it. Fields for --set:
    name, care_before, care_after, comfort_people.
    """
    session = session_of(ctx)
    changes = _set(set_ or []) | ({"name": name} if name is not None else {})
    added = {"care_before": before, "care_after": after, "comfort_people": comfort}
    if not changes and not any(added.values()):
        session.show(profile.load(session.reading), lambda own: {"me": own}, _page)
        return
    session.show(_save(session, changes, added), lambda own: {"me": own}, _page)


def _save(session: Session, changes: dict[str, Any], added: dict[str, Repeats]) -> dict[str, Any]:
    try:
        with session.store.change("me", "your own page"):
            own = profile.load(session.store)
            for field, more in added.items():
                if more:
                    changes[field] = [*changes.get(field, own.get(field, [])), *more]
            profile.save(session.store, {field: domain.check(field, value) for field, value in changes.items()})
            return profile.load(session.store)
    except BadAnswerError as error:
        raise UserError("bad-field", str(error), "Nothing was saved.") from error


def _set(settings: list[str]) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for setting in settings:
        field, equals, typed = setting.partition("=")
        field = field.strip().replace("-", "_")
        if not equals:
            raise UserError("bad-field", f'--set takes field=value, not "{setting}"', "For example: --set name=Ana")
        try:
            done[field] = typed if field == "name" or not typed else json.loads(typed)
        except json.JSONDecodeError as error:
            raise UserError("bad-field", f"{field} takes a JSON list", "Nothing was saved.") from error
    return done


def _page(own: dict[str, Any], look: Look) -> str:
    if not own:
        return 'Nothing here yet. Begin with: trustlog me --care-after "tea outside" --comfort NAME'
    people = [
        ", ".join(str(part) for part in (one["name"], one.get("how"), one.get("mode"),
                  f"{one['minutes']} minutes" if one.get("minutes") else None) if part)
        for one in own.get("comfort_people", [])
    ]  # fmt: skip
    rows = (
        ("name", [own["name"]] if own.get("name") else []), ("helps before", own.get("care_before", [])),
        ("helps after", own.get("care_after", [])), ("comfort people", people),
    )  # fmt: skip
    return "\n".join(f"{look.paint(f'{label:<16}', 'dim')}{visible(one)}" for label, values in rows for one in values)
