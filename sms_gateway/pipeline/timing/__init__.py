"""How long the rounds of the pipeline take, and why one of them is slow."""
