"""The dashboard and the rules of Prometheus name only metrics and labels that a running service has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from db.messages.events import ALARMS
from sms_gateway.demo.simulator import Simulator
from sms_gateway.metrics import Metrics
from sms_gateway.process.startup import opened
from sms_gateway.settings.alarm_model import AlarmSettings, AlarmWebhookSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.wiring.test_gateway_sample_command import answers_to, own_database, settings_of, smsc

__all__ = ["own_database", "smsc"]  # fixtures

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD, RULES = DEPLOY / "grafana/dashboard.json", DEPLOY / "prometheus/rules.yml"

_OF_PROMETHEUS = frozenset({"up", "ALERTS", "instance", "job", "le", "alertname", "alertstate"})
_FUNCTIONS = frozenset(
    {"sum", "max", "min", "by", "rate", "increase", "histogram_quantile", "vector", "and", "or", "on", "group_left"}
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_:]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_DURATION = re.compile(r"\[[^\]]*\]")
_SELECTOR = re.compile(r"([A-Za-z_][A-Za-z0-9_:]*)\{([^}]*)\}")
_GROUPED = re.compile(r"\bby\s*\(([^)]*)\)\s*\(")


def queries() -> Iterator[tuple[str, str]]:
    """Return each query with the text in which its labels are written out."""
    board = json.loads(DASHBOARD.read_text("utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"], " ".join(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
    for rule in re.split(r"\n {6}- ", RULES.read_text("utf-8"))[1:]:
        expr = re.search(r"expr: (?:>-\n\s*)?(.*)", rule)
        assert expr is not None, rule
        yield expr[1], " ".join(re.findall(r"\$labels\.(\w+)", rule))


def recorded() -> set[str]:
    return set(re.findall(r"- record: (\S+)", RULES.read_text("utf-8")))


def names_and_labels(query: str) -> tuple[set[str], set[str]]:
    """Return the metrics and the labels of a query; an unknown word is taken for a metric."""
    labels = {label for _, matchers in _SELECTOR.findall(query) for label in re.findall(r"(\w+)\s*[=!]", matchers)}
    labels |= {label.strip() for group in _GROUPED.findall(query) for label in group.split(",")}
    bare = re.sub(r"\{[^}]*\}", "", _QUOTED.sub("", _DURATION.sub("", query)))
    words = set(_WORD.findall(bare)) - _FUNCTIONS - _OF_PROMETHEUS
    return words - labels, labels


def labels_by_name(text: str) -> dict[str, set[str]]:
    """Return the labels of each name in what `/metrics` shows; a metric without a sample has its name alone."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        if family.name.endswith("_created"):
            continue
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        for end in ends:
            found.setdefault(family.name + end, set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def all_counted() -> Mapping[str, set[str]]:
    """Return the labels of each metric once it has counted something."""
    metrics = Metrics()
    metrics.text_stored("a")
    metrics.submitted("taken")
    metrics.misread("empty")
    metrics.command("help")
    metrics.filed("ticket_opened")
    metrics.silenced("blocked")
    metrics.alarm("scanning")
    metrics.endpoint_refused("a", "bad_request")
    metrics.endpoint_ignored("a")
    metrics.signature_watched("a")
    metrics.receipt_states_unknown("a", 1)
    metrics.receipt("delivered")
    metrics.webhook_tried("a", "delivered")
    metrics.webhook_waits("a", 1)
    metrics.round_took(0.001)
    metrics.slow_round("commit")
    metrics.alarms_open("link_down", 1)
    metrics.batch("intake", 1)
    metrics.link_is_bound("a", bound=True)
    metrics.link_carries("a", in_flight=1, round_trip=0.1)
    metrics.link_told("a", 1)
    metrics.token_lasts("a", access=1, refresh=1)
    metrics.waits("texts", 1)
    metrics.tickets_wait(overdue=1, urgent=1)
    metrics.services_off(["look_up_dossier"])
    metrics.in_trouble(())
    return labels_by_name(metrics.render().decode())


def test_a_running_service_has_every_metric_and_label_of_the_dashboard_and_of_the_rules(
    own_database: DatabaseSettings, smsc: Simulator
) -> None:
    webhook = AlarmWebhookSettings(url="http://127.0.0.1:9/", secret=SecretStr("whsec_" + "c2VjcmV0" * 6))
    settings = settings_of(own_database, smsc).model_copy(
        update={
            "conversation": ConversationSettings(enabled=True),
            "alarms": AlarmSettings(webhook=webhook),
            "channels": {"agg": ChannelSettings(reply_link="main", secret=SecretStr("k3h9xmq2-of-the-aggregator"))},
        }
    )
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            smsc.wait_bound(1)
            assert gateway.web is not None
            began = urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=5).read().decode()
            answers_to(smsc, "HD GIA", "DVC H17-999", "TK Nguyen Van An")
            running = labels_by_name(urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=5).read().decode())
        finally:
            gateway.stop()
    rated = set(re.findall(r"(?:rate|increase)\((\w+)", RULES.read_text("utf-8")))
    assert rated <= {name for name, labels in labels_by_name(began).items() if labels}, "no increase to a first sample"
    for kind in ALARMS:
        assert f'sms_alarms_total{{kind="{kind}"}} 0.0' in began, kind
    assert 'sms_receipt_states_unknown_total{channel="agg"} 0.0' in began
    counted = all_counted()
    assert set(counted) <= set(running)
    own = recorded()
    seen = set()
    for query, shown in queries():
        names, labels = names_and_labels(query)
        assert names or "up{" in query, query
        present = names - own
        for name in present:
            assert name in running, (name, query)
        known = _OF_PROMETHEUS.union(*(running[one] or counted.get(one, set()) for one in present))
        if present:
            assert labels | set(shown.split()) <= known, (labels, shown, query)
        seen |= names
    assert own & seen, "no alert uses a recorded rule"
    unused = {name for name in running if name.startswith("sms_") and not name.endswith(("_sum", "_count"))} - seen
    assert unused <= {"sms_batch_size_bucket"}, "the dashboard shows each metric"


def test_a_wrong_name_in_a_query_is_found() -> None:
    assert names_and_labels('sum by (link) (rate(sms_text_total{what!="x"}[5m])) > 0.1 and sms:a:rate5m') == (
        {"sms_text_total", "sms:a:rate5m"},
        {"link", "what"},
    )
    assert "sms_text_total" not in all_counted()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is missing; Debian: apt-get install prometheus")
def test_promtool_takes_the_rules_and_they_fire_as_written() -> None:
    for words in (("check", "rules", str(RULES)), ("test", "rules", str(RULES.with_name("rules_test.yml")))):
        done = subprocess.run(("promtool", *words), capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr
