"""Reach sockets that stand for power: an ssh agent, a container engine, a message bus, the editor."""

import glob
import os
import socket
import sys

from attempt import escaped, tried

token, agent = sys.argv[1:]
ENGINES = ["/var/run/docker.sock", "/run/podman/podman.sock", "/run/dbus/system_bus_socket"]
paths = {agent, os.environ.get("SSH_AUTH_SOCK", agent), *glob.glob("/tmp/ssh-*/agent.*"), *glob.glob("/run/user/*/*.sock")}
for path in sorted(paths):
    with socket.socket(socket.AF_UNIX) as link:
        tried(path, lambda: (link.connect(path), link.sendall(f"{token}\n".encode())))
for path in ENGINES:
    with socket.socket(socket.AF_UNIX) as link:
        if tried(path, lambda: (link.connect(path), True)):
            escaped(token, path)
