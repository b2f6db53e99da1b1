"""Scenarios: read strictly, played on a real link, summed up; the link survives what a carrier can do."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sms_gateway.cli.service.simulate import simulate
from sms_gateway.demo.simulator import Dialect, Faults, MessageIds
from sms_gateway.demo.simulator.player import Summary, make_simulator, play
from sms_gateway.demo.simulator.scenario import Scenario, ScenarioFaultyError, lay_over, read_scenario
from tests.sms_gateway.channels.smpp.fixtures.certificates import Authority
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, Script, make_link

TEXTS = [{"text": "HD", "count": 60, "per_second": 400}]


def run(scenario: dict[str, Any], **link: Any) -> tuple[Summary, Pipeline]:
    """Play a scenario against a link whose pipeline answers everything at once."""
    read = Scenario.model_validate({"seconds": 20, "texts": TEXTS, "settle_seconds": 0.1} | scenario)
    simulator = make_simulator(read)
    simulator.start()
    pipeline = Pipeline(Script(answer=lambda text: f"Da nhan: {text.body}"))
    gateway = make_link(simulator.port, pipeline, **link)
    gateway.start()
    try:
        return play(read, simulator), pipeline
    finally:
        gateway.stop(2)
        simulator.stop()


@pytest.mark.parametrize("ids", list(MessageIds))
@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_dialect_of_receipts_is_understood(ids: MessageIds, dialect: Dialect) -> None:
    faults = {"message_ids": ids, "dialect": dialect, "receipt_tlvs": False, "receipt_class": dialect != "standard"}
    summary, pipeline = run({"faults": faults, "texts": [{"text": "HD", "count": 3}]})
    assert summary.complete
    assert summary.receipts_taken == 3
    assert [receipt.state for receipt in pipeline.receipts] == ["delivered"] * 3
    assert len(pipeline.texts) == 3  # no receipt was taken for a command


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"fragment_octets": 1}, id="octet by octet"),
        pytest.param({"corrupt_share": 0.3}, id="corrupt"),
        pytest.param({"reorder_share": 0.5}, id="reordered"),
        pytest.param({"response_delay": 0.05, "receipt_first": True}, id="slow, receipts first"),
    ],
)
def test_what_goes_wrong_on_the_wire_costs_no_text(faults: dict[str, Any]) -> None:
    summary, _ = run({"faults": faults})
    assert summary.complete
    assert (summary.answers, summary.doubled_answers) == (60, 0)
    assert summary.binds == 1
    assert summary.responses["ESME_ROK"] >= 60


def test_doubled_and_forgotten_deliveries_are_all_acknowledged() -> None:
    faults = {"double_share": 0.3, "forget_share": 0.3}
    summary, pipeline = run({"faults": faults, "events": [{"at": 0.1, "do": "drop"}]})
    assert summary.doubled
    assert summary.forgotten
    assert summary.texts == summary.acknowledged
    assert summary.binds == 2
    assert len(pipeline.texts) > 60  # the pipeline tells repetitions; this one does not


@pytest.mark.parametrize("act", ["drop", "freeze", "unbind", "bad_length"])
def test_the_link_comes_back_after_whatever_ended_it(act: str) -> None:
    scenario = {
        "expect_answers": False,  # this pipeline does not send again what was on its way
        "events": [{"at": 0.05, "do": act}],
        "texts": [*TEXTS, {"text": "HD", "sender": "849", "at": 0.6}],
    }
    summary, _ = run(scenario, enquire_seconds=0.1, response_seconds=0.2)
    assert summary.binds == 2
    assert summary.texts == summary.acknowledged == 61


@pytest.mark.parametrize("act", ["enquire", "garbage"])
def test_the_link_stands_whatever_is_asked(act: str) -> None:
    summary, _ = run({"events": [{"at": 0.05, "do": act}]})
    assert (summary.binds, summary.complete) == (1, True)


def test_storms_and_wrong_ids_are_counted() -> None:
    faults = {"storm_every": 0.4, "storm_seconds": 0.1, "wrong_id_share": 0.5}
    summary, pipeline = run({"faults": faults, "expect_answers": False, "settle_seconds": 1.0})
    assert summary.submits["ESME_RTHROTTLED"] > 0
    assert summary.wrong_ids > 0
    assert not summary.complete
    assert pipeline.reports


def test_faults_change_when_told() -> None:
    events = [{"at": 0.3, "faults": {"reject_share": 1.0}}]
    texts = [{"text": "HD"}, {"text": "HD", "sender": "849", "at": 0.4}]
    summary, _ = run({"events": events, "texts": texts, "expect_answers": False, "settle_seconds": 0.3})
    assert summary.submits == {"ESME_ROK": 1, "ESME_RINVDSTADR": 1}
    assert summary.answered == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seconds = 0", "seconds: "),
        ("colour = 1", "colour: "),
        ("[faults]\ncolour = 1", "faults.colour: there is none of this name"),
        ('[faults]\ndialect = "latin"', "faults.dialect: "),
        ("[[events]]\nat = 1\nfaults = { window = 'x' }", "faults.window: "),
        ('[[texts]]\ntext = "HD"\nsender = "LAN"', "texts.0.sender: "),
        ("seconds = ", "is no TOML"),
        ("\udcff", "is no TOML"),
        ("#" * 300_000, "is longer than"),
    ],
)
def test_says_what_is_wrong_with_a_scenario(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ScenarioFaultyError, match=told.replace(".", r"\.")):
        read_scenario(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaultyError, match="cannot be read"):
        read_scenario(tmp_path / "none.toml")


def test_lays_faults_over_each_other() -> None:
    faults = lay_over(Faults(window=3), {"throttle_share": 0.5, "message_ids": "mixed"})
    assert faults == Faults(window=3, throttle_share=0.5, message_ids=MessageIds.MIXED)


def test_nobody_binds() -> None:
    scenario = Scenario(bind_seconds=0.05)
    simulator = make_simulator(scenario)
    simulator.start()
    with pytest.raises(TimeoutError, match="nobody has bound"):
        play(scenario, simulator)
    simulator.stop()


def test_the_command_prints_the_summary_as_json(tmp_path: Path, unused_port: int) -> None:
    file = tmp_path / "few.toml"
    file.write_text('settle_seconds = 0\n[[texts]]\ntext = "HD"\ncount = 5\n', encoding="utf-8")
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    link = make_link(unused_port, pipeline)
    link.start()
    result = CliRunner().invoke(simulate, ["--scenario", str(file), "--port", str(unused_port)])
    link.stop(2)
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert (summary["texts"], summary["answers"], summary["complete"]) == (5, 5, True)


@pytest.mark.parametrize(
    ("text", "code", "told"), [("colour = 1", 2, "colour"), ("bind_seconds = 0.05", 1, "nobody has bound")]
)
def test_the_command_tells_what_hinders_it(tmp_path: Path, text: str, code: int, told: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    before = threading.active_count()
    result = CliRunner().invoke(simulate, ["--scenario", str(file), "--port", "0", "--password", "x"])
    assert result.exit_code == code
    assert told in result.output
    assert threading.active_count() < before + 20


@pytest.fixture
def unused_port() -> int:
    simulator = make_simulator(Scenario())
    port = simulator.port
    simulator.stop()
    return port


def test_a_scenario_may_speak_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    (cert_file, key_file), (ours, our_key) = authority.issue("smsc.test"), authority.issue("gateway.test")
    file = tmp_path / "tls.toml"
    file.write_text(
        f'[tls]\ncert_file = "{cert_file.name}"\nkey_file = "{key_file.name}"\n'
        f'client_ca_file = "{authority.file.name}"\n[[texts]]\ntext = "HD"\n',
        encoding="utf-8",
    )
    tls = read_scenario(file).tls
    assert tls is not None
    files = {"tls_ca_file": authority.file, "tls_cert_file": ours, "tls_key_file": our_key}
    summary, _ = run({"tls": tls, "texts": [{"text": "HD"}]}, tls=True, tls_name="smsc.test", **files)
    assert summary.complete
