"""Static files, of which scripts go out small: without comments and indentation, and together with what they import.

There is no build step. The modules are plain ones that any web server can serve as they stand; here a browser gets in
one answer what it would fetch in four rounds, and a third of the bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

import rjsmin
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_IMPORT = re.compile(r"^import \{[^}]*\} from '\./([\w.]+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function)\b)", re.MULTILINE)


class LeanFiles(StaticFiles):
    """As StaticFiles, with smaller scripts."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or 304 when the browser has it."""
        path = Path(full_path)
        if path.suffix != ".js":
            return super().file_response(full_path, stat_result, scope, status_code)
        text, tag = _lean(path, max(each.stat().st_mtime_ns for each in path.parent.glob("*.js")))
        response = Response(text, status_code, {"ETag": tag}, "text/javascript")
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def lean_script(path: Path) -> str:
    """The script and the modules of its folder that it imports, without what only people read.

    Two rules for the modules: a name at the top of one is in no other, and a template inside another template's `${}`
    holds no blanks, because rjsmin does not look into it. Tests compare the syntax trees of both versions.
    """
    return str(rjsmin.jsmin(together(path)))


def together(path: Path) -> str:
    """One module in place of many: each once, after those it imports; only those of `path` are exported."""
    texts: dict[Path, str] = {}

    def add(module: Path) -> None:
        text = module.read_text("utf-8")
        for name in _IMPORT.findall(text):
            if module.with_name(name) not in texts:
                add(module.with_name(name))
        own = _IMPORT.sub("", text)
        texts[module] = own if module == path else _EXPORT.sub("", own)

    add(path)
    return "\n".join(texts.values())


@lru_cache(maxsize=64)
def _lean(path: Path, changed_ns: int) -> tuple[str, str]:
    """The script and its tag. `changed_ns`, the newest mtime in the folder, makes an edited one be read again."""
    text = lean_script(path)
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
