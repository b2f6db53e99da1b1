"""The pages of units: who answers citizens, when, and how their words are routed."""
