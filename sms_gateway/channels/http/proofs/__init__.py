"""How a request proves who sent it: one file for each kind of proof."""
