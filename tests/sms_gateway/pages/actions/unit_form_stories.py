"""A form that each route of units and calendars takes, in an order in which each can be done."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from handlers.conversation.business_time.levels import DEFAULT_LEVELS
from tests.sms_gateway.city_office import FOCAL, OTHER
from tests.sms_gateway.pages.acting import post
from tests.sms_gateway.pages.actions.form_stories import Story, World, of

UNIT, CALENDAR = f"/admin/units/{OTHER}", "/admin/units/calendars"
FACTS = {"code": "H17.77", "name": "Sở Xây dựng", "sms_name": "", "parent": "", "calendar": "1", "capacity": "20"}
CONTACT = {"place": "truc ban", "person": "Canary", "person_phone": "0935111222", "position": "2"}
LEVELS = {
    f"{code}-{which}{rest}": value
    for code in DEFAULT_LEVELS
    for which in ("first", "final")
    for rest, value in (("", "2"), ("-clock", "working_days"))
}


def row(page: str, pattern: str, then: str = "", /, **fields: object) -> Story:
    """Return a form of a row, whose address its list names."""
    return lambda world: (world.found(page, pattern) + then, fields)


def calendar(path: str, /, **fields: object) -> Story:
    """Return a form of the calendar that was added last."""
    pattern = r'.*href="(/admin/units/calendars/\d{2,})"'
    return lambda world: (world.found(CALENDAR, pattern) + f"/{path}", fields)


def uploaded(world: World) -> tuple[str, Mapping[str, object]]:
    file = (BytesIO("ward;unit\nPhường Mới;H17.01\n".encode()), "wards.csv")
    preview = post(world.client, "/admin/units/import", kind="wards", file=file).location
    return f"{preview}/finish", {}


UNIT_STORIES: Mapping[str, Story] = {
    "admin.new_unit": of("/admin/units/new", **FACTS),
    "admin.change_unit": of(f"{UNIT}/change", **FACTS | {"code": "H17.03", "name": "UBND phường 3"}),
    "admin.mark_unit": of(f"{UNIT}/mark", mark="disable"),
    "admin.add_name": of(f"{UNIT}/names", alias="so cu"),
    "admin.remove_name": of(f"{UNIT}/names/remove", alias="SO CU"),
    "admin.set_member": lambda world: (f"{UNIT}/members", {"operator": world.operator}),
    "admin.remove_member": lambda world: (f"{UNIT}/members/remove", {"operator": world.operator}),
    "admin.add_contact": of(f"{UNIT}/contacts", **CONTACT),
    "admin.reveal_contacts": of(f"/admin/units/{FOCAL}/contacts/reveal"),
    "admin.contact": row(UNIT, r'href="([^"]+/contacts/\d+)"', **CONTACT),
    "admin.remove_contact": row(UNIT, r'action="([^"]+/contacts/\d+/remove)"'),
    "admin.add_ward": of("/admin/units/wards/add", name="Phường Vỹ Dạ", unit=FOCAL),
    "admin.ward": row("/admin/units/wards", r'href="([^"]+/wards/\d+)"', name="Phường Vĩ Dạ", unit=FOCAL),
    "admin.remove_ward": row("/admin/units/wards", r'href="([^"]+/wards/\d+)"', "/remove"),
    "admin.add_topic": of("/admin/units/topics/add", code="a-first", name="Đèn"),
    "admin.topic": row("/admin/units/topics", r'href="([^"]+/topics/\d+)"', code="a-first", name="Đèn đường"),
    "admin.remove_topic": row("/admin/units/topics", r'href="([^"]+/topics/\d+)"', "/remove"),
    "admin.add_rule": of("/admin/units/rules/add", any_of="den duong", unit=FOCAL),
    "admin.rule": row("/admin/units/rules", r'href="([^"]+/rules/\d+)"', any_of="den", unit=FOCAL, position=1),
    "admin.remove_rule": row("/admin/units/rules", r'href="([^"]+/rules/\d+)"', "/remove"),
    "admin.levels": of("/admin/units/levels", **LEVELS),
    "admin.import_units": lambda _: (
        "/admin/units/import",
        {"kind": "units", "file": (BytesIO(b"code;name\n"), "units.csv")},
    ),
    "admin.finish_units": uploaded,
    "admin.add_calendar": of(f"{CALENDAR}/add", name="Ca tối", **{"hours-0": "18:00-21:00"}),
    "admin.change_calendar": calendar("change", name="Ca đêm", **{"hours-0": "18:00-22:00"}),
    "admin.change_day": calendar("day", day="24/12/2026", day_name="x", state="shut"),
    "admin.propose_year": calendar("propose", year=2026),
    "admin.confirm_year": calendar("confirm", year=2026),
    "admin.remove_calendar": calendar("remove"),
}
