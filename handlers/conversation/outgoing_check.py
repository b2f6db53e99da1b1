"""The check of what an agent writes, before it is sent: its length, requests for secrets, and links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from handlers.conversation.secret_requests import find_secret_requests
from handlers.wording.contacts import find_links, hosts_of
from handlers.wording.fit import MOST_SEGMENTS, cheaper
from parsers.localised_message import LocalisedMessage, MessageTable

FAULTS = MessageTable(
    "outgoing_fault",
    {
        "empty": "the text is empty; write what the citizen gets",
        "segments": "the SMS is too long ({count} of at most {most} segments, with the number and the closing sentence)"
        "; shorten the text",
        "secret": 'the text asks the citizen to send a secret: "{words}". Nobody asks for passwords or codes by SMS; '
        "write where the citizen gets a new one",
        "link": "{link} is a link to {host}, which is not a site of ours; write where to go in words",
        "no_site": "{link} is no address of a site of ours; write where to go in words",
    },
)

_SHOWN_LETTERS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingFault:
    """What is wrong, and the place of it in the text where it has one."""

    message: LocalisedMessage
    start: int = 0
    end: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedAnswer:
    """What an agent's text is: it is sent when it has no fault and every own link was confirmed."""

    segments: int
    """Of the whole SMS, as it goes out."""
    faults: Sequence[OutgoingFault]
    own_links: Sequence[str]
    """Links to sites of ours: each is named in a second confirmation."""


def check_outgoing(
    words: str,
    sms: str,
    *,
    segments_of: Callable[[str], int],
    most_segments: int = MOST_SEGMENTS,
    own_sites: Collection[str] = (),
) -> CheckedAnswer:
    """Check an agent's words and the whole SMS that they are a part of.

    `own_sites` are hosts; what is below one of them belongs to it. Takes linear time and never raises.
    """
    segments = segments_of(cheaper(sms, segments_of))
    links = [(link, _foreign(link, own_sites)) for link in find_links(words)]
    faults = list(_faults_of_size(words, segments, most_segments))
    faults += [_secret(words, start, end) for start, end in find_secret_requests(words)]
    faults += [_link(words, link, host) for link, host in links if host is not None]
    return CheckedAnswer(segments=segments, faults=faults, own_links=[link for link, host in links if host is None])


def _faults_of_size(words: str, segments: int, most: int) -> Iterator[OutgoingFault]:
    if not words.strip():
        yield OutgoingFault(message=FAULTS.message("empty"))
    if segments > most:
        yield OutgoingFault(message=FAULTS.message("segments", count=segments, most=most), end=len(words))


def _secret(words: str, start: int, end: int) -> OutgoingFault:
    return OutgoingFault(
        message=FAULTS.message("secret", words=" ".join(words[start:end].split())), start=start, end=end
    )


def _foreign(link: str, own_sites: Collection[str]) -> str | None:
    """Return a host of the link that is none of ours; an empty text where it names no host; None when all are ours."""
    hosts = hosts_of(link)
    foreign = sorted(host for host in hosts if not any(_is_below(host, site.lower()) for site in own_sites))
    return next(iter(foreign), None) if hosts else ""


def _is_below(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")


def _link(words: str, link: str, host: str) -> OutgoingFault:
    start = max(words.find(link), 0)
    end = start + len(link) if link in words else len(words)
    shown = link[:_SHOWN_LETTERS]
    message = FAULTS.message("link", link=shown, host=host) if host else FAULTS.message("no_site", link=shown)
    return OutgoingFault(message=message, start=start, end=end)
