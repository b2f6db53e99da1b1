"""Names of hosts in settings: what a resolver takes, and what is wrong with the rest, without quoting it."""

from __future__ import annotations

import pytest

from sms_gateway.settings.checks.host_names import host_fault, url_fault


@pytest.mark.parametrize("host", ["smsc.example", "smsc.example.", "192.0.2.7", "::1", "smsc.việt", "a" * 63 + ".vn"])
def test_hosts_that_may_exist(host: str) -> None:
    assert host_fault(host) is None


@pytest.mark.parametrize(
    ("host", "wrong"),
    [
        ("", "is empty"),
        ("smsc.example:2775", "more than a name"),
        ("http://smsc.example", "more than a name"),
        (".example", "begins with a dot"),
        ("smsc..example", "empty part"),
        ("a" * 64 + ".vn", "more than 63"),
        (".".join(["a" * 60] * 5), "longer than 253"),
        ("-smsc.example", "character"),
        ("10.0.0", "ends in a number"),
    ],
)
def test_what_is_wrong_with_a_host(host: str, wrong: str) -> None:
    assert wrong in (host_fault(host) or "")


@pytest.mark.parametrize(
    ("url", "is_whole"),
    [
        ("https://sms.example/send", True),
        ("http://10.0.0.7:8080/send?v=1", True),
        ("https:///send", False),
        ("https://sms.example:0/", False),
        ("https://sms.example/gửi", False),
    ],
)
def test_addresses_of_requests(url: str, *, is_whole: bool) -> None:
    assert (url_fault(url) is None) is is_whole
