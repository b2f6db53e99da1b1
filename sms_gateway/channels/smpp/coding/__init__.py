"""Text codings: characters to octets and back."""
