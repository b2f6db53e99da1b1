"""SMPP sessions: sockets, PDUs in and out, time limits."""
