"""Ward scores: names of wards that are also words of the language, or parts of other names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.conversation.routing import route
from handlers.conversation.routing.directory import Unit, Ward, bare_ward, make_directory
from parsers.text.folding import unaccented
from parsers.text.normal_form import normalise
from sms_gateway.demo.sample_city import SampleWard, sample_wards
from tests.handlers.conversation.calendars import OFFICE
from tests.handlers.conversation.routing.city import FOCAL, TODAY

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


NAMES = ["Phường An Hải", "Phường Hội An", "Phường Tam Kỳ", "Phường Hòa Khánh", "Phường Hải Châu"]
UNITS = [
    FOCAL,
    *(
        Unit(id=place, code=f"H17.{place}", name=f"UBND {name}", calendar=OFFICE)
        for place, name in enumerate(NAMES, 40)
    ),
]
DIRECTORY = make_directory(
    units=UNITS, wards=[Ward(id=unit.id, name=unit.name[5:], unit_id=unit.id) for unit in UNITS[1:]], today=TODAY
)


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("tiem com an hai san bi hu", None),
        ("quán tôi ăn hải sản bị hư", None),
        ("quán hải sản ở An Hải bị hư", "Phường An Hải"),
        ("xin hoi an ninh khu pho", None),
        ("rac o hoi an nhieu qua", "Phường Hội An"),
        ("rac tai HOI AN", "Phường Hội An"),
        ("RAC NHIEU QUA HOI AN", "Phường Hội An"),  # at the end, as in an address
        ("25 le duan hai chau", "Phường Hải Châu"),
        ("den hong Hai Chau may ngay", "Phường Hải Châu"),  # capital letters
        ("DEN HONG HAI CHAU MAY NGAY", None),  # capital letters throughout say nothing: the ward is asked for
        ("đèn hỏng hải châu mấy ngày", "Phường Hải Châu"),  # the accents are those of the name
        ("đèn hỏng hai châu mấy ngày", None),
        ("đường xấu hoà khánh mấy ngày", "Phường Hòa Khánh"),  # the accent on the other vowel
        ("phai dong tam ky nay", None),
        ("phường tam kỳ", "Phường Tam Kỳ"),
        ("phuong Tam Ky", "Phường Tam Kỳ"),
        ("cho Hoi An", None),
        ("tp Hoi An", None),
    ],
)
def test_a_name_is_a_ward_by_its_label_its_letters_or_its_place(text: str, ward: str | None) -> None:
    found = route(normalise(text), "report", DIRECTORY).ward
    assert (found and found.name) == ward


WRITINGS: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    str.lower,
    unaccented,
    lambda name: unaccented(name).lower(),
    lambda name: unaccented(name).upper(),
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("Phường ", "P.").replace("Xã ", "X. "),
)
CITY = make_directory(
    units=[FOCAL, *(Unit(id=place, code="", name=f"Đơn vị {place}", calendar=OFFICE) for place in range(2, 66))],
    wards=[Ward(id=place, name=ward.name, unit_id=place) for place, ward in enumerate(sample_wards(64), 2)],
    today=TODAY,
)


@UNHURRIED
@given(
    st.sampled_from(sample_wards(64)),
    st.sampled_from(WRITINGS),
    st.sampled_from(("đèn hỏng ở {}", "tại {} mất nước", "25 Lê Lợi, {}", "rác ở khu vực {} nhiều quá")),
)
def test_every_ward_of_the_city_is_found_however_it_is_written(
    ward: SampleWard, write: Callable[[str], str], sentence: str
) -> None:
    text = normalise(sentence.format(write(ward.name)))
    found = route(text, "report", CITY).ward
    assert found is not None
    assert bare_ward(found.name) == bare_ward(ward.name)
