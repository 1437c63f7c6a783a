"""Stands for a process of Odoo that a loaded one forks: gives it what it was given itself, and ends as it ends.

Usage: ready_process.py SOCKET COMMAND …; the socket is that of ready_odoo.py, the rest is for Odoo's command line.
"""

import json
import os
import socket
import sys

# Odoo has set its time zone when it was loaded
environment = {name: value for name, value in os.environ.items() if name != "TZ"}
request = {"arguments": sys.argv[2:], "folder": os.getcwd(), "environment": environment}
with socket.socket(socket.AF_UNIX) as odoo:
    odoo.connect(sys.argv[1])
    socket.send_fds(odoo, [b"."], [0, 1, 2])
    odoo.sendall(json.dumps(request).encode())
    odoo.shutdown(socket.SHUT_WR)
    code = int(odoo.recv(16))
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
