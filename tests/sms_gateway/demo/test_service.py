"""The demo: the whole service over real SMPP on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import select, text

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus, OperatorRole, OutboundState, outbound
from db.staff.operators import change_password, find_operator
from db.store.engine import open_database
from db.units.canned_answers import canned_answers_for
from db.upkeep.revision import upgrade
from handlers.conversation.outgoing_check import check_outgoing
from handlers.wording.fit import counted_by_length
from sms_gateway.demo.sample_dossiers import PRINTED_EXAMPLE
from sms_gateway.demo.service import (
    AGENT,
    DATABASE,
    DIRECTORY,
    OPERATOR,
    OtherDatabaseError,
    RunningDemo,
    UnusableDemoError,
    started,
)
from sms_gateway.demo.simulator import Bubble, Conversation, Direction
from sms_gateway.process.keyfile import load_or_make
from sms_gateway.settings.model import LookUpSecret

CITIZEN = "84905123456"
SECONDS = 10.0


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with started(tmp_path_factory.mktemp("demo"), 0) as demo:
        yield demo
        assert demo.gateway.dead_parts() == []
        assert demo.gateway.stop()


def answer_to(demo: RunningDemo, text: str, *, citizen: str = CITIZEN) -> Bubble:
    """Send a text and wait for its answer and the receipt of that."""
    before = len(answers(demo.smsc.conversation(citizen)))
    demo.smsc.send_text(citizen, "8188", text)

    def settled(conversation: Conversation) -> bool:
        found = answers(conversation)
        return len(found) > before and found[-1].settled_at is not None

    return answers(demo.smsc.wait_for(citizen, settled, SECONDS))[-1]


def test_a_text_by_each_channel_is_answered_by_the_same(demo: RunningDemo) -> None:
    for number, (name, channel) in enumerate(demo.channels.items()):
        citizen = f"8490500005{number}"
        channel.provider.send_text(citizen, "8188", f"DVC{PRINTED_EXAMPLE}")
        shown = channel.provider.wait_for(citizen, lambda found: len(found) > 1 and bool(found[1].settled_at), SECONDS)
        assert PRINTED_EXAMPLE in shown[1].text, name
        assert demo.smsc.conversation(citizen) == (), name
    with urlopen(f"{demo.address}/phone", timeout=10) as page:
        assert "Zalo zalo:84905123456000</option>" in page.read().decode()
    states = {state.name: state.up for state in demo.gateway.channel_states()}
    assert states == dict.fromkeys(["demo", *demo.channels], True)


def answers(conversation: Conversation) -> list[Bubble]:
    return [bubble for bubble in conversation if bubble.direction is Direction.MT]


def test_a_citizen_opens_an_account_over_smpp(demo: RunningDemo) -> None:
    answer = answer_to(demo, "TK, Nguyễn Văn A, 201499999, 20/12/1990")
    found = re.search(r"MK: (\S+)", answer.text)
    assert found is not None
    assert len(found.group(1).strip(".,")) == 10
    assert answer.segments == 1


def test_a_citizen_learns_the_state_of_a_dossier_over_smpp(demo: RunningDemo) -> None:
    answer = answer_to(demo, f"DVC{PRINTED_EXAMPLE}", citizen="84905000002")
    assert PRINTED_EXAMPLE in answer.text
    assert answer.segments == 1


def test_a_service_that_asks_for_secrets_opens_a_dossier_to_who_has_one(tmp_path: Path) -> None:
    with started(tmp_path, 0, LookUpSecret.REQUIRED) as demo:
        for number, secret in enumerate(("1234", "tracuu88")):
            answer = answer_to(demo, f"DVC{PRINTED_EXAMPLE}, {secret}", citizen=f"8490500001{number}")
            assert answer.text.startswith(f"Ho so {PRINTED_EXAMPLE}: da xu ly xong.")
        for number, text in enumerate((f"DVC{PRINTED_EXAMPLE}", f"DVC {PRINTED_EXAMPLE} 4321")):
            answer = answer_to(demo, text, citizen=f"8490500002{number}")
            assert answer.text.startswith(f"Khong tra duoc ho so {PRINTED_EXAMPLE}. Soan: DVC ma, 4 so cuoi CCCD")
        assert demo.gateway.stop()


def test_a_long_accented_text_goes_both_ways(demo: RunningDemo) -> None:
    answer = answer_to(demo, "Xin cho hỏi hồ sơ của tôi đang ở đâu " * 5, citizen="84905000003")
    assert "YC" in answer.text  # asked of a person


def test_every_answer_is_delivered_in_the_table(demo: RunningDemo) -> None:
    answer_to(demo, "HD", citizen="84905000004")
    with demo.database.read() as connection:
        states = set(connection.scalars(select(outbound.c.state)))
    assert states == {OutboundState.DELIVERED}


def test_a_question_becomes_a_ticket_and_a_citizen_of_the_samples_replies_to_one(demo: RunningDemo) -> None:
    opened = answer_to(demo, "HOI may gio UBND phuong Hai Chau mo cua", citizen="84905000031")
    assert re.search(r"so YC\d{9}", opened.text)
    reply = answer_to(demo, "duong Le Duan, so nha 25", citizen="84912345678")
    assert reply.text.startswith("Da ghi them vao YC")
    demo.smsc.send_text("84935111222", "8188", "cam on")  # closes the ticket without an answer
    demo.smsc.wait_for("84935111222", lambda found: bool(found) and found[-1].settled_at is not None, SECONDS)
    rated = answer_to(demo, "5", citizen="84935111222")
    assert rated.text.startswith("Cam on ban da danh gia 5/5")


def test_the_agent_has_a_log_in_and_the_clock_moves(demo: RunningDemo) -> None:
    assert demo.agent_password not in {None, demo.password}
    with demo.database.read() as connection:
        agent = find_operator(connection, AGENT)
    assert agent is not None
    assert agent.role is OperatorRole.AGENT
    with demo.database.read() as connection:
        canned = canned_answers_for(connection, operator_id=agent.id, unit_ids=(), language="vi")
    assert len(canned) == 4
    for one in canned:
        assert not check_outgoing(one.body, one.body, segments_of=counted_by_length, own_sites=()).faults, one.title
    before = demo.clock()
    demo.clock.next_day(demo.database)
    assert timedelta(hours=9) <= demo.clock() - before <= timedelta(hours=33)
    assert "YC" in answer_to(demo, "TT", citizen="84905000031").text
    assert demo.gateway.dead_parts() == []


def test_who_follows_a_dossier_gets_a_notice_of_its_change(demo: RunningDemo) -> None:
    citizen, code, ids = "84905000041", "000.00.12.H17-261129-0500", count(1)

    def change(status: DossierStatus, wanted: str | None = None, fix: str | None = None) -> None:
        with demo.database.write() as connection:
            facts = DossierFacts(code=code, status=status, wanted=wanted, fix=fix)
            import_dossiers(connection, [facts], now=demo.clock(), new_id=ids.__next__)

    change(DossierStatus.IN_PROGRESS)
    demo.clock.next_day(demo.database)  # notices go out by day
    assert "DK" in answer_to(demo, "HD", citizen=citizen).text
    assert code in answer_to(demo, f"DK {code}", citizen=citizen).text
    change(DossierStatus.PAPERS_WANTED, wanted="Ảnh 3x4", fix="nộp tại quầy 3")
    found = answers(demo.smsc.wait_for(citizen, lambda told: len(answers(told)) == 3, SECONDS))
    assert "nop tai quay 3" in found[-1].text


def test_no_password_is_left_in_the_files(demo: RunningDemo) -> None:
    answer = answer_to(demo, "TK, Tran Thi B, 201499998, 20/12/1991", citizen="84905000005")
    found = re.search(r"MK: (\S+)", answer.text)
    assert found is not None
    path = demo.database.reader.url.database
    assert path is not None
    octets = b"".join(file.read_bytes() for file in Path(path).parent.iterdir() if file.is_file())
    for secret in (found.group(1).strip(".,"), "201499998", "84905000005", "Tran Thi B"):
        assert secret.encode() not in octets


def test_the_next_start_keeps_a_password_that_was_chosen(tmp_path: Path) -> None:
    with started(tmp_path, 0) as demo:
        first = demo.password
        assert demo.gateway.stop()
    with started(tmp_path, 0) as demo:
        assert demo.password not in {None, first}  # nobody chose one: the first may be forgotten
        with demo.database.write() as connection:
            operator = find_operator(connection, OPERATOR)
            assert operator is not None
            change_password(connection, operator.id, "hash of a chosen password")
        assert demo.gateway.stop()
    process, told = start_of(tmp_path)
    assert "name demo, the password that you chose (forgotten: stop the demo, delete its files" in told
    assert "name canbo, one-time password" in told  # the agent chose none
    assert told.count("one-time password") == 2  # and so did the second operator
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    database = open_database(f"sqlite:///{tmp_path / DATABASE}", load_or_make(tmp_path / "keys"))
    with database.read() as connection:
        operator = find_operator(connection, OPERATOR)
    database.close()
    assert operator is not None
    assert operator.password_hash == "hash of a chosen password"


def start_of(directory: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the command; return it with what it says until it is ready."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("sms-gateway"), "demo", "--dir", directory, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    return process, told


def test_ctrl_c_stops_the_command_within_five_seconds(tmp_path: Path) -> None:
    process, told = start_of(tmp_path / "here")
    assert re.search(r"handset     http://127\.0\.0\.1:\d+/phone", told)
    assert (tmp_path / "here").is_dir()
    assert "one-time password" in told
    assert "The demo asks administrators for no second factor" in told
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=5)[0]
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    assert "was missing" not in told
    assert re.search(r"aggregator  http://127\.0\.0\.1:\d+ \(simulated provider of the network plain\)", told)


def test_a_demo_whose_database_was_deleted_says_that_it_has_a_new_one(tmp_path: Path) -> None:
    with started(tmp_path, 0) as demo:
        assert not demo.lost_database
        assert demo.gateway.stop()
    for path in tmp_path.glob("demo.db*"):
        path.unlink()
    process, told = start_of(tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert (
        "The database demo.db was missing. This demo has a new one, with the sample dossiers and no messages." in told
    )
    with started(tmp_path, 0) as demo:
        assert not demo.lost_database
        assert demo.gateway.stop()


def test_a_second_start_on_the_same_file_is_refused(demo: RunningDemo) -> None:
    path = demo.database.reader.url.database
    assert path is not None
    second = subprocess.run(
        [Path(sys.executable).with_name("sms-gateway"), "demo", "--dir", Path(path).parent, "--port", "0"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert "another sms-gateway runs" in second.stdout + second.stderr
    assert "Traceback" not in second.stdout + second.stderr


def test_every_sample_text_is_answered_and_the_look_ups_show_three_states(demo: RunningDemo) -> None:
    told = {text: answer_to(demo, text, citizen="84905000077").text for text in demo.samples}
    states = [answer for text, answer in told.items() if text.startswith("DVC")]
    for words in ("da xu ly xong", "bo sung", "phi", "Khong tim thay"):
        assert any(words in answer for answer in states), (words, states)


def test_a_demo_whose_keys_are_lost_says_to_delete_its_directory(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    with started(directory, 0) as demo:
        answer_to(demo, "HD")
        assert demo.gateway.stop()
    (directory / "keys").unlink()
    for of_another_demo in (False, True):
        if of_another_demo:
            load_or_make(directory / "keys")
        before = sorted(path.name for path in directory.iterdir())
        told = pytest.raises(UnusableDemoError, match=r"fix: delete this directory and start again")
        with told, started(directory, 0):
            pass
        assert sorted(path.name for path in directory.iterdir()) == before


def test_a_demo_never_uses_or_condemns_the_directory_of_another_database(tmp_path: Path) -> None:
    (tmp_path / "gateway.db").touch()
    told = pytest.raises(OtherDatabaseError, match=r"gateway.db is no database of a demo; fix: name another directory")
    with told, started(tmp_path, 0):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["gateway.db"]


@pytest.mark.parametrize("unknown", ["0016", pytest.param("9999", marks=pytest.mark.long)])
def test_a_demo_of_another_version_says_to_delete_its_directory(tmp_path: Path, unknown: str) -> None:
    directory = tmp_path / DIRECTORY
    directory.mkdir(parents=True)
    database = open_database(f"sqlite:///{directory / DATABASE}", load_or_make(directory / "keys"))
    upgrade(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :unknown"), {"unknown": unknown})
    database.close()
    refused = subprocess.run(
        [Path(sys.executable).with_name("sms-gateway"), "demo", "--port", "0"],  # as `make run` does
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"Error: the demo's directory {directory} was made by an earlier or a later version; "
        "fix: delete this directory and start again\n"
    )
