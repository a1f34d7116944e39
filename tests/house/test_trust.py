"""Rules about secrets and about fetching that a syntax tree can show."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import PACKAGES, Module, imports, modules

SECRET = re.compile(
    r"(^|_)(token|secret|password|signature|csrf|api_key|passphrase)s?(_hash|_key)?$|^authorization$", re.I
)
COMPARED = {
    ("api/settings.py", "EXAMPLE_SECRET"): "at start, with what everybody can read",
    ("api/staff/logging_in.py", "password_hash"): "two stored hashes: whether somebody else has changed it meanwhile",
    ("api/staff/command_line.py", "password"): "what somebody has typed twice at the same keyboard",
}
"""Comparisons of secrets that tell nobody anything, and why."""

FETCHING = {
    "actions/api_client.py": "the api, by IV_API_URL",
    "api/catalogue/susa/client.py": "Susa-navet, by IV_SUSA_URL",
    "api/chat/bot.py": "the bots, by IV_BOT_URLS",
    "api/guidance/outlook/fetching.py": "Arbetsförmedlingen's file, by IV_OUTLOOK_URL",
    "api/guidance/vacancies/jobsearch.py": "JobSearch, by IV_JOBSEARCH_URL",
    "api/main.py": "only the type of what tests hand in",
    "api/outbox/delivery.py": "the mail server, by IV_SMTP_URL",
    "api/staff/oidc.py": "the log-in service, by IV_OIDC_ISSUER, and what that service says of itself",
    "bot/repeated_work.py": "the action server, by IV_ACTIONS_URL",
}
"""The modules that open connections, and by which setting. None of them takes an address from a person or a file."""
CLIENTS = {"httpx", "httpx_aiohttp", "requests", "aiohttp", "aiosmtplib", "smtplib", "ftplib", "telnetlib", "urllib3"}
CLIENT_MODULES = {"urllib.request", "http.client", "xmlrpc.client"}

DANGEROUS = {"eval", "exec", "compile", "__import__"}
UNSAFE = {("pickle", "loads"), ("pickle", "load"), ("marshal", "loads"), ("shelve", "open"), ("os", "system"),
          ("os", "popen"), ("yaml", "unsafe_load"), ("yaml", "full_load"), ("tempfile", "mktemp")}  # fmt: skip


def last_name(node: ast.expr) -> str:
    """`token` of `token`, `a.token` and `token(…)`."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_column(node: ast.expr) -> bool:
    """`Account.link_hash`: the database compares hashes by an index, which shows nothing of the secret itself."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[:1].isupper()


def compared_secrets(module: Module) -> Iterator[tuple[ast.Compare, str]]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            continue
        sides = [node.left, *node.comparators]
        if any(map(is_column, sides)) or any(isinstance(side, ast.Constant) and not side.value for side in sides):
            continue
        for side in sides:
            if SECRET.search(last_name(side)):
                yield node, last_name(side)


def test_secrets_are_compared_in_a_time_that_tells_nothing() -> None:
    """With `hmac.compare_digest`, or `same` of api/staff/secrets.py, which is that."""
    found = [
        module.where(node)
        for module in modules(*PACKAGES)
        for node, name in compared_secrets(module)
        if (str(module.path), name) not in COMPARED
    ]
    assert found == []


def test_the_comparisons_that_are_let_through_exist() -> None:
    found = {(str(module.path), name) for module in modules("api") for _, name in compared_secrets(module)}
    assert found >= COMPARED.keys()


@pytest.mark.parametrize(
    "source", ["token == shown", "a.secret != b", "password in known", "x == row.csrf", "f(y) == token_hash(x)"]
)
def test_such_a_comparison_would_be_seen(source: str) -> None:
    tree = ast.parse(source)
    assert list(compared_secrets(Module(path=modules("api")[0].path, name="x", tree=tree)))


def fetches(module: Module) -> bool:
    return any(name.split(".")[0] in CLIENTS or name in CLIENT_MODULES for _, name in imports(module))


def test_only_modules_with_an_address_from_a_setting_fetch_anything() -> None:
    assert {str(module.path) for module in modules("api", "actions", "bot") if fetches(module)} == FETCHING.keys()


def test_nothing_is_followed_to_where_an_answer_leads() -> None:
    """Otherwise a service outside could send us to one inside. httpx follows nothing unless it is told to."""
    told = [
        (module, node.value)
        for module in modules("api", "actions", "bot")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "follow_redirects"
    ]
    assert told, "Susa-navet's client says it"
    assert [module.where(value) for module, value in told if ast.literal_eval(value)] == []


def runs_what_it_reads(module: Module) -> Iterator[ast.AST]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            owner = last_name(node.func.value) if isinstance(node.func, ast.Attribute) else None
            if (owner is None and last_name(node.func) in DANGEROUS) or (owner, last_name(node.func)) in UNSAFE:
                yield node
        if isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", True):
            yield node.value


def test_nothing_runs_what_it_reads() -> None:
    assert [module.where(node) for module in modules(*PACKAGES) for node in runs_what_it_reads(module)] == []


@pytest.mark.parametrize(
    "source", ["eval(x)", "pickle.loads(x)", "run(x, shell=True)", "run(x, shell=y)", "os.system(x)"]
)
def test_such_a_call_would_be_seen(source: str) -> None:
    assert list(runs_what_it_reads(Module(modules("api")[0].path, "x", ast.parse(source))))
