"""The reference: what a plain script on smpplib does with the same load. It stores nothing, and loses what goes wrong.

    python -m bench.plain_smpplib PORT DOSSIERS.db [receipts]

Each deliver_sm is answered from one look-up in SQLite; with `receipts` a receipt is asked for, and passed over.
"""

from __future__ import annotations

import re
import socket
import sqlite3
import sys
import time
from typing import Any

from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LinkFellError

_CODE = re.compile(rb"\d[\d.]*\.H17-\d{6}-\d+")
_CONNECT_SECONDS = 30


def main(port: int, dossiers: str, *, receipts: bool) -> None:
    """Bind and answer until the carrier closes, then bind again; ends when nobody listens for a while."""
    rows = sqlite3.connect(dossiers)
    deadline = time.monotonic() + _CONNECT_SECONDS
    while time.monotonic() < deadline:
        try:
            _talk(port, rows, receipts=receipts)
            deadline = time.monotonic() + _CONNECT_SECONDS
        except (LinkFellError, OSError):
            time.sleep(0.1)


def _talk(port: int, rows: sqlite3.Connection, *, receipts: bool) -> None:
    client = Client("127.0.0.1", port, timeout=30, allow_unknown_opt_params=True)
    client.connect()
    client._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # noqa: SLF001 - smpplib gives no other access
    client.bind_transceiver(system_id="plain", password="plain")  # noqa: S106 - anything is taken

    def answer(pdu: Any) -> None:
        if pdu.esm_class & 0x3C:
            return  # a receipt
        found = _CODE.search(pdu.short_message)
        code = found[0].decode("ascii") if found else ""
        row = rows.execute("SELECT code, status FROM dossier WHERE code = ?", (code,)).fetchone()
        words = (
            f"Ho so {row[0]}: trang thai {row[1]}. Hoi them: 1022" if row else "Khong tim thay ho so. Hoi them: 1022"
        )
        client.send_message(
            source_addr_ton=0,
            source_addr_npi=1,
            source_addr=pdu.destination_addr.decode("ascii"),
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=pdu.source_addr.decode("ascii"),
            short_message=words.encode("ascii"),
            data_coding=0,
            registered_delivery=int(receipts),
        )

    client.set_message_received_handler(answer)
    client.set_message_sent_handler(lambda **_: None)
    try:
        client.listen()
    finally:
        client.disconnect()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], receipts="receipts" in sys.argv[3:])
