"""A running demo whose link an administrator drains, stops and starts on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from sms_gateway.demo.service import LINK, OPERATOR, RunningDemo, started

PASSWORD = "a demo on this machine only"
SECONDS = 15.0


def visit(opener: OpenerDirector, address: str, **fields: str) -> str:
    data = urlencode(fields).encode() if fields else None
    with opener.open(address, data=data, timeout=10) as response:
        return str(response.read().decode())


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def log_in(opener: OpenerDirector, demo: RunningDemo) -> None:
    address = f"{demo.address}/admin"
    assert demo.password is not None  # the demo is new
    csrf = token(visit(opener, f"{address}/log-in"))
    page = visit(opener, f"{address}/log-in", csrf=csrf, name=OPERATOR, password=demo.password)
    visit(opener, f"{address}/password", csrf=token(page), current=demo.password, new=PASSWORD, again=PASSWORD)


def wait_for(is_so: Callable[[], bool]) -> bool:
    deadline = monotonic() + SECONDS
    while not is_so():
        if monotonic() > deadline:
            return False
    return True


@pytest.mark.timeout(120)
def test_a_link_is_drained_stopped_and_started_again(tmp_path: Path) -> None:
    with started(tmp_path, 0) as demo:
        try:
            opener = build_opener(HTTPCookieProcessor(CookieJar()))
            log_in(opener, demo)
            page = f"{demo.address}/admin/links"

            def is_up() -> list[bool]:
                return [state.up for state in demo.gateway.channel_states() if state.name == LINK]

            def turn(action: str) -> None:
                visit(opener, f"{page}/{LINK}", csrf=token(visit(opener, page)), action=action)

            turn("drain")
            assert is_up() == [True]
            turn("stop")
            assert is_up() == []
            assert demo.gateway.dead_parts() == []
            turn("start")
            assert wait_for(lambda: is_up() == [True])
            answered = len(demo.smsc.conversation("84905123456"))
            demo.smsc.send_text("84905123456", "8188", "HD")
            assert wait_for(lambda: len(demo.smsc.conversation("84905123456")) >= answered + 2)
        finally:
            demo.gateway.stop()
