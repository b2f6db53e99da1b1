from __future__ import annotations

from sms_gateway.metrics import Metrics


def values(metrics: Metrics) -> dict[str, float]:
    lines = [line for line in metrics.render().decode("utf-8").splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_counts_what_happened() -> None:
    metrics = Metrics()
    metrics.text_stored("main")
    metrics.text_stored("main", 3)
    metrics.submitted("taken", 2)
    metrics.misread("birth_date")
    metrics.silenced("loop", 2)
    metrics.alarm("scanning")
    metrics.endpoint_refused("unknown", "wrong_secret")
    metrics.endpoint_ignored("zalo")
    metrics.round_took(0.003)
    metrics.batch("dispatch", 7)
    metrics.link_is_bound("main", bound=True)
    metrics.link_is_bound("spare", bound=False)
    metrics.link_carries("main", in_flight=3, round_trip=0.25)
    metrics.link_carries("spare", in_flight=0, round_trip=None)
    metrics.token_lasts("zalo", access=60, refresh=3600)
    metrics.oldest_unanswered(1.5)
    found = values(metrics)
    expected = {
        'sms_texts_total{link="main"}': 4,
        'sms_submissions_total{outcome="taken"}': 2,
        'sms_misreads_total{kind="birth_date"}': 1,
        'sms_silenced_total{reason="loop"}': 2,
        'sms_alarms_total{kind="scanning"}': 1,
        'sms_http_refused_total{channel="unknown",reason="wrong_secret"}': 1,
        'sms_http_ignored_total{channel="zalo"}': 1,
        'sms_round_seconds_bucket{le="0.002"}': 0,
        'sms_round_seconds_bucket{le="0.005"}': 1,
        "sms_round_seconds_count": 1,
        'sms_batch_size_bucket{le="5.0",step="dispatch"}': 0,
        'sms_batch_size_bucket{le="10.0",step="dispatch"}': 1,
        'sms_link_bound{link="main"}': 1,
        'sms_link_bound{link="spare"}': 0,
        'sms_link_in_flight{link="main"}': 3,
        'sms_link_in_flight{link="spare"}': 0,
        'sms_link_round_trip_seconds{link="main"}': 0.25,
        'sms_token_seconds{kind="access",link="zalo"}': 60,
        'sms_token_seconds{kind="refresh",link="zalo"}': 3600,
        "sms_oldest_unanswered_seconds": 1.5,
    }
    assert {name: found[name] for name in expected} == expected


def test_tells_of_a_link_only_while_it_is_told_of() -> None:
    metrics = Metrics()
    metrics.link_is_bound("main", bound=True)
    metrics.link_carries("main", in_flight=3, round_trip=0.25)
    metrics.link_told("main", 2)
    metrics.forget_links()
    metrics.link_told("main", 4)
    links = {name: value for name, value in values(metrics).items() if name.startswith("sms_link")}
    assert links == {'sms_link_told_seconds{link="main"}': 4}


def test_two_processes_worth_of_metrics_do_not_meet() -> None:
    one, other = Metrics(), Metrics()
    one.text_stored("main")
    assert 'sms_texts_total{link="main"}' not in values(other)
