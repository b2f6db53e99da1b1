"""An SMSC of our own: to show the gateway without a carrier, and to test it against one that misbehaves at will."""

from sms_gateway.demo.simulator.conversation import Bubble, CitizenNetwork, Conversation, Direction
from sms_gateway.demo.simulator.faults import Dialect, Faults, MessageIds
from sms_gateway.demo.simulator.server import Simulator

__all__ = ["Bubble", "CitizenNetwork", "Conversation", "Dialect", "Direction", "Faults", "MessageIds", "Simulator"]
