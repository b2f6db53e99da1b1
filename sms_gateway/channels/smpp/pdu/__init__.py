"""SMPP PDUs: octets to values and back."""
