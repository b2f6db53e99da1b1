"""A small city for tests of routing."""

from __future__ import annotations

from datetime import date

from db.schema import Priority
from handlers.conversation.routing.directory import Directory, Named, Rule, Topic, Unit, Ward, make_directory
from tests.handlers.conversation.calendars import ALWAYS, OFFICE

TODAY = date(2026, 11, 28)
OLD = date(2025, 6, 30)

FOCAL = Unit(id=1, code="H17", name="Văn phòng UBND thành phố", calendar=OFFICE, is_focal=True)
DUTY = Unit(id=2, code="H17.90", name="Trung tâm điều hành 1022", calendar=ALWAYS, is_duty=True)
BUILDING = Unit(id=3, code="H17.12", name="Sở Xây dựng", calendar=OFFICE)
HAI_CHAU = Unit(id=4, code="H17.28", name="UBND phường Hải Châu", calendar=OFFICE)
THANH_KHE = Unit(id=5, code="H17.29", name="UBND phường Thanh Khê", calendar=OFFICE)
FIFTH = Unit(id=6, code="H17.30", name="UBND phường 5", calendar=OFFICE)
CLOSED = Unit(id=7, code="H17.99", name="UBND quận Hải Châu", calendar=OFFICE, disabled=True)

LAMPS = Topic(id=1, code="lamps", name="Đèn đường", unit_id=BUILDING.id, priority=Priority.HIGH)
PETITIONS = Topic(id=2, code="petitions", name="Tố cáo", is_accusation=True)
NOISE = Topic(id=3, code="noise", name="Tiếng ồn")

RULES = (
    Rule(id=11, any_of=("NHAN TIEN", "HOI LO"), topic_id=PETITIONS.id),
    Rule(id=12, kind="report", any_of=("DEN DUONG",), all_of=("HONG",), topic_id=LAMPS.id),
    Rule(id=13, any_of=("CAP PHEP",), all_of=("XAY DUNG",), unit_id=BUILDING.id, priority=Priority.LOW),
    Rule(id=14, any_of=("KARAOKE",), topic_id=NOISE.id),
    Rule(id=15, any_of=("NGAP",), area=("HAI CHAU",), unit_id=BUILDING.id),
    Rule(id=16, all_of=("DICH", "VU", "CONG"), unit_id=DUTY.id),
    Rule(id=17, any_of=("GIAY TO",), unit_id=CLOSED.id),
)

WARDS = (
    Ward(id=1, name="Phường Hải Châu", unit_id=HAI_CHAU.id),
    Ward(id=2, name="Phường Thanh Khê", unit_id=THANH_KHE.id),
    Ward(id=3, name="Phường 5", unit_id=FIFTH.id),
    Ward(id=4, name="Phường Thạch Thang", unit_id=HAI_CHAU.id, until=OLD),
    Ward(id=5, name="Phường Thanh Khê Đông", unit_id=HAI_CHAU.id, until=OLD),
    Ward(id=6, name="Xã Hòa Mỹ", unit_id=HAI_CHAU.id, until=OLD),
    Ward(id=7, name="Xã Hòa Mỹ", unit_id=THANH_KHE.id, until=OLD),
    Ward(id=8, name="Phường Hải Châu", unit_id=THANH_KHE.id, until=OLD),
)


def city(*, rules: tuple[Rule, ...] = RULES) -> Directory:
    """Make its directory."""
    return make_directory(
        units=[FOCAL, DUTY, BUILDING, HAI_CHAU, THANH_KHE, FIFTH, CLOSED],
        aliases=[
            Named(name="SXD", unit_id=BUILDING.id),
            Named(name="SO GIAO THONG", unit_id=BUILDING.id, until=OLD),
            Named(name="Quận Hải Châu", unit_id=CLOSED.id),
        ],
        wards=WARDS,
        topics=[LAMPS, PETITIONS, NOISE],
        rules=rules,
        today=TODAY,
    )
