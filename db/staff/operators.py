"""Operators: who may log in, their passwords and roles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from db.schema import OperatorRole, log_in_try, operator
from db.staff.operator_row import Operator, read_operator
from db.staff.second_factor import remove_second_factor
from db.staff.sessions import close_sessions_of

ONE_TIME = timedelta(hours=24)
"""How long a one-time password opens; long enough to hand it over and to use it the next morning."""

COMMAND_LINE = "command-line"
"""Stands for the operator in rows that a command wrote."""

_LETTERS = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_NAME = re.compile(rf"[{_LETTERS}0-9._-]{{1,64}}")
_ALIKE = str.maketrans("01i._", "oll--")

NOBODYS = frozenset({COMMAND_LINE, "loop"})
"""Names that stand in rows for no person; an operator who had one could pass for a program."""


def normal_name(typed: str) -> str:
    """Bring an operator's name to the form it is stored in.

    >>> normal_name("  Lan.Anh ")
    'lan.anh'
    """
    return unicodedata.normalize("NFC", typed).strip().casefold()


def is_name(typed: str) -> bool:
    """Return whether a new operator may have this name: letters of Vietnamese, digits, and three signs, one word.

    >>> is_name("Hậu.Lê-07"), is_name("lan/anh"), is_name("lan anh"), is_name("")
    (True, False, False, False)
    """
    return _NAME.fullmatch(normal_name(typed)) is not None


def look_of(name: str) -> str:
    """Return what is left of a name at a glance: accents, O and 0, l, I and 1, rn and m are taken for one another.

    >>> look_of("lân.1"), look_of("Ian-l")
    ('lan-l', 'lan-l')
    """
    letters = unicodedata.normalize("NFKD", normal_name(name).replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.translate(_ALIKE).replace("rn", "m").replace("vv", "w")


def find_alike(connection: Connection, name: str) -> str | None:
    """Return the name of an operator, or of a program, that nobody could tell from this one in the audit log."""
    look = look_of(name)
    names = (*connection.scalars(select(operator.c.name).order_by(operator.c.name)), *sorted(NOBODYS))
    same = [one for one in names if look_of(one) == look]
    return normal_name(name) if normal_name(name) in same else next(iter(same), None)


def add_operator(
    connection: Connection, *, operator_id: int, name: str, password_hash: str, role: OperatorRole, now: datetime
) -> bool:
    """Add an operator with a one-time password, which ends after ONE_TIME; False when the name or one alike is taken.

    Raises ValueError for a name that `is_name` refuses.
    """
    if not is_name(name):
        raise ValueError("not a name for an operator")
    if find_alike(connection, name) is not None:
        return False
    connection.execute(
        insert(operator).values(
            id=operator_id,
            name=normal_name(name),
            password_hash=password_hash,
            role=role,
            must_change=True,
            password_until=now + ONE_TIME,
            created_at=now,
        )
    )
    return True


def find_operator_by_id(connection: Connection, operator_id: int) -> Operator | None:
    """Return the operator in this row."""
    row = connection.execute(select(operator).where(operator.c.id == operator_id)).one_or_none()
    return None if row is None else read_operator(row)


def find_operator(connection: Connection, name: str) -> Operator | None:
    """Find an operator by name, as typed."""
    row = connection.execute(select(operator).where(operator.c.name == normal_name(name))).one_or_none()
    return None if row is None else read_operator(row)


def list_operators(connection: Connection) -> Sequence[Operator]:
    """List every operator by name."""
    return [read_operator(row) for row in connection.execute(select(operator).order_by(operator.c.name))]


def names_of(connection: Connection, operator_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of these operators, by id."""
    if not operator_ids:
        return {}
    asked = select(operator.c.id, operator.c.name).where(operator.c.id.in_(sorted(operator_ids)))
    return {row.id: row.name for row in connection.execute(asked)}


def reset_password(connection: Connection, name: str, password_hash: str, now: datetime) -> bool:
    """Give a one-time password, lift the locks, take the second factor away (a lost telephone) and end every session.

    False when there is no such operator.
    """
    found = find_operator(connection, name)
    if found is None:
        return False
    _set_password(connection, found.id, password_hash, until=now + ONE_TIME)
    remove_second_factor(connection, found.id)
    return True


def change_password(connection: Connection, operator_id: int, password_hash: str) -> None:
    """Take the operator's own new password and end every session; the caller opens a new one."""
    _set_password(connection, operator_id, password_hash, until=None)


def set_disabled(connection: Connection, operator_id: int, *, disabled: bool) -> None:
    """Shut an operator out, sessions and all, or let them in again."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(disabled=disabled))
    if disabled:
        close_sessions_of(connection, operator_id)


def set_role(connection: Connection, operator_id: int, role: OperatorRole) -> None:
    """Give another role; it holds from the next request on."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(role=role))


def open_administrators(connection: Connection) -> int:
    """Count the administrators who can log in: the last one must not be shut out."""
    question = select(operator.c.id).where(
        operator.c.role == OperatorRole.ADMINISTRATOR, operator.c.disabled.is_(False)
    )
    return len(connection.execute(question).all())


def _set_password(connection: Connection, operator_id: int, password_hash: str, *, until: datetime | None) -> None:
    values = {"password_hash": password_hash, "must_change": until is not None, "password_until": until}
    connection.execute(
        update(operator).where(operator.c.id == operator_id).values(**values, failures=0, locked_until=None)
    )
    connection.execute(delete(log_in_try).where(log_in_try.c.operator_id == operator_id))
    close_sessions_of(connection, operator_id)
