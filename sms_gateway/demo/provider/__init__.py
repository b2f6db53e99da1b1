"""A provider of our own by HTTP: the other side of a network, to show the gateway and to test it against faults."""

from sms_gateway.demo.provider.counterpart import Counterpart
from sms_gateway.demo.provider.faults import ProviderFaults
from sms_gateway.demo.provider.provider import SimulatedProvider

__all__ = ["Counterpart", "ProviderFaults", "SimulatedProvider"]
