"""Two machines in network namespaces: processes, servers and the network fail, and every text is counted."""
