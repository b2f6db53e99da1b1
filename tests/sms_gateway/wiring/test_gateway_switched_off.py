"""A service that another process switches off is off on every channel, SMPP, HTTP and Zalo, and on again as soon."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr

from db.staff.service_switches import switch_off, switch_on
from db.store.engine import open_database
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Direction
from sms_gateway.process import keyfile, live_switch
from sms_gateway.process.startup import opened
from sms_gateway.settings.back_office_model import NoticesSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import ChannelSettings, LinkSettings
from sms_gateway.settings.model import LimitsSettings, LookupsSettings, ServiceSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.back_office.own_tables.test_live_tables import table, write
from tests.sms_gateway.channels.http.networks.zalo_service import Service, Zalo, make_database
from tests.sms_gateway.channels.http.networks.zalo_service import settings as zalo_settings
from tests.sms_gateway.channels.http.provider import provider
from tests.sms_gateway.wiring.test_gateway_sample_command import smsc

__all__ = ["smsc"]  # a fixture

SECRET = "canary-shared-secret"
BY_SMPP, BY_HTTP = "84905123456", "84905123457"
CODE = "000.00.12.H17-230815-0007"
TEXTS = {
    "register_account": "TK, Nguyen Van An, 201499999, 1950",
    "look_up_dossier": f"DVC {CODE}",
    "conversation": "HOI may gio mo cua vay",
    "notices": f"DK {CODE}",
    "table_bus": "BUS R16",
}
LOOK = 0.02


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ask(gateway: Gateway, body: str, number: int) -> None:
    assert gateway.web is not None
    fields = {"from": BY_HTTP, "to": "8188", "text": body, "id": f"r-{number}"}
    headers = {"Content-Type": "application/json", "X-Gateway-Secret": SECRET}
    url = f"http://127.0.0.1:{gateway.web.port}/mo/agg"
    with urlopen(Request(url, data=json.dumps(fields).encode(), headers=headers), timeout=10) as response:
        assert response.status == 200


def test_each_service_is_off_and_on_again_on_every_channel_when_another_process_says_so(
    tmp_path: Path, smsc: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_switch, "LOOK_SECONDS", LOOK)
    own = make_database(tmp_path)

    def texts_to(phone: str) -> list[str]:
        return [one.text for one in smsc.conversation(phone) if one.direction is Direction.MT]

    with provider(Zalo()) as api:

        def by_zalo() -> list[str]:
            return [json.loads(one.body)["message"]["text"] for one in api.seen if one.target == "/send"]

        every = Settings(
            database=own,
            web=WebSettings(port=0),
            links={"main": LinkSettings(host="127.0.0.1", port=smsc.port, system_id="gw")},
            channels={
                "zalo": zalo_settings(api.url),
                "agg": ChannelSettings(reply_link="main", secret=SecretStr(SECRET)),
            },
            service=ServiceSettings(price="1500 dong/tin"),
            conversation=ConversationSettings(enabled=True),
            notices=NoticesSettings(enabled=True),
            lookups=LookupsSettings(enabled=True),
            limits=LimitsSettings(machine_answers=20),
        )
        other = open_database(own.url, keyfile.load(own.key_file))
        with opened(every) as database:
            write(database, table(1), ("R16", "Chợ Cồn - Hội An"))
            gateway = Gateway(every, database)
            gateway.start()
            try:
                smsc.wait_bound(1)
                zalo = Service(gateway=gateway, database=database)
                for number, (name, text) in enumerate(TEXTS.items()):
                    sentence = f"Dich vu so {number} tam ngung."
                    with other.write() as connection:
                        switch_off(connection, name, operator="lan", now=utc_now(), sentence=sentence)
                    time.sleep(2 * LOOK)
                    smsc.send_text(BY_SMPP, "8188", text)
                    ask(gateway, text, number)
                    zalo.event("user_send_text", {"text": text, "msg_id": f"a{number}"})
                    until(lambda sentence=sentence: sentence in texts_to(BY_SMPP))  # type: ignore[misc] # a loop's lambda
                    until(lambda sentence=sentence: sentence in texts_to(BY_HTTP))  # type: ignore[misc] # a loop's lambda
                    until(lambda sentence=sentence: sentence in by_zalo())  # type: ignore[misc] # a loop's lambda
                    with other.write() as connection:
                        switch_on(connection, name)
                time.sleep(2 * LOOK)
                smsc.send_text(BY_SMPP, "8188", "bus tuyen r16")
                until(lambda: "Tuyen R16: Cho Con - Hoi An." in texts_to(BY_SMPP))
                smsc.send_text(BY_SMPP, "8188", "HD GIA")
                zalo.event("user_send_text", {"text": "Giá?", "msg_id": "a9"})
                until(lambda: any("den 8188: 1500 dong/tin" in one and "HUY" in one for one in texts_to(BY_SMPP)))
                until(lambda: any("khong mat phi" in one for one in by_zalo()))
            finally:
                gateway.stop()
                other.close()
