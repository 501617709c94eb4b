"""Reach a listener of the machine by name."""

import socket
import sys

from attempt import tried

token, port = sys.argv[1:]
for name in ("localhost", socket.gethostname(), "host.docker.internal", "ip6-localhost"):
    connection = tried(name, lambda: socket.create_connection((name, int(port)), timeout=2))
    if connection:
        connection.sendall(f"{token}\n".encode())
