"""The pages of units: units themselves, their people and calendars, and the rules that lead words to them."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top
from sms_gateway.pages.units import calendars, contacts, file_import, members, other_names, unit, unit_list
from sms_gateway.pages.units.numbers.numbers_page import numbers, numbers_csv
from sms_gateway.pages.units.routing import levels, rules, topics, wards
from sms_gateway.settings.switches import CONVERSATION

_OPERATOR, _ADMINISTRATOR = OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR
_UNIT = "/units/<int:unit_id>"
_CONTACT = f"{_UNIT}/contacts/<int:contact_id>"
_CALENDAR = "/units/calendars/<int:calendar_id>"
_WARD = "/units/wards/<int:ward_id>"
_RULE = "/units/rules/<int:rule_id>"
_UPLOAD = "/units/import/<int:upload_id>"
_TOPIC = "/units/topics/<int:topic_id>"

NUMBERS = PageGroup(
    top=Top.TICKETS,
    service=CONVERSATION,
    pages=(
        Page(rule="/numbers", view=numbers, least=_OPERATOR, agents=True, entry="menu.numbers"),
        Page(rule="/numbers.csv", view=numbers_csv, least=_OPERATOR, agents=True),
    ),
)

UNITS = PageGroup(
    top=Top.TICKETS,
    service=CONVERSATION,
    pages=(
        Page(rule="/units", view=unit_list.units, least=_OPERATOR, agents=True, entry="menu.units"),
        Page(rule="/units/new", view=unit_list.new_unit, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule=_UNIT, view=unit.unit, least=_OPERATOR, agents=True),
        Page(rule=f"{_UNIT}/change", view=unit.change, name="change_unit", least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/mark", view=unit.mark, name="mark_unit", least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/names", view=other_names.add_name, least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/names/remove", view=other_names.remove_name, least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/members", view=members.set_member, least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/members/remove", view=members.remove_member, least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UNIT}/contacts", view=contacts.add, name="add_contact", least=_ADMINISTRATOR, methods=POST),
        Page(
            rule=f"{_UNIT}/contacts/reveal", view=contacts.reveal_contacts, least=_OPERATOR, agents=True, methods=POST
        ),
        Page(rule=_CONTACT, view=contacts.contact, least=_ADMINISTRATOR, methods=BOTH),
        Page(
            rule=f"{_CONTACT}/remove", view=contacts.remove, name="remove_contact", least=_ADMINISTRATOR, methods=POST
        ),
        Page(rule="/units/wards", view=wards.wards, least=_ADMINISTRATOR),
        Page(rule="/units/wards/add", view=wards.add, name="add_ward", least=_ADMINISTRATOR, methods=POST),
        Page(rule=_WARD, view=wards.ward, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule=f"{_WARD}/remove", view=wards.remove, name="remove_ward", least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/units/rules", view=rules.rules, least=_ADMINISTRATOR),
        Page(rule="/units/rules/add", view=rules.add, name="add_rule", least=_ADMINISTRATOR, methods=POST),
        Page(rule=_RULE, view=rules.rule, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule=f"{_RULE}/remove", view=rules.remove, name="remove_rule", least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/units/topics", view=topics.topics, least=_ADMINISTRATOR),
        Page(rule="/units/topics/add", view=topics.add, name="add_topic", least=_ADMINISTRATOR, methods=POST),
        Page(rule=_TOPIC, view=topics.topic, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule=f"{_TOPIC}/remove", view=topics.remove, name="remove_topic", least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/units/levels", view=levels.levels, least=_ADMINISTRATOR, methods=BOTH),
        Page(
            rule="/units/import",
            view=file_import.import_units_page,
            name="import_units",
            least=_ADMINISTRATOR,
            methods=BOTH,
        ),
        Page(rule=_UPLOAD, view=file_import.preview_units, least=_ADMINISTRATOR),
        Page(rule=f"{_UPLOAD}/finish", view=file_import.finish_units, least=_ADMINISTRATOR, methods=POST),
        Page(rule=f"{_UPLOAD}/faults.csv", view=file_import.unit_import_faults, least=_ADMINISTRATOR),
        Page(rule="/units/calendars", view=calendars.calendars, least=_ADMINISTRATOR),
        Page(rule="/units/calendars/add", view=calendars.add, name="add_calendar", least=_ADMINISTRATOR, methods=POST),
        Page(rule=_CALENDAR, view=calendars.calendar, least=_OPERATOR, agents=True),
        Page(
            rule=f"{_CALENDAR}/change",
            view=calendars.change,
            name="change_calendar",
            least=_ADMINISTRATOR,
            methods=POST,
        ),
        Page(
            rule=f"{_CALENDAR}/remove",
            view=calendars.remove,
            name="remove_calendar",
            least=_ADMINISTRATOR,
            methods=POST,
        ),
        Page(rule=f"{_CALENDAR}/day", view=calendars.change_day, name="change_day", least=_ADMINISTRATOR, methods=POST),
        Page(
            rule=f"{_CALENDAR}/propose", view=calendars.propose, name="propose_year", least=_ADMINISTRATOR, methods=POST
        ),
        Page(
            rule=f"{_CALENDAR}/confirm", view=calendars.confirm, name="confirm_year", least=_ADMINISTRATOR, methods=POST
        ),
    ),
)
