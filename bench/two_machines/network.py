"""The network: a namespace for the carrier, one for each machine, and a switch between them. Root only."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_MARK = "sms-tm"
_NAMES = Path("/run/netns")
_NEW_NET = 0x40000000  # CLONE_NEWNET of setns(2)
_HOSTS = {"carrier": "10.77.0.1", "a": "10.77.0.2", "b": "10.77.0.3"}
NET = "10.77.0.0/24"


class Network:
    """The namespaces; gone when the block ends. This process moves into the carrier's."""

    def __init__(self) -> None:
        self._mark = f"{_MARK}{os.getpid()}"
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)

    def __enter__(self) -> Self:
        remove_stale()
        try:
            self._make()
            with (_NAMES / self.namespace("carrier")).open("rb") as there:
                _move(there.fileno())
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def namespace(self, host: str) -> str:
        """Return the name of a host's namespace."""
        return f"{self._mark}-{host}"

    def inside(self, host: str, *words: str) -> list[str]:
        """Return the command that runs another one on a host."""
        return ["ip", "netns", "exec", self.namespace(host), *words]

    def cut(self) -> None:
        """Drop every packet between the machines; both still reach the carrier."""
        self._isolate("on")

    def heal(self) -> None:
        """Carry packets between the machines again."""
        self._isolate("off")

    def unplug(self, machine: str) -> None:
        """Take a machine's cable out: nobody is told."""
        self._switch("link", "set", "dev", machine, "down")

    def _isolate(self, how: str) -> None:
        for machine in ("a", "b"):
            _run("bridge", "-n", self.namespace("switch"), "link", "set", "dev", machine, "isolated", how)

    def _make(self) -> None:
        for host in ("switch", *_HOSTS):
            _run("ip", "netns", "add", self.namespace(host))
        self._switch("link", "add", "br0", "type", "bridge")
        self._switch("link", "set", "br0", "up")
        for host, address in _HOSTS.items():
            there = self.namespace(host)
            ends = ("netns", there, "type", "veth", "peer", "name", host, "netns", self.namespace("switch"))
            _run("ip", "link", "add", "eth0", *ends)
            self._switch("link", "set", "dev", host, "master", "br0", "up")
            _run("ip", "-n", there, "address", "add", f"{address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _run("ip", "-n", there, "link", "set", device, "up")

    def _switch(self, *words: str) -> None:
        _run("ip", "-n", self.namespace("switch"), *words)

    def _remove(self) -> None:
        _move(self._home)
        _remove(self._mark)


def address_of(host: str) -> str:
    """Return a host's address."""
    return _HOSTS[host]


def remove_stale() -> None:
    """Remove the namespaces of runs that were killed."""
    for name in _present():
        found = re.match(rf"{_MARK}(\d+)-", name)
        if found and not Path(f"/proc/{found[1]}").exists():
            _remove(found[0].rstrip("-"))


def _present() -> Sequence[str]:
    return sorted(path.name for path in _NAMES.glob(f"{_MARK}*")) if _NAMES.exists() else ()


def _remove(mark: str) -> None:
    for name in _present():
        if name.startswith(f"{mark}-"):
            listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)  # noqa: S603, S607 - the system's own ip
            for pid in map(int, listed.stdout.split()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _run("ip", "netns", "delete", name)


def _move(namespace: int) -> None:
    """Move this thread, and all that it starts from now on, into a namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _NEW_NET) != 0:
        raise OSError(ctypes.get_errno(), "this thread cannot enter the namespace")


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - the system's own ip and bridge
