"""soap-mo: short codes of Viet Nam whose texts a sender of the VMG family pushes by SOAP; it sends nothing.

Each partner's push names operation and elements in its own way. The names below were seen in senders' own code.
"""

from __future__ import annotations

import binascii
from base64 import b64decode

from sms_gateway.channels.http.fields import Fields, value_at
from sms_gateway.channels.http.network import Arrivals, Checked, DecodedText, Network, NetworkOption, TextFields
from sms_gateway.channels.http.proofs.proof import Proof
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret, SecretField
from sms_gateway.channels.http.request import TAKEN, Acknowledgement, Said, refuse, xml_text
from sms_gateway.settings.link_model import ChannelSettings

TEXT = "Message|info|Content|MessageIn|in3"
SENDER = "User_ID|user_id|UserID|UserId|in0"
RECIPIENT = "Service_ID|service_id|ServiceID|PrefixId|in1"
ID = "Request_ID|request_id|RequestID|in4"
PASSWORD = "Password|password"  # noqa: S105 - names of an element, no secret

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    "<moResponse><return>{}</return></moResponse>"
    "</soapenv:Body></soapenv:Envelope>"
)
_LATIN = 3  # data_coding of SMPP
_SHORTEST_LATIN = 9  # octets
_MOSTLY = 0.6


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Find the six values by the names that each partner gives them."""
    base64 = settings.options["base64"]

    def decode(item: Fields) -> DecodedText | None:
        return None if base64 == "no" else decoded(value_at(item, TEXT) or b"", only_text=base64 == "auto")

    return Arrivals(
        proof=proof(settings),
        text=TextFields(sender=SENDER, recipient=RECIPIENT, text=TEXT, id=ID, charset=None, decode=decode),
    )


def proof(settings: ChannelSettings) -> Proof:
    """Return the proof that the option names."""
    secret = settings.secret.get_secret_value()
    match settings.options["proof"]:
        case "element":
            return SecretField(path=PASSWORD, secret=secret)
        case "path":
            return PathSecret(secret=secret)
        case _:
            return BasicPassword(secret=secret)


def decoded(written: bytes, *, only_text: bool) -> DecodedText | None:
    r"""Read Base64, whose lines may be broken; None when it is none, and then the words are as written.

    The charset is UTF-8, else Windows-1252. With `only_text` it must be printable, and in Windows-1252 mostly ASCII and
    no short word, since letters of a plain text can be Base64 by chance.

    >>> decoded(b"xJDhu\n4U=", only_text=True), decoded(b"DVC1", only_text=True)
    (DecodedText(body='Đễ', octets=b'\xc4\x90\xe1\xbb\x85', data_coding=0), None)
    """
    try:
        octets = b64decode(b"".join(written.split()), validate=True)
    except binascii.Error:
        return None
    try:
        body = octets.decode()
    except UnicodeDecodeError:
        body = octets.decode("cp1252", "replace")
        is_decoded = not only_text or (len(octets) >= _SHORTEST_LATIN and _is_latin_text(body))
        return DecodedText(body=body, octets=octets, data_coding=_LATIN) if is_decoded else None
    is_text = all(letter.isprintable() or letter.isspace() for letter in body)
    return DecodedText(body=body, octets=octets, data_coding=0) if is_text or not only_text else None


def _is_latin_text(body: str) -> bool:
    """Return whether words are printable, and all but a few of their letters ASCII, as in any text of Latin letters."""
    ascii_letters = sum(letter.isascii() for letter in body)
    return "\ufffd" not in body and ascii_letters >= _MOSTLY * len(body) and all(map(_is_shown, body))


def _is_shown(letter: str) -> bool:
    return letter.isalpha() or (letter.isascii() and (letter.isprintable() or letter.isspace()))


def acknowledge(said: Said) -> Acknowledgement:
    """Respond with the number that means taken: the sender looks for `>1<` in the response."""
    if said.outcome not in TAKEN:
        return refuse(said)
    body = ENVELOPE.format(xml_text(said.options.get("success", "1")))
    return Acknowledgement(status=200, body=body, content_type="text/xml; charset=utf-8")


NETWORK = Network(
    name="soap-mo",
    title="SOAP (8x88)",
    arrivals=arrivals,
    acknowledge=acknowledge,
    checked=Checked.OUR_READING,
    sources="source code of VMG's senders; not settled: the number that means taken, the charset",
    answers_in_response=False,
    needs=("secret",),
    options={
        "proof": NetworkOption(
            description="basic is secret as the password of HTTP Basic, element is secret in an element Password, "
            "path is secret at the end of the address, without a slash in it",
            default="basic",
            choices=("basic", "element", "path"),
        ),
        "base64": NetworkOption(
            description="whether texts come in Base64; auto looks at each",
            default="auto",
            choices=("auto", "yes", "no"),
        ),
        "success": NetworkOption(description="the result that means: taken", default="1"),
    },
)
