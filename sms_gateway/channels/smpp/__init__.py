"""SMPP 3.4, as ESME."""
