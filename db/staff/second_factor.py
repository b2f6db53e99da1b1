"""The second factor of a log-in: its secret, the last code that was taken, and recovery codes, kept as marks only."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from db.schema import operator, recovery_code


def set_second_factor(
    connection: Connection, operator_id: int, secret: str, codes: Collection[str], *, step: int
) -> None:
    """Store a new secret (base32) and recovery codes in place of those before.

    `step` is that of the code which proved the secret: a code serves once, that one too.
    """
    connection.execute(update(operator).where(operator.c.id == operator_id).values(totp_secret=secret, totp_step=step))
    renew_recovery_codes(connection, operator_id, codes)


def renew_recovery_codes(connection: Connection, operator_id: int, codes: Collection[str]) -> None:
    """Store recovery codes, each of at least 80 random bits, in place of those before."""
    connection.execute(delete(recovery_code).where(recovery_code.c.operator_id == operator_id))
    if codes:
        connection.execute(insert(recovery_code), [{"operator_id": operator_id, "code_mark": code} for code in codes])


def remove_second_factor(connection: Connection, operator_id: int) -> None:
    """Let the password alone open the log-in again."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(totp_secret=None, totp_step=None))
    connection.execute(delete(recovery_code).where(recovery_code.c.operator_id == operator_id))


def take_step(connection: Connection, operator_id: int, step: int) -> bool:
    """Use up the code of this time step (RFC 6238 §5.2: a code serves once); False when it was used before."""
    unused = or_(operator.c.totp_step.is_(None), operator.c.totp_step < step)
    taken = connection.execute(update(operator).where(operator.c.id == operator_id, unused).values(totp_step=step))
    return taken.rowcount == 1


def take_recovery_code(connection: Connection, operator_id: int, code: str) -> bool:
    """Use up a recovery code; False when there is no such one."""
    gone = connection.execute(
        delete(recovery_code).where(recovery_code.c.operator_id == operator_id, recovery_code.c.code_mark == code)
    )
    return gone.rowcount == 1


def recovery_codes_left(connection: Connection, operator_id: int) -> int:
    """Count the recovery codes that were not used."""
    question = select(func.count()).select_from(recovery_code).where(recovery_code.c.operator_id == operator_id)
    return connection.execute(question).scalar_one()
