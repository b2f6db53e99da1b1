"""Levels: how soon each kind of ticket gets its first human answer, and its final one."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from db.schema import LevelClock
from db.staff.audit import Action
from db.units.levels import LevelRow, set_level
from handlers.conversation.business_time.levels import DEFAULT_LEVELS
from handlers.conversation.routing.directory_rows import read_levels
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.units.changing import changing
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding

MOST_AMOUNT = 10_000
"""Minutes or days; a week has 10,080 minutes."""

Page = Response | str | tuple[str, int]


def levels() -> Page:
    """Show the levels, or write them. The due times of tickets that are open stay as they are."""
    if request.method == "GET":
        return _page(_form())
    form = Filled()
    rows = [row for code in DEFAULT_LEVELS if (row := _read(form, code)) is not None]
    if not form.is_sound:
        return _page(form), 400
    with changing(Action.ROUTING_CHANGED, "level") as connection:
        for row in rows:
            set_level(connection, row)
    return done(url_for("admin.levels"), "done.levels_changed")


def _read(form: Filled, code: str) -> LevelRow | None:
    first, final = (form.count(f"{code}-{which}", most=MOST_AMOUNT) for which in ("first", "final"))
    clocks = [form.choice(f"{code}-{which}-clock", set(LevelClock)) for which in ("first", "final")]
    if first is None or final is None:
        return None
    return LevelRow(
        id=dependencies().new_id(),
        code=code,
        first_amount=first,
        first_clock=LevelClock(clocks[0]),
        final_amount=final,
        final_clock=LevelClock(clocks[1]),
    )


def _form() -> Filled:
    with dependencies().database.read() as connection:
        found = read_levels(connection)
    values: dict[str, str] = {}
    for code, level in found.items():
        for which, span in (("first", level.first), ("final", level.final)):
            values |= {f"{code}-{which}": str(span.amount), f"{code}-{which}-clock": span.clock.value}
    return holding(values)


def _page(form: Filled) -> str:
    return render_template("units/levels.html", form=form, codes=list(DEFAULT_LEVELS), clocks=list(LevelClock))
