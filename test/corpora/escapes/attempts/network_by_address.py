"""Reach a listener of the machine by address, by TCP and UDP, with and without the family's newer version."""

import socket
import sys

from attempt import tried

token, port, address = sys.argv[1:]
for host in ("127.0.0.1", address, "::1", "0.0.0.0"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as link:
            link.settimeout(2)
            tried(host, lambda: (link.connect((host, int(port))), link.sendall(f"{token}\n".encode())))
