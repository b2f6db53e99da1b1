"""Whether a notice still says what is so when it is written."""

from __future__ import annotations

from datetime import date

from db.notices.changes import KINDS, Told, value_of
from db.notices.release import DueNotice, is_true
from db.schema import DossierStatus, NoticeKind
from tests.db.notices.followers import CODE, PHONE, S, at

TODAY, TOMORROW = date(2026, 11, 30), date(2026, 12, 1)


def due(kind: NoticeKind, value: str, told: Told) -> DueNotice:
    """Return a notice whose time has come."""
    return DueNotice(
        id=1,
        dossier_id=1,
        kind=kind,
        value=value,
        made_at=at(0),
        phone=PHONE,
        phone_mark=b"x",
        link=None,
        short_code=None,
        language=None,
        code=CODE,
        with_secret=False,
        dossier=told,
    )


def test_a_state_is_told_only_while_it_holds_with_the_same_words() -> None:
    for status, kind in KINDS.items():
        told = Told(status=status, wanted="CCCD", fix="quay 3", pick_up="Mot cua")
        assert is_true(due(kind, value_of(told), told), TODAY), status
        for other in DossierStatus:
            changed = Told(status=other, wanted="CCCD", fix="quay 3", pick_up="Mot cua")
            assert is_true(due(kind, value_of(told), changed), TODAY) is (other is status), (status, other)
    wanted = Told(status=S.PAPERS_WANTED, wanted="CCCD", fix="quay 3")
    for words in (Told(status=S.PAPERS_WANTED, wanted="anh"), Told(status=S.PAPERS_WANTED, wanted="CCCD")):
        assert not is_true(due(NoticeKind.PAPERS_WANTED, value_of(wanted), words), TODAY)


def test_a_date_is_told_only_while_the_office_works_and_it_is_tomorrow() -> None:
    cases = [
        (NoticeKind.DUE_TOMORROW, TOMORROW, S.IN_PROGRESS, TOMORROW, True),
        (NoticeKind.DUE_TOMORROW, TOMORROW, S.DONE, TOMORROW, False),
        (NoticeKind.DUE_TOMORROW, TOMORROW, S.PAPERS_WANTED, TOMORROW, False),
        (NoticeKind.DUE_TOMORROW, TOMORROW, S.IN_PROGRESS, date(2026, 12, 9), False),
        (NoticeKind.DUE_TOMORROW, TODAY, S.IN_PROGRESS, TODAY, False),  # it waited for a day
        (NoticeKind.OVERDUE, date(2026, 11, 29), S.IN_PROGRESS, date(2026, 12, 9), True),
        (NoticeKind.OVERDUE, date(2026, 11, 29), S.DONE, date(2026, 11, 29), False),
    ]
    for kind, day, status, due_on, expected in cases:
        one = due(kind, day.isoformat(), Told(status=status, due_on=due_on))
        assert is_true(one, TODAY) is expected, (kind, day, status, due_on)
