"""The pages of the admin site."""
