"""`sms-gateway check-link`: a carrier's acceptance test, as a sheet to keep."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import click

from sms_gateway.channels.smpp.acceptance.steps import Acceptance, Mark, Trial
from sms_gateway.cli.command_context import Stop, config_option, settings_from
from sms_gateway.cli.manual import Manual
from sms_gateway.clock import LOCAL_ZONE, utc_now


def _number(context: click.Context, parameter: click.Parameter, value: str) -> str:
    del context, parameter
    if not re.fullmatch(r"\+?[0-9]{3,15}", value):
        raise click.BadParameter("3 to 15 digits are needed")
    return value.lstrip("+")


@click.command(cls=Manual)
@click.argument("name")
@config_option
@click.option("--to", "recipient", required=True, callback=_number, help="The phone that the texts go to: your own.")
@click.option(
    "--receipt-seconds",
    type=click.FloatRange(0, 3600),
    default=60,
    show_default=True,
    help="Wait so long for receipts.",
)
@click.option(
    "--burst",
    type=click.IntRange(0, 1000),
    default=0,
    show_default=True,
    help="Send so many more segments at once, to see how the carrier throttles.",
)
@click.option("--no-pdus", is_flag=True, help="Leave the PDUs out of the sheet.")
@click.pass_context
def check_link(
    context: click.Context,
    name: str,
    config: Path | None,
    *,
    recipient: str,
    receipt_seconds: float,
    burst: int,
    no_pdus: bool,
) -> None:
    """Try a link with the carrier's SMSC as an acceptance test does, and print a sheet.

    Binds, asks whether they live, sends a text in each encoding and two long ones to your phone, waits for their
    receipts and unbinds. Six segments are sent for real, and --burst more. Each line begins with PASS, FAIL or
    NOTE; below it stand its PDUs, > ours and < theirs: command, sequence, status, and all octets in hexadecimal,
    without our password. Texts of citizens and
    receipts of other texts that come meanwhile are sent back and come again. Stop the service first where a
    carrier allows one bind at a time.

    Example:
      sms-gateway check-link main --to 84905123456
      sms-gateway check-link main --to 84905123456 --burst 50 > sheet.txt

    Exit codes:
      0  no step failed
      1  a step failed
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    if name not in settings.links:
        known = ", ".join(sorted(settings.links)) or "none"
        raise Stop(f"there is no link {name}; fix: name one of the settings: {known}")
    logger = logging.getLogger("sms_gateway.channels.smpp")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # the sheet says it
    context.call_on_close(lambda: logger.setLevel(level))
    trial = Trial(
        settings=settings.links[name],
        recipient=recipient,
        sender=settings.service.short_codes[0],
        receipt_seconds=receipt_seconds,
        burst=burst,
    )
    link = settings.links[name]
    at = f"{utc_now().astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M %Z}"
    click.echo(f"link {name}: {link.host} port {link.port}, {link.mode.value}, {at}")
    failed = 0
    for step in Acceptance(trial, now=utc_now).steps():
        failed += step.mark is Mark.FAIL
        click.echo(f"{step.mark.value}  {step.name}: {step.text}")
        for pdu in () if no_pdus else step.pdus:
            click.echo(f"      {pdu}")
    click.echo(f"{failed} failed" if failed else "no step failed")
    context.exit(int(bool(failed)))
