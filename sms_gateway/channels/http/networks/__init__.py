"""The networks that the gateway knows: one file and one line in this table for each."""

from __future__ import annotations

from sms_gateway.channels.http.network import Networks, table_of
from sms_gateway.channels.http.networks import (
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

NETWORKS: Networks = table_of(
    (
        plain.NETWORK,
        kannel.NETWORK,
        jasmin.NETWORK,
        smsgate.NETWORK,
        esms.NETWORK,
        vcom.NETWORK,
        twilio.NETWORK,
        vonage.NETWORK,
        infobip.NETWORK,
        soap_mo.NETWORK,
        viettel.NETWORK,
        zalo.NETWORK,
    )
)
