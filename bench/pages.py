"""How long the operators' pages take at the server, on the database as it is; asked by HTTP, as a browser does."""

from __future__ import annotations

import http.client
import re
import time
from datetime import timedelta
from statistics import median
from urllib.parse import urlencode

import click

from bench.carrier import CODE, FIRST_DOSSIER, BenchError
from bench.fill import FIRST_CITIZEN
from bench.gateway import Installation
from db.schema import OperatorRole
from db.staff.operators import add_operator, change_password, find_operator
from db.staff.sessions import close_session, open_session
from db.store.engine import open_database
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.process import keyfile

REPEATS = 5
_TOKEN = "bench-token-of-an-operator-on-loopback"  # noqa: S105 - ends with the database
_CSRF = "bench-csrf"
_MESSAGES = "/admin/messages"
_TICKETS = "/admin/tickets"
_OPERATOR_ID = 1
_DETAIL = re.compile(r'href="(/admin/messages/\d+)')
_OLDER = re.compile(r'href="(/admin/messages\?[^"]*before=\d+[^"]*)"')
_NAVIGATION = re.compile(r"<nav.*?</nav>", re.DOTALL)
_LINK = re.compile(r'href="(/admin[^"?#]*)"')
_FINE = (http.client.OK, http.client.SERVICE_UNAVAILABLE)  # health says so while no link is bound
_TICKET = re.compile(r'href="(/admin/tickets/\d+)')
_LEFT_OUT = ("/admin/log-out", "/admin/password", "/admin/language")


def log_in(place: Installation) -> None:
    """Make an operator with an open session, so that pages can be asked without the log-in's slow password."""
    database = open_database(place.url, keyfile.load(place.key_file))
    now = utc_now()
    with database.write() as connection:
        if find_operator(connection, "bench") is None:
            role = OperatorRole.ADMINISTRATOR
            add_operator(connection, operator_id=_OPERATOR_ID, name="bench", password_hash="-", role=role, now=now)  # noqa: S106
            change_password(connection, _OPERATOR_ID, "-")  # it need not be changed any more
        close_session(connection, _TOKEN)  # of a run before: it was not used and ended
        expires = now + timedelta(days=30)
        open_session(connection, token=_TOKEN, operator_id=_OPERATOR_ID, csrf=_CSRF, now=now, expires_at=expires)
    database.close()


def time_pages(port: int) -> dict[str, float]:
    """Return the milliseconds of each page: the median of several requests on a connection kept alive."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    first = get_page(connection, _MESSAGES)
    addresses = _addresses(connection, first)
    for found in _NAVIGATION.findall(first):
        for address in _LINK.findall(found):
            if address not in _LEFT_OUT and address not in addresses.values():
                addresses[address] = address
    times: dict[str, float] = {}
    for name, address in addresses.items():
        if address is None:
            continue  # a log too short to have one
        try:
            times[name] = _time(connection, address)
        except BenchError as error:
            click.echo(f"left out: {error}", err=True)
    connection.close()
    return times


def time_ticket_pages(port: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return the milliseconds of the log and of the pages of tickets, and each page's median ratio to the log.

    A page is asked for by turns with the log, since a shared machine is now faster and now slower.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    lists = {name: f"{_TICKETS}?list={name}" for name in ("mine", "unassigned", "due_soon", "late", "resolved")}
    pages = {
        "inbox": _TICKETS,
        **{f"inbox: {name}": address for name, address in lists.items()},
        "ticket": _first(_TICKET, get_page(connection, _TICKETS)),
        "to sort": f"{_TICKETS}/sort",
    }
    times: dict[str, list[float]] = {"log": []}
    ratios: dict[str, list[float]] = {}
    for name, address in pages.items():
        if address is None:
            raise BenchError("the inbox shows no ticket; fix: give --tickets more")
        for _ in range(2 * REPEATS):
            log, page = (_milliseconds(connection, each) for each in (_MESSAGES, address))
            times["log"].append(log)
            times.setdefault(name, []).append(page)
            ratios.setdefault(name, []).append(page / log)
    connection.close()
    return (
        {name: round(median(taken), 1) for name, taken in times.items()},
        {name: round(median(found), 2) for name, found in ratios.items()},
    )


def _addresses(connection: http.client.HTTPConnection, first: str) -> dict[str, str | None]:
    """Return what is asked by name: the log, its filters alone and together, one message, searches."""
    today = utc_now().astimezone(LOCAL_ZONE)
    yesterday, long_ago = ((today - timedelta(days=days)).date().isoformat() for days in (1, 200))
    by_number = _filtered_by_number(connection)
    filters = {
        "command": "reading=register_account",
        "command that nobody sent": "reading=help",
        "any misread": "reading=misread",
        "link": "link=main",
        "link that nobody uses": "link=other",
        "state": "state=failed",
        "state, none": "state=parked",
        "command and state": "reading=register_account&state=failed",
        "misread and state": "reading=misread&state=expired",
        "command and common state": "reading=register_account&state=delivered",
        "command that nobody sent and common state": "reading=help&state=delivered",
        "unsure, none": "unsure=1",
        "code": f"code={CODE.replace('{n}', str(FIRST_DOSSIER + 7))}",
        "code, none": "code=000.00.99.H99-990101-0001",
        "day": f"from={yesterday}&to={yesterday}",
        "day long ago": f"from={long_ago}&to={long_ago}",
        "day long ago, failed": f"from={long_ago}&to={long_ago}&state=failed",
        "day long ago, command and state": f"from={long_ago}&to={long_ago}&reading=register_account&state=failed",
        "day long ago, any misread": f"from={long_ago}&to={long_ago}&reading=misread",
        "half a year, code": f"from={long_ago}&code={CODE.replace('{n}', str(FIRST_DOSSIER + 7))}",
        "everything": f"reading=register_account&state=failed&link=main&from={long_ago}&to={yesterday}",
    }
    return {
        "log": _MESSAGES,
        "log, older": _first(_OLDER, first),
        "log by number": by_number,
        "log by number and state": by_number and f"{by_number}&state=silenced",
        "log by number, command and day": by_number and f"{by_number}&reading=register_account&from={long_ago}",
        **{f"log by {name}": f"{_MESSAGES}?{query}" for name, query in filters.items()},
        "detail": _first(_DETAIL, first),
        "misreads of 30 days": "/admin/misreads?days=30",
        "dossiers by code": f"/admin/dossiers?code={CODE.replace('{n}', str(FIRST_DOSSIER + 7))}",
        "dossiers by the beginning of a code": f"/admin/dossiers?code={CODE.replace('{n}', '')}",
        "dossiers by a state, none": "/admin/dossiers?status=7",
        "accounts, a name that nobody has": "/admin/accounts?name=nobody",
        "metrics": "/metrics",
        "health": "/healthz",
    }


def _time(connection: http.client.HTTPConnection, address: str) -> float:
    return round(median(_milliseconds(connection, address) for _ in range(REPEATS)), 1)


def _milliseconds(connection: http.client.HTTPConnection, address: str) -> float:
    started = time.perf_counter()
    get_page(connection, address)
    return 1000 * (time.perf_counter() - started)


def get_page(connection: http.client.HTTPConnection, address: str) -> str:
    """Ask for a page as the operator of `log_in`; raises BenchError unless it is shown."""
    connection.request("GET", address, headers=_headers())
    response = connection.getresponse()
    body = response.read().decode("utf-8", "replace")
    if response.status not in _FINE:
        raise BenchError(f"{address.partition('?')[0]} said {response.status}")
    return body


def _filtered_by_number(connection: http.client.HTTPConnection) -> str | None:
    """Ask for a citizen's texts as the form does; the number travels sealed, so the service alone can say where to."""
    fields = {"csrf": _CSRF, "number": str(FIRST_CITIZEN)}
    sent = _headers() | {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{_MESSAGES}/filter", body=urlencode(fields), headers=sent)
    response = connection.getresponse()
    response.read()
    return response.getheader("Location")


def _headers() -> dict[str, str]:
    return {"Cookie": f"session={_TOKEN}"}


def _first(pattern: re.Pattern[str], page: str) -> str | None:
    found = pattern.search(page)
    return found[1].replace("&amp;", "&") if found else None
