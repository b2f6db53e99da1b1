"""Systems of the city: who they are, and what they push in."""
