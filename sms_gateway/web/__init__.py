"""What all HTTP shares: server, request reader, forms, headers, languages."""
