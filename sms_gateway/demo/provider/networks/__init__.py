"""The counterparts of the networks: one file and one line in this table for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sms_gateway.demo.provider.counterpart import Counterpart
from sms_gateway.demo.provider.networks import (
    esms,
    infobip,
    jasmin,
    kannel,
    plain,
    smsgate,
    soap_mo,
    twilio,
    vcom,
    viettel,
    vonage,
    zalo,
)
from sms_gateway.settings.link_model import ChannelSettings

COUNTERPARTS: Mapping[str, Callable[[ChannelSettings], Counterpart]] = {
    "plain": plain.counterpart,
    "kannel": kannel.counterpart,
    "jasmin": jasmin.counterpart,
    "smsgate": smsgate.counterpart,
    "esms": esms.counterpart,
    "vcom": vcom.counterpart,
    "soap-mo": soap_mo.counterpart,
    "viettel": viettel.counterpart,
    "twilio": twilio.counterpart,
    "vonage": vonage.counterpart,
    "infobip": infobip.counterpart,
    "zalo": zalo.counterpart,
}
"""By the network's name: what makes the other side of a channel from its settings."""
