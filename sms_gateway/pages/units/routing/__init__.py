"""What leads words to units: wards, rules, topics, and the levels that say how soon."""
