"""The check of agents' texts: segments, links, requests for secrets; each fault says what and where."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.answers.agents import agent_answer
from handlers.conversation.outgoing_check import CheckedAnswer, check_outgoing
from handlers.wording.fit import counted_by_length
from tests.handlers.conversation.answers.cases import A
from tests.handlers.surroundings import CONVERSING
from tests.handlers.wording.test_echo import LINKS, SEED

SITES = ("danang.gov.vn", "dichvucong.gov.vn")


def check(words: str) -> CheckedAnswer:
    sms = agent_answer(A, words, CONVERSING, resolves=True)
    return check_outgoing(words, sms, segments_of=counted_by_length, own_sites=SITES)


def faults(words: str) -> list[str]:
    return [fault.message.key.removeprefix("outgoing_fault.") for fault in check(words).faults]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Muốn cấp lại mật khẩu, mang CCCD đến bộ phận một cửa.", []),
        ("muon cap lai mat khau, mang CCCD den bo phan mot cua", []),
        ("khong gui mat khau cho ai", []),
        ("mang CCCD den de nhan mat khau moi", []),
        ("gui mat khau cho toi", ["secret"]),
        ("cho xin ma OTP", ["secret"]),
        ("Xem tại https://danang.gov.vn/tin", []),
        ("Xem tại dichvucong.gov.vn", []),
        ("Xem tai a.dichvucong.gov.vn/x", []),
        ("Xem tai dichvucong.gov.vn.vneid.top", ["link"]),
        ("Xem tai xdanang.gov.vn", ["link"]),
        ("Xem tai https://danang.gov.vn@vneid.top/x", ["link"]),
        ("Xem tai danang.gov.vn,vneid.top", ["link"]),
        ("Viet cho a@vneid.top", ["link"]),
        ("Viet cho motcua@danang.gov.vn", []),
        ("Bam tel:0905123456", ["no_site"]),
        ("Goi 0236 3822222 hoac 1022", []),
        ("Ho so 000.00.12.H17-230815-0007, phi 1.500.000d, Q.Ba Dinh", []),
        ("gui mat khau qua vneid.top", ["secret", "link"]),
        ("  \n ", ["empty"]),
        ("x" * 417, []),
        ("x" * 418, ["segments"]),
        ("ế" * 160, []),
        ("王" * 140, []),
        ("王" * 200, ["segments"]),
    ],
)
def test_an_agents_text_is_refused_for_what_the_law_names(words: str, found: list[str]) -> None:
    assert faults(words) == found


def test_a_fault_says_what_is_wrong_and_where() -> None:
    words = "Chào anh. Gửi giúp\nmã OTP qua vneid.top nhé"
    secret, link = check(words).faults
    assert words[secret.start : secret.end] == "Gửi giúp\nmã OTP"
    assert str(secret.message).startswith('the text asks the citizen to send a secret: "Gửi giúp mã OTP".')
    assert words[link.start : link.end] == "vneid.top"
    assert str(link.message).startswith("vneid.top is a link to vneid.top, which is not a site of ours")


def test_a_text_that_is_too_long_says_how_many_segments_it_takes() -> None:
    checked = check("x" * 600)
    assert checked.segments == 5
    assert str(checked.faults[0].message) == (
        "the SMS is too long (5 of at most 3 segments, with the number and the closing sentence); shorten the text"
    )


def test_a_channel_whose_messages_have_no_segments_takes_one_message() -> None:
    checked = check_outgoing("x" * 161, "x" * 161, segments_of=counted_by_length, most_segments=1)
    assert [(fault.message.key, fault.message.values["most"]) for fault in checked.faults] == [
        ("outgoing_fault.segments", 1)
    ]


def test_own_links_are_named_for_a_second_confirmation() -> None:
    checked = check("Xem dichvucong.gov.vn va https://danang.gov.vn/tin, dichvucong.gov.vn")
    assert (list(checked.own_links), list(checked.faults)) == (
        ["dichvucong.gov.vn", "https://danang.gov.vn/tin"],
        [],
    )


def test_without_own_sites_every_link_is_refused() -> None:
    checked = check_outgoing("danang.gov.vn", "danang.gov.vn", segments_of=counted_by_length)
    assert [fault.message.key for fault in checked.faults] == ["outgoing_fault.link"]


def test_no_foreign_link_passes_between_words_and_own_links() -> None:
    chosen = random.Random(SEED)
    innocent = ("Xem", "dichvucong.gov.vn", "ngay", "-", "https://danang.gov.vn/a", "Q.Ba Dinh", "0236 3822222")
    for _ in range(1_000):
        words = chosen.choices(innocent, k=chosen.randrange(6))
        assert not {"link", "no_site"} & set(faults(" ".join(words)))
        words.insert(chosen.randrange(len(words) + 1), chosen.choice(LINKS))
        assert {"link", "no_site"} & set(faults(" ".join(words))), words


@given(st.text(max_size=700))
def test_any_text_is_checked(words: str) -> None:
    checked = check(words)
    assert checked.segments >= 1
    assert all(0 <= fault.start <= fault.end <= len(words) for fault in checked.faults)
