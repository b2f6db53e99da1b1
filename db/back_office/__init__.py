"""The city's back office: what its systems and offices hand over, as rows."""
