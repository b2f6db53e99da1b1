"""Questions that become tickets, under load, beside look-ups on the same gateway."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from itertools import count

from bench.carrier import Load
from bench.gateway import Installation
from bench.measured import Bench, Row, Target, full_speed
from bench.routing import RULES
from db.store.engine import open_database
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.demo.sample_directory import add_sample_city
from sms_gateway.process import keyfile

HOI = "HOI viec so {n}: den duong truoc nha toi hong da lau, ai sua va bao gio xong"
HOI_SHARE = 0.6
"""Least rate of questions, as a share of that of look-ups in the same run."""


def hoi(bench: Bench) -> Row:
    """Questions that become tickets, at full speed, beside look-ups on the same gateway with the conversation on."""
    place = Installation(bench.directory / "hoi")
    place.prepare()
    _furnish(place)
    place.configure(window=100, more="[conversation]\nenabled = true\n")
    with place.serving() as served:
        load = Load(port=place.ports["main"], count=200, window=100, pids=(served.pid,))
        bench.generator.run(load)
        look_ups, _ = full_speed(bench, load)
        questions = replace(load, template=HOI, check=False)
        fewer = replace(bench, sizes=replace(bench.sizes, texts=bench.sizes.texts // 2))
        report, rates = full_speed(fewer, questions)
        faults = served.faults()
    if faults:
        sys.stderr.write(f"the gateway's log tells errors:\n{chr(10).join(faults[:5])}\n")
    share = report["answers_per_second"] / look_ups["answers_per_second"]
    return Row(
        name="hoi",
        title="HOI, a ticket each, window 100, receipts",
        report=report,
        rates=rates,
        extra={"look_ups_per_second": look_ups["answers_per_second"], "share_of_look_ups": round(share, 2)},
        reference="plain100",
        targets=[Target(name="share of DVC", value=share, bound=HOI_SHARE, at_least=True)],
    )


def _furnish(place: Installation) -> None:
    """Write the units, contacts, wards and rules of a large city."""
    ids = count(1)
    with closing(open_database(place.url, keyfile.load(place.key_file))) as database, database.write() as connection:
        add_sample_city(
            connection, new_id=lambda: next(ids), today=utc_now().astimezone(LOCAL_ZONE).date(), rules=RULES
        )
