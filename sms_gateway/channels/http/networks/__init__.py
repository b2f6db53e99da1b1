"""The networks that the gateway knows: one file and one line in this table for each."""

from __future__ import annotations

from sms_gateway.channels.http.network import Networks, table_of
from sms_gateway.channels.http.networks import infobip, kannel, plain, twilio, vonage, zalo

NETWORKS: Networks = table_of(
    (plain.NETWORK, kannel.NETWORK, twilio.NETWORK, vonage.NETWORK, infobip.NETWORK, zalo.NETWORK)
)
