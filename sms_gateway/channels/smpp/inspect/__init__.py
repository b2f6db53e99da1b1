"""Inspection: a PDU field by field, for people."""
