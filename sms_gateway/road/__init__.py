"""The steps of the road of one SMS: intake, dispatch, delivery, receipts."""
