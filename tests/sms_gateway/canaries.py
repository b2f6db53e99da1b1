"""Known names, numbers and secrets, and where they are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile, is_zipfile

NAME = "Kanarienvogel Van Nguyen"
ID_NUMBER = "079090987654"
BIRTH_DATE = "20/12/1990"
PHONE = "84937654321"
OTHER_PHONE, OTHER_ID_NUMBER = "84937654328", "079090987655"  # of the text whose handling fails
LINK_PASSWORD = "kAnary8x"
CHANNEL_SECRET = "canary-channel-4f0c9a1be7d2"
OPERATOR_PASSWORD = "canary operator password 71"
MAIL_PASSWORD = "canary-mail-9d20c4"
ALARM_SECRET = "whsec_Y2FuYXJ5LWFsYXJtcy1zZWNyZXQtMzI="
ALARM_PATH, HEARTBEAT_PATH = "canary-hook-51b7", "canary-ping-e80a"

CLEAR: Mapping[str, tuple[str, ...]] = {
    "name": (NAME, NAME.upper(), NAME.replace(" ", "")),
    "identity number": (ID_NUMBER, OTHER_ID_NUMBER),
    "birth date": (BIRTH_DATE, "1990-12-20"),
    "phone": (PHONE, PHONE[2:], OTHER_PHONE, OTHER_PHONE[2:]),
    "link password": (LINK_PASSWORD,),
    "channel secret": (CHANNEL_SECRET,),
    "operator password": (OPERATOR_PASSWORD,),
    "mail password": (MAIL_PASSWORD,),
    "secret of alarms": (ALARM_SECRET, ALARM_SECRET.removeprefix("whsec_"), ALARM_PATH),
    "heartbeat": (HEARTBEAT_PATH,),
}


@dataclass(slots=True)
class Search:
    """Counts how often each canary is found in each place, in every way octets can be written."""

    canaries: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(CLEAR))
    found: dict[str, Counter[str]] = field(default_factory=dict)
    octets: Counter[str] = field(default_factory=Counter)

    def look(self, place: str, content: bytes | str) -> None:
        """Count the canaries in a content of this place."""
        octets = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        counts = self.found.setdefault(place, Counter())
        self.octets[place] += len(octets)
        lower = octets.lower()
        for canary, forms in self.canaries.items():
            counts[canary] += sum(lower.count(written) for form in forms for written in _written(form))

    def look_into(self, place: str, content: bytes) -> None:
        """Look at a content, and at what is packed in it (a spreadsheet)."""
        self.look(place, content)
        start = content.find(b"PK\x03\x04")
        packed = BytesIO(content[start:] if start >= 0 else b"")
        if is_zipfile(packed):
            with ZipFile(packed) as archive:
                for name in archive.namelist():
                    self.look(place, archive.read(name))

    def places_with(self, canary: str) -> set[str]:
        return {place for place, counts in self.found.items() if counts[canary]}

    def table(self) -> str:
        names = list(self.canaries)
        head = ["place", "octets", *names]
        rows = [
            [place, str(self.octets[place]), *(str(counts[name]) for name in names)]
            for place, counts in self.found.items()
        ]
        lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]
        return "\n".join(lines)


def _written(form: str) -> Iterable[bytes]:
    """Return the octets by which a text can stand somewhere, in lower case."""
    octets = form.encode()
    ways = {octets, form.encode("utf-16-le"), form.encode("utf-16-be"), octets.hex().encode(), octets.hex(" ").encode()}
    ways.add(form.replace(" ", "+").encode())
    ways.add(form.replace(" ", "%20").encode())
    return {way.lower() for way in ways}
