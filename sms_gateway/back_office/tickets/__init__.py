"""What agents do with tickets, and what is done for them when its time has come."""
