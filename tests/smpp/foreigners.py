"""Software that no one here wrote, run as processes of their own, and how they are found."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NODE_SMPP = "smpp@0.5.1"
NODE_HINT = f"node and npm bring it: npm install {NODE_SMPP}"
KANNEL_HINT = "install Kannel: apt-get install kannel"


class Foreigner:
    """A process that tells what happens in JSON lines, and takes orders in them: an SMSC for the link."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*command, "gateway", "secret"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.told: queue.Queue[dict[str, Any]] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.port = int(self.told.get(timeout=20)["port"])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):  # a library may print words of its own
                self.told.put(json.loads(line))

    def deliver(self, octets: bytes, sender: str = "84905000001") -> None:
        """Let it send a text."""
        assert self.process.stdin is not None
        order = {"sender": sender, "recipient": "8188", "octets": octets.hex()}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def next(self) -> dict[str, Any]:
        """Wait for what it tells next."""
        return self.told.get(timeout=10)

    def stop(self) -> None:
        """End it by ending its input."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.reader.join(5)
        self.process.stdout.close()


def node_modules(folder: Path) -> Path | None:
    """Install node-smpp into a folder and return where; None when node or npm is missing or cannot."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    done = subprocess.run(
        [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", NODE_SMPP],
        capture_output=True,
        timeout=90,
        check=False,
    )
    return folder / "node_modules" if done.returncode == 0 else None


def kannel_boxes() -> tuple[str, str] | None:
    """Return Kannel's two programs; None when they are not installed."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin"
    bearerbox, smsbox = shutil.which("bearerbox", path=places), shutil.which("smsbox", path=places)
    return (bearerbox, smsbox) if bearerbox and smsbox else None
