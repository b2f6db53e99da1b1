"""Route rules: conditions in an order, each with its target. The first rule that fits a text decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from sqlalchemy import Connection

from db.schema import Priority
from db.staff.audit import Action
from db.units.route_rules import (
    RuleRow,
    TopicRow,
    add_rule,
    change_rule,
    list_rules,
    list_topics,
    move_rule,
    remove_rule,
)
from db.units.unit_rows import UnitRow, list_units
from handlers.conversation.routing.directory import bare_ward
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.pages.units.routing.row_pages import Audit, Page, RowPages
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

KINDS = ("question", "report", "proposal")
PHRASES_LETTERS = 1000
SEARCH_LETTERS = 80
MOST_SHOWN = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """Where a rule may lead."""

    units: Sequence[UnitRow]
    topics: Sequence[TopicRow]


def rules() -> str:
    """List the rules in the order in which they are tried, or those of a search."""
    return _list(Filled())


def add() -> Page:
    """Add a rule at the end of the list, or at a place."""
    return _pages().add()


def rule(rule_id: int) -> Page:
    """Show a rule's form, or write it."""
    return _pages().row(rule_id)


def remove(rule_id: int) -> Page:
    """Delete a rule."""
    return _pages().remove(rule_id)


def _pages() -> RowPages[RuleRow]:
    return RowPages(
        name="rule",
        read_all=_numbered,
        read=_read,
        form_of=_form_of,
        show_list=_list,
        show_row=_page,
        add_row=_add,
        change_row=lambda connection, row: change_rule(connection, row) and move_rule(connection, row.id, row.position),
        remove_row=remove_rule,
        name_of=lambda row: (
            f"{say('rules.rule', place=row.position)} ({_shown([*row.any_of, *row.all_of, *row.area])})"
        ),
        audit=lambda row: Audit(action=Action.ROUTING_CHANGED, subject=f"rule:{row.id}"),
    )


def _numbered(connection: Connection) -> Sequence[RuleRow]:
    """Return the rules with their places, from 1, as positions."""
    return [replace(one, position=place) for place, one in enumerate(list_rules(connection), 1)]


def _add(connection: Connection, row: RuleRow) -> None:
    add_rule(connection, row)
    move_rule(connection, row.id, row.position)


def _targets() -> Targets:
    with dependencies().database.read() as connection:
        return Targets(units=list_units(connection), topics=list_topics(connection))


def _read(form: Filled, rule_id: int) -> RuleRow | None:
    targets = _targets()
    any_of, all_of = _phrases(form, "any_of"), _phrases(form, "all_of")
    area = [bare_ward(one) for one in _written(form, "area") if bare_ward(one)]
    kind = form.choice("kind", {"", *KINDS})
    unit = form.choice("unit", {"", *(str(one.id) for one in targets.units)})
    topic = form.choice("topic", {"", *(str(one.id) for one in targets.topics)})
    priority = form.choice("priority", {"", *Priority})
    with dependencies().database.read() as connection:
        count = len(list_rules(connection))
    position = form.count("position", most=count + 1) if "position" in request.form else count + 1
    if not (any_of or all_of or area):
        form.refuse("any_of", say("rules.no_condition"))
    if not (unit or topic or priority):
        form.refuse("unit", say("rules.no_target"))
    if not form.is_sound or position is None:
        return None
    return RuleRow(
        id=rule_id,
        position=position,
        kind=kind or None,
        any_of=any_of,
        all_of=all_of,
        area=area,
        topic_id=int(topic) if topic else None,
        unit_id=int(unit) if unit else None,
        priority=Priority(priority) if priority else None,
    )


def _written(form: Filled, name: str) -> Sequence[str]:
    return form.text(name, most=PHRASES_LETTERS).split(",")


def _phrases(form: Filled, name: str) -> Sequence[str]:
    return list(dict.fromkeys(phrase for one in _written(form, name) if (phrase := phrase_of(one))))


def _form_of(found: RuleRow) -> Filled:
    return holding(
        {
            "position": str(found.position),
            "kind": found.kind or "",
            "any_of": _shown(found.any_of),
            "all_of": _shown(found.all_of),
            "area": _shown(found.area),
            "unit": str(found.unit_id or ""),
            "topic": str(found.topic_id or ""),
            "priority": found.priority or "",
        }
    )


def _shown(phrases: Sequence[str]) -> str:
    return ", ".join(one.lower() for one in phrases)


def _list(form: Filled) -> str:
    search = request.args.get("search", "")[:SEARCH_LETTERS]
    asked = phrase_of(search)
    targets = _targets()
    with dependencies().database.read() as connection:
        numbered = _numbered(connection)
    found = [
        (one.position, one)
        for one in numbered
        if not asked or any(asked in phrase for phrase in (*one.any_of, *one.all_of, *one.area))
    ]
    return render_template(
        "units/rules.html",
        rules=found[:MOST_SHOWN],
        count=len(found),
        most=MOST_SHOWN,
        total=len(numbered),
        targets=targets,
        unit_names={one.id: one.name for one in targets.units},
        topic_names={one.id: one.name for one in targets.topics},
        shown=_shown,
        kinds=KINDS,
        priorities=list(Priority),
        search=Filled(values={"search": search}),
        form=form,
    )


def _page(found: RuleRow, form: Filled) -> str:
    return render_template(
        "units/rule.html", rule=found, form=form, targets=_targets(), kinds=KINDS, priorities=list(Priority)
    )
