"""DVC: which dossier a code means, what is said of it, and in how many segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, NullPool, create_engine

from db.citizens.dossiers import Dossier, DossierFacts, canonical, import_dossiers, lookalike_key
from db.schema import DossierStatus
from db.store.engine import Database
from handlers import HANDLERS, handle
from handlers.answer import Answer, Outcome
from handlers.commands.dossier_codes import Ambiguous, match
from handlers.context import ServiceFacts
from handlers.wording.plain import is_plain
from parsers.commands import Command
from parsers.misread import Misread, MisreadKind
from sms_gateway.demo.sample_dossiers import PRINTED_EXAMPLE, sample_dossiers
from tests.handlers.surroundings import NOW, SERVICE, SERVICES, context, dvc, services, tk

RECEIVED, DUE = date(2023, 8, 15), date(2023, 8, 30)
NATIONAL = "000.00.12.H17-230815-0007"
ENGINE = create_engine("sqlite://", poolclass=NullPool)


def dossier(code: str = NATIONAL, status: DossierStatus = DossierStatus.IN_PROGRESS, **facts: object) -> Dossier:
    plain = canonical(code)
    known: dict[str, object] = {"received_on": RECEIVED, "due_on": DUE, "wanted": None, "pick_up": None}
    return Dossier(
        id=hash(code),
        code=code,
        canonical=plain,
        lookalike=lookalike_key(plain),
        status=status,
        procedure="Đăng ký kết hôn của Trần Thị B",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        **(known | facts),  # type: ignore[arg-type]  # the facts of one test
    )


def ask(*codes: str, known: Sequence[Dossier], service: ServiceFacts = SERVICE) -> Answer:
    found: dict[str, list[Dossier]] = {}
    for one in known:
        found.setdefault(one.lookalike, []).append(one)
    with ENGINE.connect() as connection:
        return handle(dvc(*codes), context(connection, dossiers=found, service=service))


def bring_in(connection: Connection, facts: Sequence[DossierFacts]) -> None:
    import_dossiers(connection, facts, new_id=count(1).__next__, now=NOW)


def test_answers_from_one_question_for_the_whole_batch(database: Database) -> None:
    with database.write() as connection:
        bring_in(connection, sample_dossiers(date(2026, 3, 2)))
    commands: list[Command | Misread] = [
        dvc(PRINTED_EXAMPLE),
        tk(),
        Misread(kind=MisreadKind.EMPTY),
        dvc("H17-1", "OOO.00.12.H17-26O302-0001"),
    ]
    with database.read() as connection:
        _, dossiers, _ = HANDLERS.prefetch(connection, commands, SERVICE)
        first = handle(commands[0], context(connection, dossiers=dossiers))
        last = handle(commands[3], context(connection, dossiers=dossiers))
    assert first.outcome is Outcome.STATUS_TOLD
    assert "da xu ly xong" in first.text
    assert last.outcome is Outcome.STATUS_PARTLY_TOLD
    assert "000.00.12.H17-260302-0001: moi dang ky" in last.text
    assert "Khong tim thay ho so H17-1" in last.text


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        (DossierStatus.REGISTERED, {}, "moi dang ky."),
        (DossierStatus.ACCEPTED, {}, ": duoc tiep nhan."),
        (DossierStatus.NOT_ACCEPTED, {}, ": khong duoc tiep nhan."),
        (DossierStatus.IN_PROGRESS, {}, "dang xu ly."),
        (DossierStatus.PAPERS_WANTED, {"wanted": "Ảnh 3x4."}, "yeu cau bo sung giay to: Anh 3x4. Ngay"),
        (DossierStatus.PAPERS_WANTED, {}, "Goi 1022 de biet can nop gi."),
        (DossierStatus.PAPERS_WANTED, {"wanted": " 。 "}, "Goi 1022 de biet can nop gi."),
        (
            DossierStatus.PAYMENT_WANTED,
            {"wanted": "Lệ phí 50.000đ"},
            "yeu cau thuc hien nghia vu tai chinh: Le phi 50.000d. Ngay",
        ),
        (DossierStatus.PAYMENT_WANTED, {}, "Goi 1022 de biet can nop gi."),
        (DossierStatus.WITHDRAWN, {}, "cong dan yeu cau rut ho so."),
        (DossierStatus.STOPPED, {}, ": da ngung xu ly."),
        (DossierStatus.DONE, {"pick_up": "Một cửa phường Hải Châu"}, "Nhan ket qua tai Mot cua phuong Hai Chau."),
        (DossierStatus.DONE, {}, "Nhan ket qua tai noi nop ho so."),
        (DossierStatus.RETURNED, {}, "da tra ket qua."),
    ],
)
def test_tells_state_dates_and_what_follows(status: DossierStatus, facts: dict[str, str], expected: str) -> None:
    answer = ask(NATIONAL, known=[dossier(status=status, **facts)])
    assert answer.outcome is Outcome.STATUS_TOLD
    assert answer.text.startswith(f"Ho so {NATIONAL}: ")
    assert expected in answer.text
    assert "Ngay nhan 15/08/2023, hen tra 30/08/2023." in answer.text
    assert answer.masked is None
    assert len(answer.text) <= 160


@pytest.mark.parametrize(
    ("received", "due", "expected", "absent"),
    [
        (RECEIVED, None, "dang xu ly. Ngay nhan 15/08/2023. Ho", "hen tra"),
        (None, DUE, "dang xu ly. Hen tra 30/08/2023. Ho", "Ngay nhan"),
        (None, None, "dang xu ly. Ho tro", "/"),
    ],
)
def test_leaves_out_dates_that_are_not_known(
    received: date | None, due: date | None, expected: str, absent: str
) -> None:
    text = ask(NATIONAL, known=[dossier(received_on=received, due_on=due)]).text
    assert expected in text
    assert absent not in text


def test_never_tells_procedure_or_name() -> None:
    for status in DossierStatus:
        text = ask(NATIONAL, known=[dossier(status=status)]).text
        assert "ket hon" not in text
        assert "Tran" not in text


@pytest.mark.parametrize(
    ("asked", "printed", "expected"),
    [
        pytest.param("H17.1-11", ["H17.1-11", "H17.11-1"], "H17.1-11", id="as printed among equal canonicals"),
        pytest.param("h17.1-11", ["H17.1-11", "H17.11-1"], "H17.1-11", id="case does not count"),
        pytest.param("H17111", ["H17.1-11"], "H17.1-11", id="canonical"),
        pytest.param("H17111", ["H17.1-11", "HI7.1-11"], "H17.1-11", id="canonical before look-alike"),
        pytest.param("HI7-1O1", ["H17-101"], "H17-101", id="look-alike"),
        pytest.param("H17111", ["H17.1-11", "H17.11-1"], None, id="two canonicals"),
        pytest.param("HI7-LO1", ["H17-101", "H17-1O1"], None, id="two look-alikes"),
        pytest.param("ab1-10", ["ab1-10", "AB1-10"], None, id="two that differ in case alone"),
    ],
)
def test_prefers_the_stricter_match_and_never_guesses(asked: str, printed: Sequence[str], expected: str | None) -> None:
    answer = ask(asked, known=[dossier(code) for code in printed])
    if expected is None:
        assert answer.outcome is Outcome.STATUS_NOT_FOUND
        assert answer.text.startswith(f"Ma {asked.upper()} giong nhieu ho so. Xin xem ky")
    else:
        assert f"Ho so {expected}: dang xu ly" in answer.text


@given(st.lists(st.text("OI01-", min_size=4, max_size=5), min_size=1, max_size=6, unique=True))
def test_a_match_is_unique_at_its_own_step(printed: list[str]) -> None:
    asked = dvc("0I01").codes[0]
    key = lookalike_key(asked.canonical)
    alike = [one for one in map(dossier, printed) if one.lookalike == key]
    found = match(asked, alike)
    if not alike:
        assert found is None
    elif isinstance(found, Ambiguous):
        assert len(alike) > 1
    else:
        assert found in alike
        closer = [one for one in alike if one.canonical == asked.canonical]
        assert len(alike) == 1 or found in closer


def test_not_found_repeats_the_code_as_understood() -> None:
    answer = ask("H17-999", known=[])
    assert answer.outcome is Outcome.STATUS_NOT_FOUND
    assert answer.text.startswith("Khong tim thay ho so H17-999. Xin xem lai")
    assert "Gui sai nhieu ma thi hom sau moi tra duoc" in answer.text


def test_three_codes_are_told_in_the_order_asked_and_one_dossier_once() -> None:
    known = [dossier("H17-100"), dossier("H17-200", DossierStatus.RETURNED)]
    answer = ask("H17-200", "HI7-1OO", "H17-100", known=known)
    assert answer.text.splitlines() == [
        "Ho so H17-200: da tra ket qua. Ngay nhan 15/08/2023, hen tra 30/08/2023.",
        "Ho so H17-100: dang xu ly. Ngay nhan 15/08/2023, hen tra 30/08/2023.",
    ]
    assert answer.outcome is Outcome.STATUS_TOLD
    assert len(answer.text) <= 160


def test_says_the_same_in_fewer_letters_before_it_takes_another_segment() -> None:
    two = ask(
        *(f"000.00.12.H17-230815-000{n}" for n in "12"), known=[dossier(f"000.00.12.H17-230815-000{n}") for n in "12"]
    )
    assert len(two.text) <= 160
    assert two.text.splitlines()[0] == "000.00.12.H17-230815-0001: dang xu ly. Nhan 15/08/2023, hen 30/08/2023."


def test_papers_are_told_whole_in_two_segments_rather_than_cut_to_one() -> None:
    wanted = "Giấy chứng nhận quyền sử dụng đất bản gốc; hộ khẩu; ảnh 3x4; tờ khai mẫu 01; giấy ủy quyền có chứng thực"
    text = ask(NATIONAL, known=[dossier(status=DossierStatus.PAPERS_WANTED, wanted=wanted)]).text
    assert "giay uy quyen co chung thuc" in text
    assert 160 < len(text) <= 306


@pytest.mark.parametrize("status", list(DossierStatus))
@pytest.mark.parametrize("codes", [[NATIONAL], [f"13557{n:03}" for n in range(3)]], ids=["one code", "three codes"])
def test_an_answer_is_cut_to_the_segments_of_its_channel(status: DossierStatus, codes: list[str]) -> None:
    known = [dossier(code, status, wanted=LONG_WORDS, pick_up=LONG_WORDS[:100]) for code in codes]
    whole, cut = (ask(*codes, known=known, service=replace(SERVICE, most_segments=most)).text for most in (3, 1))
    assert len(cut) <= (160 if len(codes) == 1 else 459)
    assert len(cut) <= len(whole)
    assert all(code in cut for code in codes)


LONG_CODE = "000.00.12.H17-230815-" + "0123456789" * 4
LONG_WORDS = ("Giấy chứng nhận quyền sử dụng đất, " * 10)[:200]
SHORT_CODE_40 = "A0" * 20


@services
@pytest.mark.parametrize("status", list(DossierStatus))
@pytest.mark.parametrize(
    ("codes", "segments"),
    [
        pytest.param([SHORT_CODE_40], {5: 2, 6: 2, 9: 2}, id="one code of 40 letters"),
        pytest.param([LONG_CODE], {5: 2, 6: 2, 9: 2}, id="one code of 61 letters"),
        pytest.param([f"{SHORT_CODE_40[:-1]}{n}" for n in "123"], dict.fromkeys(range(1, 11), 3), id="three codes"),
    ],
)
def test_the_longest_contents_stay_within_their_segments_and_a_cut_is_marked(
    service: ServiceFacts, status: DossierStatus, codes: list[str], segments: dict[int, int]
) -> None:
    known = [dossier(code, status, wanted=LONG_WORDS, pick_up=LONG_WORDS[:100]) for code in codes]
    text = ask(*codes, known=known, service=service).text
    allowed = segments.get(int(status.value), 1)
    assert len(text) <= (160 if allowed == 1 else 153 * allowed)
    assert is_plain(text)
    for line, code in zip(text.splitlines(), codes, strict=True):
        assert code in line
        assert "15/08/2023" in line
        assert "30/08/2023" in line
        if status in {DossierStatus.PAPERS_WANTED, DossierStatus.PAYMENT_WANTED}:
            whole = "Giay chung nhan quyen su dung dat, " * 10
            assert whole[:190] in line or f"{service.hotline})" in line


@pytest.mark.parametrize(
    "codes", [["ZZZ" + "24" * 17 + "123"], ["ZZZ" + "24" * 17 + f"12{n}" for n in "345"]], ids=["one", "three"]
)
@services
def test_codes_not_found_fit_whatever_their_length(codes: list[str], service: ServiceFacts) -> None:
    text = ask(*codes, known=[], service=service).text
    assert len(text) <= (160 if len(codes) == 1 else 306)
    assert all(code in text for code in codes)


@given(
    st.text(max_size=200),
    st.text(max_size=100),
    st.sampled_from(DossierStatus),
    st.integers(1, 3),
    st.sampled_from(list(SERVICES.values())),
)
def test_whatever_an_office_wrote_is_sent_plain_and_within_three_segments(
    wanted: str, pick_up: str, status: DossierStatus, codes: int, service: ServiceFacts
) -> None:
    known = [dossier(f"H17-10{number}", status, wanted=wanted, pick_up=pick_up) for number in range(codes)]
    text = ask(*(one.code for one in known), known=known, service=service).text
    assert is_plain(text)
    assert len(text) <= (306 if codes == 1 else 459)


def test_a_link_in_an_offices_words_is_left_out() -> None:
    text = ask(NATIONAL, known=[dossier(status=DossierStatus.DONE, pick_up="Một cửa https://x.example/a")]).text
    assert "Nhan ket qua tai Mot cua." in text
    assert "example" not in text


def test_samples_hold_every_state_and_the_printed_example() -> None:
    samples = sample_dossiers(date(2026, 3, 2))
    assert {one.status for one in samples} == set(DossierStatus)
    assert samples[0].code == "000.00.12.H17-230815-0007"
    assert len({one.code for one in samples}) == len(samples) == 11
    assert all("H17" in one.code for one in samples)
    assert all(one.received_on and one.due_on and one.received_on <= one.due_on for one in samples)
