"""New keys and secrets of API clients."""

from __future__ import annotations

from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from sms_gateway.back_office.client_keys import new_keys


def test_keys_are_random_shown_in_no_repr_and_known_to_the_published_library() -> None:
    plain, signing = new_keys(signs=False), new_keys(signs=True)
    assert plain.secret is None
    assert signing.secret is not None
    assert len({plain.key, signing.key}) == 2
    assert len(plain.key) >= 40
    assert plain.key not in repr(plain)
    assert signing.secret not in repr(signing)
    assert Webhook(signing.secret).sign("msg_1", datetime(2026, 11, 29, tzinfo=UTC), "{}").startswith("v1,")
