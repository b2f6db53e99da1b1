"""A text in, an event out: the whole service informs a system of the city, and nothing is there without a receiver."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from standardwebhooks import Webhook

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.processes.duties import list_duties
from db.schema import DossierStatus, WebhookState, WebhookType, webhook
from db.store.engine import Database, open_database
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WAIT_SECONDS
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.settings.webhook_model import WebhookSettings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.channels.http.provider import Provider, Say, provider

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MO_SECRET = "k3h9xmq2-of-the-aggregator"
WANTED = [WebhookType.ACCOUNT_OPENED, WebhookType.DOSSIER_ASKED, WebhookType.DOSSIER_CHANGED]


def every(database: Database, folder: Path, receiver: Provider | None) -> Settings:
    url = database.writer.url.render_as_string(hide_password=False)
    channel = ChannelSettings(secret=SecretStr(MO_SECRET), reply=ReplyWay.BODY)
    hook = WebhookSettings(url=receiver.url if receiver else "", secret=SecretStr(SECRET), events=WANTED)
    return Settings(
        database=DatabaseSettings(url=url, key_file=folder / "keys"),
        web=WebSettings(port=0),
        channels={"web": channel},
        webhooks={"lgsp": hook},
    )


@contextmanager
def process(settings: Settings) -> Iterator[Gateway]:
    place = settings.database
    database = open_database(place.address, keyfile.load_or_make(place.key_file), wait_seconds=WAIT_SECONDS)
    gateway = Gateway(settings, database)
    gateway.start()
    try:
        yield gateway
    finally:
        if gateway.pipeline.alive():
            gateway.stop()
        database.close()


def text(gateway: Gateway, words: str, number: int) -> str:
    assert gateway.web is not None
    fields = {"from": "84905123456", "to": "8188", "text": words, "id": f"m{number}"}
    headers = {"Content-Type": "application/json", "X-Gateway-Secret": MO_SECRET}
    url = f"http://127.0.0.1:{gateway.web.port}/mo/web"
    with urlopen(Request(url, json.dumps(fields).encode(), headers), timeout=20) as response:
        return str(response.read().decode())


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.no_cover
def test_tk_and_dvc_inform_the_receiver_in_the_commit_of_their_answer(database: Database, tmp_path: Path) -> None:
    with provider(lambda _: Say(status=204)) as receiver:
        settings = every(database, tmp_path, receiver)
        with process(settings) as gateway:
            own = open_database(settings.database.address, keyfile.load(settings.database.key_file))
            with own.write() as connection:  # a command without receivers: the service's own import would inform
                facts = [DossierFacts(code="H17.12-230815-0007", status=DossierStatus.IN_PROGRESS)]
                import_dossiers(connection, facts, new_id=lambda: 1, now=utc_now() - timedelta(days=1))
            own.close()
            assert "dang" in text(gateway, "DVC H17.12-230815-0007", 1)
            assert "nguyenvana" in text(gateway, "TK Nguyen Van A, 201499999, 20/12/1990", 2)
            delivered = select(func.count()).where(webhook.c.state == WebhookState.DELIVERED)

            def done() -> bool:
                with database.read() as connection:
                    return connection.scalar(delivered) == 2

            until(done)
        bodies = [Webhook(SECRET).verify(seen.body, dict(seen.headers)) for seen in receiver.seen]
    found = {(one["type"], next(iter(one["data"]))) for one in bodies}
    assert found == {("dossier.asked", "dossier"), ("account.opened", "account")}
    assert len({seen.headers["webhook-id"] for seen in receiver.seen}) == len(receiver.seen) == 2
    for seen in receiver.seen:
        assert b"84905123456" not in seen.body
        assert b"nguyenvana" not in seen.body


def test_without_an_address_there_is_no_job_no_duty_no_metric_and_no_row(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with process(every(sqlite_database, tmp_path, None)) as gateway:
        text(gateway, "TK Nguyen Van A, 201499999, 20/12/1990", 1)
        assert "forget_webhooks" not in gateway.job_names
        assert gateway.web is not None
        with urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=20) as response:
            assert b"sms_webhook_waiting_seconds{" not in response.read()
    with sqlite_database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(webhook)) == 0


@pytest.mark.long
@pytest.mark.no_cover
def test_another_process_takes_the_duty_over_and_sends_what_waits(postgres_database: Database, tmp_path: Path) -> None:
    with provider(lambda _: Say(status=503)) as receiver:
        settings = every(postgres_database, tmp_path, receiver)
        with process(settings) as first, process(settings) as second:

            def owners() -> list[str]:
                with postgres_database.read() as connection:
                    return [one.owner for one in list_duties(connection) if one.name == "webhook:lgsp"]

            until(lambda: owners() not in ([], ["-"]))
            (owner,) = owners()
            text(first, "TK Nguyen Van A, 201499999, 20/12/1990", 1)
            receiver.wait_for(1)
            receiver.answer = lambda _: Say(status=204)
            holder = first if "webhook:lgsp" in first.duties.held else second
            holder.stop()
            until(lambda: owners() not in ([owner], ["-"]))
            receiver.wait_for(2)
    assert len({seen.headers["webhook-id"] for seen in receiver.seen}) == 1
