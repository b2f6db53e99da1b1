"""What a body can be written in: XML, charsets, packing."""
