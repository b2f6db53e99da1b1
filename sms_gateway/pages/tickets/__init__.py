"""The pages of tickets: for agents, for those who lead them, and for operators."""
