"""A service in this process, and what is asked of it over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pydantic import SecretStr
from sqlalchemy import func, select

from db.schema import inbound
from db.store.engine import open_database
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from sms_gateway.wiring.serving import watch
from tests.migrated import upgrade

SECRET = "canary-door-secret-6f1c"


SECONDS = 15.0


def settings_for(url: str, keys: Path) -> Settings:
    return Settings(
        database=DatabaseSettings(url=url, key_file=keys),
        web=WebSettings(port=0),
        channels={"portal": ChannelSettings(secret=SecretStr(SECRET), reply=ReplyWay.BODY)},
    )


def prepare(settings: Settings) -> None:
    database = open_database(settings.database.url, keyfile.load_or_make(settings.database.key_file))
    upgrade(database)
    database.close()


@dataclass(kw_only=True)
class Running:
    """A service in this process, and what is asked of it over HTTP."""

    gateway: Gateway
    thread: Thread
    asked: Event
    codes: list[int]

    def get(self, address: str) -> tuple[int, str]:
        assert self.gateway.web is not None
        try:
            with urlopen(f"http://127.0.0.1:{self.gateway.web.port}{address}", timeout=15) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def health(self) -> tuple[int, list[str]]:
        code, body = self.get("/healthz")
        return code, json.loads(body).get("troubles", [])

    def send(self, sender: str) -> int:
        assert self.gateway.web is not None
        fields = json.dumps({"from": sender, "to": "8188", "text": "HD"}).encode()
        headers = {"Content-Type": "application/json", "X-Gateway-Secret": SECRET}
        request = Request(f"http://127.0.0.1:{self.gateway.web.port}/mo/portal", data=fields, headers=headers)
        try:
            with urlopen(request, timeout=15) as response:
                return int(response.status)
        except HTTPError as error:
            return error.code

    def eventually(self, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
        deadline = monotonic() + seconds
        while not condition():
            assert monotonic() < deadline, "it did not happen in time"
            sleep(0.05)

    def ended(self) -> int:
        self.thread.join(SECONDS)
        assert self.codes, "it runs on"
        return self.codes[0]


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        codes: list[int] = []
        asked = Event()
        thread = Thread(target=lambda: codes.append(watch(gateway, asked)))
        thread.start()
        try:
            yield Running(gateway=gateway, thread=thread, asked=asked, codes=codes)
        finally:
            asked.set()
            thread.join(SECONDS)


def stored(url: str, keys: Path) -> int:
    database = open_database(url, keyfile.load(keys))
    with database.read() as connection:
        count = connection.scalar(select(func.count()).select_from(inbound))
    database.close()
    return count or 0
