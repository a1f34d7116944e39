"""Files that other processes read while we write them: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str) -> bool:
    """Write text (UTF-8) in one move, and only when it is another than what stands there. Whether it was."""
    if path.is_file() and path.read_text("utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(content, "utf-8")
    part.replace(path)
    return True
