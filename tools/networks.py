"""Write the table of networks in docs/networks.md and the page docs/networks-reference.md from the networks' values."""

from __future__ import annotations

from pathlib import Path

from sms_gateway.channels.http.network_reference import overview, reference_of
from sms_gateway.channels.http.networks import NETWORKS

DOCS = Path(__file__).parent.parent / "docs"
BEGIN = "<!-- networks: written by python -m tools.networks -->\n"
END = "<!-- end of networks -->\n"
_HEAD = """\
# Networks: reference

Written by `python -m tools.networks` from the values in `sms_gateway/channels/http/networks/`.
`sms-gateway check --explain NAME` prints one section. [networks.md](networks.md#aggregators-by-http) explains the
terms and how to choose.

A name with dots is a path inside objects, and `[]` stands for each entry of a list. An answer that is refused as
`temporary` or `throttled` goes again, one refused as `permanent` fails, and `unanswered` may have been sent. A status
of HTTP that no table names means what [networks.md](networks.md#sending) says.
"""


def reference_page() -> str:
    """Return docs/networks-reference.md."""
    return "\n".join([_HEAD, *map(reference_of, NETWORKS.values())])


def with_table(page: str) -> str:
    """Return docs/networks.md with the table of today."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + overview(NETWORKS) + END + rest.partition(END)[2]


def main() -> None:
    """Write both."""
    (DOCS / "networks-reference.md").write_text(reference_page(), encoding="utf-8")
    page = DOCS / "networks.md"
    page.write_text(with_table(page.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
