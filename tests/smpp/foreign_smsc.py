"""An SMSC made of smpp.twisted3, run as a process of its own: `python foreign_smsc.py SYSTEM_ID PASSWORD`.

It prints `{"port": N}`, and then a line for all that happens. A line on its input is a text to deliver, as JSON; each
submit_sm gets a response and a receipt. It ends when its input does.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from smpp.pdu.operations import DeliverSM
from smpp.pdu.pdu_types import CommandId, CommandStatus, EsmClass, EsmClassMode, EsmClassType, MessageState
from smpp.twisted.config import SMPPServerConfig
from smpp.twisted.protocol import DataHandlerResponse
from smpp.twisted.server import IAuthenticatedSMPP, SMPPServerFactory
from twisted.cred.error import UnauthorizedLogin
from twisted.internet import defer
from twisted.internet import reactor as twisted_reactor
from twisted.internet import stdio as twisted_stdio
from twisted.protocols.basic import LineReceiver

reactor: Any = twisted_reactor  # made at run time, so its type knows none of its methods
stdio: Any = twisted_stdio


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Portal:
    """Lets one system in."""

    def __init__(self, system_id: str, password: str) -> None:
        self.expected = (system_id, password)

    def login(self, credentials: Any, _mind: object, _interface: object) -> Any:
        given = (credentials.username, credentials.password)
        if given != self.expected:
            return defer.fail(UnauthorizedLogin())
        return defer.succeed((IAuthenticatedSMPP, given[0], lambda: None))


class Smsc:
    """Takes submit_sm, and delivers what it is told to."""

    def __init__(self, system_id: str, password: str) -> None:
        self.count = 0
        config = SMPPServerConfig(
            msgHandler=self.take, systems={system_id: {"max_bindings": 4}}, enquireLinkTimerSecs=1, responseTimerSecs=5
        )
        self.factory = SMPPServerFactory(config, Portal(system_id, password))
        self.system_id = system_id

    def take(self, _system_id: str, _protocol: object, pdu: Any) -> Any:
        if pdu.id is not CommandId.submit_sm:
            return CommandStatus.ESME_RINVCMDID
        self.count += 1
        message_id = f"00AB{self.count}"
        tell(
            submit=pdu.params["short_message"].hex(),
            recipient=pdu.params["destination_addr"].decode(),
            data_coding=str(pdu.params["data_coding"]),
            esm_class=str(pdu.params["esm_class"]),
            validity=str(pdu.params["validity_period"]),
        )
        reactor.callLater(0.01, self.send_receipt, pdu, message_id)
        return DataHandlerResponse(status=CommandStatus.ESME_ROK, message_id=message_id.encode())

    def send_receipt(self, pdu: Any, message_id: str) -> None:
        self.send(
            source_addr=pdu.params["destination_addr"],
            destination_addr=pdu.params["source_addr"],
            esm_class=EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT),
            short_message=f"id:{message_id} sub:001 dlvrd:001 stat:DELIVRD err:000".encode(),
            receipted_message_id=message_id.encode(),
            message_state=MessageState.DELIVERED,
        )

    def send(self, **params: Any) -> None:
        binds = self.factory.getBoundConnections(self.system_id)
        bind = binds and binds.getNextBindingForDelivery()
        if not bind:
            tell(error="nobody is bound")
            return
        answer = bind.sendDataRequest(DeliverSM(**params))
        answer.addCallback(lambda result: tell(delivered=result.response.status.name))
        answer.addErrback(lambda failure: tell(error=failure.getErrorMessage()))


class Orders(LineReceiver):
    """One text a line."""

    delimiter = b"\n"

    def __init__(self, smsc: Smsc) -> None:
        self.smsc = smsc

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        order = json.loads(line)
        self.smsc.send(
            source_addr=order["sender"].encode(),
            destination_addr=order["recipient"].encode(),
            short_message=bytes.fromhex(order["octets"]),
        )

    def connectionLost(self, reason: object = None) -> None:  # noqa: ARG002, N802 - Twisted's signature
        if reactor.running:
            reactor.stop()


def main(system_id: str, password: str) -> None:
    smsc = Smsc(system_id, password)
    listener = reactor.listenTCP(0, smsc.factory, interface="127.0.0.1")
    tell(port=listener.getHost().port)
    stdio.StandardIO(Orders(smsc))
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
