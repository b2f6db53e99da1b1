"""The receipts of an acceptance test: which of them are for its own texts, and how the carrier writes them.

A link may bring receipts of texts that the service sent, or an earlier test. They are refused (ESME_RX_T_APPN), since
the carrier keeps them for the service. A receipt may also come before its response, so a receipt that matches nothing
is kept unanswered for a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.messages.message_ids import ORDER, Rule, compare
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.channels.smpp.receipt import Receipt

KEPT_SECONDS = 2.0
"""A receipt that matches nothing waits so long for the response of its text; carriers wait longer for our response."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A receipt and how it was marked."""

    receipt: Receipt
    message: ShortMessage
    command: int
    sequence: int
    line: int  # which connection it came by
    at: float  # monotonic


class Receipts:
    """What was taken, and the receipts for it."""

    def __init__(self) -> None:
        self._awaited: list[str] = []  # ids of what the carrier took, whose receipts are in the report
        self._more: list[str] = []  # of what was sent to see how fast it takes
        self._told: dict[str, list[tuple[Rule, Told]]] = {}  # by the id taken
        self._kept: list[Told] = []
        self._strange: list[Told] = []

    def sent(self, message_ids: Sequence[str]) -> None:
        """Await a receipt for each of these."""
        self._awaited += message_ids

    def sent_more(self, message_ids: Sequence[str]) -> None:
        """Recognise these as ours, and await nothing."""
        self._more += message_ids

    def take(self, told: Told) -> None:
        """Take a receipt in; it is answered by `settle`."""
        self._kept.append(told)

    def settle(self, now: float) -> list[tuple[Told, int]]:
        """Return the receipts that can be answered now, and with which status."""
        answers: list[tuple[Told, int]] = []
        kept: list[Told] = []
        for told in self._kept:
            if self._is_ours(told):
                answers.append((told, codes.ESME_ROK))
            elif now - told.at >= KEPT_SECONDS:
                self._strange.append(told)
                answers.append((told, codes.ESME_RX_T_APPN))
            else:
                kept.append(told)
        self._kept = kept
        return answers

    @property
    def awaited(self) -> int:
        """How many texts were taken whose receipts are in the report."""
        return len(self._awaited)

    def complete(self) -> bool:
        """Return whether each of those has a receipt."""
        return all(sent in self._told for sent in self._awaited)

    def all_in(self) -> bool:
        """Return whether everything that was taken has one."""
        return self.complete() and all(sent in self._told for sent in self._more)

    def summary(self) -> str:
        """Report how many came, their states, and how the carrier writes them; empty when none came at all."""
        found = [each for sent in self._awaited for each in self._told.get(sent, ())]
        strange = self._strange + self._kept
        told = [each for _, each in found] or strange
        if not told:
            return ""
        number = sum(sent in self._told for sent in self._awaited)
        states = ", ".join(sorted({each.receipt.state.value for each in told}))
        forms = "; ".join(sorted({_form(each) for each in told}))
        rules = ", ".join(dict.fromkeys(rule.value for rule, _ in found)) or "unknown id"
        text = f"{number} of {len(self._awaited)}: {states}; {forms}; ids {rules}"
        others = len({each.receipt.message_id for each in strange})
        return f"{text}; {others} of no text of this test, sent back" if others else text

    def _is_ours(self, told: Told) -> bool:
        """Find the text of a receipt by the surest rule: many ids are another's in hexadecimal."""
        message_id = told.receipt.message_id or ""
        fitting = [(rule, sent) for sent in self._awaited + self._more if (rule := compare(sent, message_id))]
        if not fitting:
            return False
        rule, sent = min(fitting, key=lambda each: ORDER.index(each[0]))
        self._told.setdefault(sent, []).append((rule, told))
        return True


def _form(told: Told) -> str:
    """Return how a receipt is marked as one."""
    tags = {tag for tag, _ in told.message.tlvs}
    marks = [
        name
        for name, there in (
            ("esm_class", told.message.esm_class & codes.ESM_TYPE == codes.ESM_RECEIPT),
            ("receipted_message_id", codes.RECEIPTED_MESSAGE_ID in tags),
            ("message_state", codes.MESSAGE_STATE in tags),
        )
        if there
    ]
    command = "data_sm" if told.command == codes.DATA_SM else "deliver_sm"
    return f"{command} marked by {', '.join(marks) if marks else 'its text alone'}"
