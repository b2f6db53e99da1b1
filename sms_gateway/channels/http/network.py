"""A network: what one kind of aggregator sends, how it is answered, and how answers are sent by it. One value each.

The value is all that the service knows of a network. `sms_gateway.channels.http.networks` holds one file for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import urlsplit

from db.schema import ReceiptState
from db.store.record import record
from sms_gateway.channels.http.bodies.declared_fields import DeclaredFields
from sms_gateway.channels.http.bodies.json_values import places_of
from sms_gateway.channels.http.fields import Fields, names_of
from sms_gateway.channels.http.proofs.proof import Proof
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.proofs.watched import Watched, can_be_watched
from sms_gateway.channels.http.request import Acknowledge
from sms_gateway.channels.http.sending.departure import Departure
from sms_gateway.pipeline.addresses import PHONES, AddressKind
from sms_gateway.settings.checks.conflicts import SHORTEST_SECRET
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings

PATIENCE_SECONDS = 10.0
"""How long an aggregator waits for an answer in the response; most wait longer."""


class Kind(Enum):
    """What one item of a request is."""

    TEXT = "text"
    RECEIPT = "receipt"
    IGNORED = "ignored"  # another event, such as "seen"; it is acknowledged and not stored


class Checked(Enum):
    """How a network was checked, beside our own tests; the strongest that holds."""

    OFFICIAL_VALIDATOR = "official validator"  # the provider's own software judges our requests, or proves theirs
    REAL_SOFTWARE = "real software"  # the gateway of that name ran at the other end
    PUBLISHED_VECTOR = "published vector"  # a signature or request that the provider published is a test
    OUR_READING = "our reading only"  # of a document; nobody else has looked at it


@record
class DecodedText:
    """A text that the network writes in a form of its own, such as hexadecimal."""

    body: str
    octets: bytes
    data_coding: int  # as SMPP numbers it (SMPP 3.4 §5.2.19)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartFields:
    """Where an aggregator that sends the parts of a long text one by one says which part an item is.

    Parts with the same reference, sender, recipient and total are one text. An item without these fields is a text.
    """

    reference: str
    number: str  # 1 … total
    total: str  # 2 … 255


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFields:
    """Where a text is in an item. Names are paths: `text`, `payload.message`, `parts[0].id`.

    `a|b` is the first of both that is there.
    """

    sender: str
    text: str
    recipient: str | None = None  # None: every text is to the channel's first short code
    id: str | None = None
    charset: str | None = "charset"  # the field that names the charset of a form
    decode: Callable[[Fields], DecodedText | None] | None = None  # None: `text` holds characters
    part: PartFields | None = None  # None: long texts come whole


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptFields:
    """Where a delivery report is in an item. `id` may end with `[]`: one report for each of several ids."""

    id: str  # the id that the network gave the answer when it took it
    other_id: str | None = None  # where it is in reports that have nothing at `id`
    own_id: str | None = None  # where a report repeats our id, which the answer was sent with
    state: str
    read_state: Callable[[str], ReceiptState | None]  # None: a word that the table lacks; it is stored as UNKNOWN
    error: str | None = None
    phone: str | None = None  # the citizen's number: the second witness beside the id
    decide: Callable[[Fields], ReceiptState | None] | None = None  # where several fields say the state; else read_state


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrivals:
    """How a network brings texts and delivery reports."""

    proof: Proof
    text: TextFields
    receipt: ReceiptFields | None = None  # None: the network reports nothing
    receipt_proof: Proof | None = None  # of /dlr/CHANNEL; None: the same proof
    items: str | None = None  # the path of a list, where one request holds several items
    kind: Callable[[Fields], Kind] | None = None  # None: the HTTP endpoint says it
    also: tuple[str, ...] = ()  # fields inside objects and lists that only `kind`, `decode` or `decide` read

    def places(self) -> frozenset[str]:
        """Return the paths of the fields that are read inside objects and lists; nothing else is."""
        named = self.named()
        inside = [] if self.items is None else [self.items, *(f"{self.items}[].{name}" for name in named)]
        return places_of([*named, *inside])

    def named(self) -> frozenset[str]:
        """Return the names of the fields of an item."""
        text, part, receipt = self.text, self.text.part, self.receipt
        paths = [text.sender, text.text, text.recipient, text.id, text.charset, *self.also]
        if part is not None:
            paths += [part.reference, part.number, part.total]
        if receipt is not None:
            paths += [receipt.id, receipt.other_id, receipt.own_id, receipt.state, receipt.error, receipt.phone]
        return frozenset(name for path in paths if path is not None for name in names_of(path))


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkOption:
    """A setting that only one network has; it is written in `[channels.NAME] options`."""

    description: str
    default: str | None = None  # None: it must be given
    choices: tuple[str, ...] = ()  # its values; empty: any text
    pattern: str = ".*"  # a regular expression for the whole value
    is_address: bool = False  # it is the address of a request or a page, or empty


Needs = tuple[str, ...] | Callable[[ChannelSettings], tuple[str, ...]]
"""Settings of a channel that must be given: `secret`, `public_url` … Where options decide, a function of them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """One kind of aggregator."""

    name: str
    title: str  # what operators know it as, such as a brand; the page of links shows it in every language
    arrivals: Callable[[ChannelSettings], Arrivals]  # called once for each channel, at the start
    acknowledge: Acknowledge
    departure: Callable[[ChannelSettings], Departure] | None = None  # the same; None: it sends nothing
    patience_seconds: float = PATIENCE_SECONDS
    takes_texts: bool = True  # False: it only sends, and nothing proves a request to /mo/CHANNEL
    answers_in_response: bool = True  # its responses have a place for the answer (`reply = "body"`)
    sender_kind: AddressKind = PHONES  # how its senders are known
    options: Mapping[str, NetworkOption] = field(default_factory=dict)
    needs: Needs = ()  # of each channel
    needs_to_send: tuple[str, ...] = ()  # those that must be given with `send_url`: `user`, `password` …
    longest_text: int | None = None  # characters of one message, where it is no SMS; None: counted in segments of SMS
    shortest_secret: int = SHORTEST_SECRET  # characters; fewer only where the provider makes it
    send_url: str = ""  # where its provider takes answers; used by channels with `send_url = "default"`
    checked: Checked = Checked.OUR_READING
    sources: str = ""  # where its facts come from, and what is not settled: one line

    def __post_init__(self) -> None:
        """Refuse a name that the settings cannot hold."""
        if not (self.name.isascii() and self.name.replace("-", "").isalnum() and self.name.islower()):
            raise ValueError(f"the name of a network has lower-case letters, digits and hyphens: {self.name!r}")

    def needed(self, settings: ChannelSettings) -> tuple[str, ...]:
        """Return the settings that must be given, without those of sending."""
        return self.needs(with_options(settings, self)) if callable(self.needs) else self.needs


Networks = Mapping[str, Network]
"""The networks by name."""


def table_of(networks: Iterable[Network]) -> Networks:
    """Return the networks by name. Raises ValueError when two have the same name."""
    table: dict[str, Network] = {}
    for network in networks:
        if network.name in table:
            raise ValueError(f"two networks are called {network.name!r}")
        table[network.name] = network
    return table


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpChannel:
    """A channel of the settings with its network, ready to take requests."""

    name: str
    settings: ChannelSettings
    network: Network
    arrivals: Arrivals
    places: frozenset[str]  # `Arrivals.places`
    named: frozenset[str]  # `Arrivals.named`, with the places around them

    def declared(self, item: Fields) -> Fields:
        """Return an item as the network's own functions read it."""
        return DeclaredFields(item, self.named, is_entry=self.arrivals.items is not None)


def http_channels(settings: Mapping[str, ChannelSettings], networks: Networks) -> Mapping[str, HttpChannel]:
    """Return what takes the requests of each channel. Raises KeyError when a network does not exist."""
    return {name: http_channel(name, channel, networks[channel.network]) for name, channel in settings.items()}


def http_channel(name: str, settings: ChannelSettings, network: Network) -> HttpChannel:
    """Return what takes the requests of one channel. One that sends nothing takes no delivery reports."""
    settings = with_options(settings, network)
    arrivals = network.arrivals(settings)
    if settings.proof == "watch":
        arrivals = _watched(arrivals, settings)
    if arrivals.text.part is not None and network.sender_kind is not PHONES:
        raise ValueError(f"parts are joined for telephone numbers only: {network.name}")
    if not settings.can.report:
        arrivals = replace(arrivals, receipt=None)
    return HttpChannel(
        name=name,
        settings=settings,
        network=network,
        arrivals=arrivals,
        places=arrivals.places(),
        named=places_of(arrivals.named()),
    )


def _watched(arrivals: Arrivals, settings: ChannelSettings) -> Arrivals:
    """Let the secret in the path decide where a signature is tried out; it leaves other proofs as they are."""
    path = PathSecret(secret=settings.path_secret.get_secret_value())

    def watched(proof: Proof) -> Proof:
        return Watched(proof=proof, path=path) if can_be_watched(proof) else proof

    receipt_proof = None if arrivals.receipt_proof is None else watched(arrivals.receipt_proof)
    return replace(arrivals, proof=watched(arrivals.proof), receipt_proof=receipt_proof)


def send_place(settings: ChannelSettings, network: Network) -> str:
    """Return where the answers of a channel are sent, without path and query, which may hold a password."""
    parts = urlsplit(with_options(settings, network).send_url)
    return f"{parts.scheme}://{parts.netloc}"


def with_options(settings: ChannelSettings, network: Network) -> ChannelSettings:
    """Return the settings of a channel with what its network fills in: defaults of options, the address for sending."""
    defaults = {name: option.default for name, option in network.options.items() if option.default is not None}
    send_url = network.send_url if settings.send_url == DEFAULT_URL else settings.send_url
    return settings.model_copy(update={"options": defaults | settings.options, "send_url": send_url})
