"""What a network does, as tables for people: made from its value alone, so that no page can say anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby

from pydantic import SecretStr

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_any, read_form
from sms_gateway.channels.http.network import HttpChannel, Network, Networks, TextFields, http_channel, with_options
from sms_gateway.channels.http.proofs.proof import Proof
from sms_gateway.channels.http.request import RequestOutcome, Said
from sms_gateway.channels.http.sending.departure import DeclinedText, Departure, OutgoingRequest, OutgoingText
from sms_gateway.channels.http.sending.plain_responses import PlainResponses
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings

_SECRET = SecretStr("SECRET-OF-EXAMPLES")
_ELSEWHERE = "https://provider.example/send"
_TEXT = OutgoingText(key="1234567", sender="8188", recipient="84905123456", body="Xin chao", valid_seconds=900)
_LONGEST_BODY = 100

Row = tuple[str, str]


def reference_of(network: Network) -> str:
    """Return everything that is settled about a network, as Markdown; ends with a newline."""
    channel = http_channel("NAME", _example(network), network)
    parts = [
        (f"## {network.name}: {network.title}", ("what", "how"), _summary(network, channel)),
        ("**Texts**", ("what", "field"), _texts(channel) if network.takes_texts else ()),
        ("**Delivery reports**", ("what", "field"), _reports(channel)),
        ("**States in delivery reports**", ("word", "state"), _states(channel)),
        ("**What the aggregator gets**", ("outcome", "response"), _responses(network)),
        ("**Sending**", ("what", "how"), _sending(network)),
        ("**Result codes of the provider**", ("code", "what the gateway does"), _codes(network)),
        ("**Settings**", ("setting", "what it is"), _settings(network)),
    ]
    return "\n".join(_table(title, head, rows) for title, head, found in parts if (rows := list(found)))


def overview(networks: Networks) -> str:
    """Return the table of all networks: what each can do, and how it was checked."""
    lines = [
        "| network | for | texts | delivery reports | sends | checked by |",
        "|---|---|---|---|---|---|",
        *(_overview_row(network) for network in networks.values()),
    ]
    return "\n".join(lines) + "\n"


def _overview_row(network: Network) -> str:
    receipt = http_channel("NAME", _example(network), network).arrivals.receipt
    can = (network.takes_texts, receipt is not None, network.departure is not None)
    told = ("yes" if each else "no" for each in can)
    return f"| {' | '.join([f'`{network.name}`', network.title, *told, network.checked.value])} |"


def _table(title: str, head: Row, rows: Sequence[Row]) -> str:
    written = [f"| {_cell(name)} | {_cell(value)} |" for name, value in rows]
    return "\n".join([title, "", f"| {head[0]} | {head[1]} |", "|---|---|", *written, ""])


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")


def _example(network: Network) -> ChannelSettings:
    """Return settings with which everything that the network can do is on."""
    options = {
        name: next(iter(option.choices), "VALUE") if option.default is None else option.default
        for name, option in network.options.items()
    }
    return ChannelSettings(
        network=network.name,
        options=options,
        secret=_SECRET,
        path_secret=_SECRET,
        password=_SECRET,
        user="USER",
        public_url="https://sms.example",
        send_url="" if network.departure is None else DEFAULT_URL if network.send_url else _ELSEWHERE,
    )


def _summary(network: Network, channel: HttpChannel) -> Iterator[Row]:
    arrivals = channel.arrivals
    yield "checked by", network.checked.value
    yield "sources", network.sources or "none"
    if network.takes_texts:
        yield "proof of a text", _proof(arrivals.proof)
    if arrivals.receipt is not None and arrivals.receipt_proof is not None:
        yield "proof of a delivery report", _proof(arrivals.receipt_proof)
    yield "addresses of citizens", f"`{network.sender_kind.name}`"
    if arrivals.items is not None:
        yield "several items in one request", f"the entries of `{arrivals.items}`"
    if arrivals.kind is not None:
        yield "texts and delivery reports", "come to one address, `/mo/NAME`"
    if network.longest_text is not None:
        yield "one message", f"up to {network.longest_text} characters; no segments"


def _proof(proof: Proof) -> str:
    """Return the first paragraph of a proof's documentation, and its fields that are no secret."""
    about = " ".join((type(proof).__doc__ or "").partition("\n\n")[0].split())
    shown = {one.name: getattr(proof, one.name) for one in fields(proof) if one.repr}  # type: ignore[arg-type]  # a value
    given = ", ".join(f"{name} `{_shown(value)}`" for name, value in shown.items() if value not in ("", None, False))
    return f"{about} {given}".strip()


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " + ".join(map(_shown, value))
    return str(getattr(value, "value", value))


def _texts(channel: HttpChannel) -> Iterator[Row]:
    names: TextFields = channel.arrivals.text
    part = names.part
    yield from _named(
        {
            "citizen": names.sender,
            "our number": names.recipient,
            "text": names.text,
            "id": names.id,
            "part: reference": part.reference if part else None,
            "part: number": part.number if part else None,
            "part: total": part.total if part else None,
        }
    )


def _reports(channel: HttpChannel) -> Iterator[Row]:
    receipt = channel.arrivals.receipt
    if receipt is not None:
        yield from _named(
            {
                "id of our answer": receipt.id,
                "id, where that is missing": receipt.other_id,
                "our own id": receipt.own_id,
                "state": receipt.state,
                "error": receipt.error,
                "citizen": receipt.phone,
            }
        )


def _named(names: Mapping[str, str | None]) -> Iterator[Row]:
    for what, name in names.items():
        if name:
            yield what, " or ".join(f"`{one}`" for one in name.split("|"))


def _states(channel: HttpChannel) -> Iterator[Row]:
    receipt = channel.arrivals.receipt
    for word, state in _words_of(receipt.read_state).items() if receipt is not None else ():
        yield f"`{word}`", state.value
    if receipt is not None and receipt.decide is not None:
        yield "others", "by more fields of the report: see the page of the network"


def _words_of(read_state: Callable[[str], ReceiptState | None]) -> Mapping[str, ReceiptState]:
    """Return the table behind `read_state`; empty where it is a function, which docs/networks.md explains."""
    table = getattr(read_state, "__self__", None)  # of `TABLE.get`
    return table if isinstance(table, Mapping) else {}


def _responses(network: Network) -> Iterator[Row]:
    """Group outcomes with the same response."""
    said = [
        (outcome, network.acknowledge(Said(outcome=outcome, method="POST", advice="ADVICE", field="FIELD")))
        for outcome in RequestOutcome
    ]
    for response, same in groupby(said, key=lambda each: each[1]):
        body = response.body.strip()
        body = f"`{body[:_LONGEST_BODY]}{'…' if len(body) > _LONGEST_BODY else ''}`" if body else "no body"
        names = ", ".join(outcome.value for outcome, _ in same)
        yield names, f"{response.status} {response.content_type.partition(';')[0]}: {body}"


def _sending(network: Network) -> Iterator[Row]:
    departure = _departure(network)
    if departure is None:
        return
    request = departure.build(_TEXT)
    if isinstance(request, DeclinedText):
        return
    place = departure.url.partition("?")[0] if network.send_url else "send_url"
    if isinstance(request, OutgoingRequest):
        yield "request", f"{request.method} to {place}"
        yield "fields", ", ".join(f"`{name}`" for name in _names_in(request)) or "none"
        yield "headers", ", ".join(f"`{name}`" for name in request.headers) or "none"
    table = _table_of(departure)
    if table is not None:
        yield "id of the answer", f"`{table.ids}`" if table.ids else "our own"
    if departure.needs_request:
        yield "repeats of the text's request", ", ".join(f"`{name}`" for name in departure.needs_request)
    again = "is repeated with the same id, and sent once" if departure.has_idempotency_key else "is marked `unsure`"
    yield "without a response", f"the answer {again}"
    if departure.tokens is not None:
        yield "access token", "`sms-gateway tokens authorise NAME` gets it, and the service renews it"
    if departure.probe is not None:
        yield "tried by `check`", f"{departure.probe.method}, which costs nothing"
    if departure.token_probe is not None:
        probe = departure.token_probe("")
        yield "tried by `check`", f"{probe.method} by a valid access token, which costs nothing"


def _departure(network: Network) -> Departure | None:
    return None if network.departure is None else network.departure(with_options(_example(network), network))


def _names_in(request: OutgoingRequest) -> list[str]:
    """Return the names of fields in the query and the body; their values may hold a time or a secret."""
    query = read_form(request.target.partition("?")[2].encode())
    body = request.body or b""
    form = read_form(body) if "urlencoded" in request.headers.get("Content-Type", "") else read_any(body)
    return [name for found in (query, form) if isinstance(found, dict) for name in found]


def _codes(network: Network) -> Iterator[Row]:
    departure = _departure(network)
    table = None if departure is None else _table_of(departure)
    if table is None:
        return
    for code in dict.fromkeys([*table.codes, *table.refused_for]):
        refusal = table.codes.get(code, table.other_code)
        meaning = "taken" if refusal is None else refusal.value
        cause = f" ({table.refused_for[code]})" if code in table.refused_for else ""
        everything = ", and every other answer too" if code in table.declines_all else ""
        yield (
            f"`{code}`",
            "tried once more with a new access token" if code in table.token_codes else meaning + cause + everything,
        )
    if table.reasons_for_all is not None:
        words = ", ".join(f"`{word}`" for word in table.reasons_for_all.pattern.split("|"))
        yield f"`{table.reason}` with {words}", f"{Refusal.TEMPORARY.value}, and every other answer too"
    if table.code is not None:
        yield "any other", table.other_code.value


def _needs(network: Network) -> Iterator[Row]:
    """Tell what must be given, and what an option changes in it."""
    usual = network.needed(ChannelSettings())
    with_option = {
        f"`options.{name} = {choice}`": network.needed(ChannelSettings(options={name: choice}))
        for name, option in network.options.items()
        for choice in option.choices
    }
    for name in dict.fromkeys(one for needed in (usual, *with_option.values()) for one in needed):
        others = [option for option, needed in with_option.items() if (name in needed) != (name in usual)]
        only = "must be given" if name in usual else f"must be given with {', '.join(others)}"
        yield f"`{name}`", f"{only}, but not with {', '.join(others)}" if others and name in usual else only


def _table_of(departure: Departure) -> ResponseTable | None:
    read = departure.read.table if isinstance(departure.read, PlainResponses) else departure.read
    return read if isinstance(read, ResponseTable) else None


def _settings(network: Network) -> Iterator[Row]:
    yield from _needs(network)
    for name in network.needs_to_send:
        yield f"`{name}`", "must be given with `send_url`"
    if network.send_url:
        yield "`send_url`", f'`"{DEFAULT_URL}"` is `{network.send_url}`'
    for name, option in network.options.items():
        default = "may be left out"
        if option.default != "":
            default = "must be given" if option.default is None else f"default `{option.default}`"
        choices = f" ({', '.join(option.choices)})" if option.choices else ""
        yield f"`options.{name}`", f"{option.description}{choices}; {default}"
