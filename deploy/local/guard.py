"""Run as a script by `processes.Guard`: ends the groups it was told of when its standard input closes."""

import os
import signal
import sys
import time

GRACE_SECONDS = 5.0


def send(group: int, number: int) -> bool:
    """Signal a group; False when nothing of it is left."""
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


def main() -> None:
    """Read `+group` and `-group` lines until the launcher is gone, then end what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    groups = {group for group in groups if send(group, signal.SIGTERM)}
    deadline = time.monotonic() + GRACE_SECONDS
    while groups and time.monotonic() < deadline:
        time.sleep(0.05)
        groups = {group for group in groups if send(group, 0)}
    for group in groups:
        send(group, signal.SIGKILL)


main()
