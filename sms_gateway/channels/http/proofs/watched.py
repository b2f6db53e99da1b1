"""A signature that is watched: one that does not fit is counted, and the request is taken all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sms_gateway.channels.http.proofs.proof import Proof, Proved, nobody
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret, SecretField, SharedHeader
from sms_gateway.channels.http.request import IncomingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A proof that is tried out. The secret in the path decides meanwhile, so that no stranger can write texts."""

    proof: Proof
    path: PathSecret

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when neither the proof nor the path proves it."""
        proved, by_path = self.proof(request, now), self.path(request, now)
        if by_path is None:
            return proved
        return proved or Proved(is_watched=True)


def can_be_watched(proof: Proof) -> bool:
    """Return whether a proof is a signature: a secret that comes with the request fits or does not, at once."""
    return proof is not nobody and not isinstance(proof, SharedHeader | BasicPassword | PathSecret | SecretField)
