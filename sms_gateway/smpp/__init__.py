"""SMPP 3.4: PDUs, session, text, receipts, the link, and an SMSC to test against."""
