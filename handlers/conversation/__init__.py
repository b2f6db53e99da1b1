"""The conversation with a citizen: how texts are filed, routed and answered."""
