"""Topics: what tickets are about, their usual unit and priority, and whether they are accusations."""

from __future__ import annotations

import re

from flask import render_template, request

from db.schema import Priority
from db.staff.audit import Action
from db.units.route_rules import TopicRow, add_topic, change_topic, list_topics, remove_topic
from db.units.unit_rows import list_units
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.pages.units.routing.row_pages import Audit, Page, RowPages
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

CODE_LETTERS = 32
NAME_LETTERS = 80
WORDS_LETTERS = 1000
_CODE = re.compile(r"[a-z0-9_-]+")


def topics() -> str:
    """List the topics."""
    return _list(Filled())


def add() -> Page:
    """Add a topic."""
    return _pages().add()


def topic(topic_id: int) -> Page:
    """Show a topic's form, or write it."""
    return _pages().row(topic_id)


def remove(topic_id: int) -> Page:
    """Delete a topic."""
    return _pages().remove(topic_id)


def _pages() -> RowPages[TopicRow]:
    return RowPages(
        name="topic",
        read_all=list_topics,
        read=_read,
        form_of=_form_of,
        show_list=_list,
        show_row=_page,
        add_row=add_topic,
        change_row=change_topic,
        remove_row=remove_topic,
        name_of=lambda row: row.name,
        audit=lambda row: Audit(action=Action.ROUTING_CHANGED, subject=f"topic:{row.id}"),
    )


def _read(form: Filled, topic_id: int) -> TopicRow | None:
    with dependencies().database.read() as connection:
        units = {str(one.id) for one in list_units(connection)}
        codes = {one.code for one in list_topics(connection) if one.id != topic_id}
    code, name = form.text("code", most=CODE_LETTERS), form.text("name", most=NAME_LETTERS)
    words = [phrase for one in form.text("words", most=WORDS_LETTERS).split(",") if (phrase := phrase_of(one))]
    unit, priority = form.choice("unit", {"", *units}), form.choice("priority", set(Priority), Priority.NORMAL)
    form.values["accusation"] = request.form.get("accusation", "")
    if not _CODE.fullmatch(code):
        form.refuse("code", say("topics.code_fault"))
    elif code in codes:
        form.refuse("code", say("topics.code_taken"))
    if not name:
        form.refuse("name", say("unit.no_name"))
    if not form.is_sound:
        return None
    return TopicRow(
        id=topic_id,
        code=code,
        name=name,
        words=words,
        unit_id=int(unit) if unit else None,
        priority=Priority(priority),
        is_accusation=bool(form.value("accusation")),
    )


def _form_of(found: TopicRow) -> Filled:
    return holding(
        {
            "code": found.code,
            "name": found.name,
            "words": ", ".join(one.lower() for one in found.words),
            "unit": str(found.unit_id or ""),
            "priority": found.priority,
            "accusation": "1" if found.is_accusation else "",
        }
    )


def _list(form: Filled) -> str:
    with dependencies().database.read() as connection:
        units, found = list_units(connection), list_topics(connection)
    return render_template(
        "units/topics.html",
        topics=found,
        units=units,
        names={one.id: one.name for one in units},
        priorities=list(Priority),
        form=form,
    )


def _page(found: TopicRow, form: Filled) -> str:
    with dependencies().database.read() as connection:
        units = list_units(connection)
    return render_template("units/topic.html", topic=found, form=form, units=units, priorities=list(Priority))
