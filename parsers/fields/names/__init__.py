"""Fields of a name: where it begins and ends, what its letters mean, and which words are none."""
