"""The processes of one service: duties, jobs, links and wake-up."""
