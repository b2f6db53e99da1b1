"""The messages: texts, answers, their segments and receipts."""
