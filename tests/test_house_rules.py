"""The house rules that a machine can hold: sizes, exceptions, imports, leftovers.

They look at the packages only; migrations are data. Each rule is a function from a module to its
offences, and the rules themselves are shown to catch what they are for.
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cleaners", "storage", "crawler")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 6
ISOLATES_PAGES = ("crawler.ingest", "crawler.isolation")
"""The only places where any exception is caught: they keep one page's fault from the others."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}
MARKS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


@dataclass(frozen=True)
class Module:
    name: str
    source: str
    package: bool = False

    @property
    def tree(self):
        return parsed(self.source)


@cache
def parsed(source):
    return ast.parse(source)


def modules():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts:
                continue
            package_file = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if package_file else parts)
            yield Module(name, path.read_text(encoding="utf-8"), package_file)


def long_file(module):
    lines = module.source.count("\n")
    return [f"{lines} lines"] if lines > MAX_FILE_LINES else []


def functions(module):
    return [n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def long_functions(module):
    found = []
    for function in functions(module):
        lines = function.end_lineno - function.lineno + 1
        first = function.body[0]
        if isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str):
            lines -= first.end_lineno - first.lineno + 1
        if lines > MAX_FUNCTION_LINES:
            found.append(f"{function.name}: {lines} lines")
    return found


def many_parameters(module):
    if module.name.startswith("crawler.cli"):
        return []  # the parameters of a command are its options
    found = []
    for function in functions(module):
        arguments = function.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        count = len(names) - (names[:1] in (["self"], ["cls"]))
        if count > MAX_PARAMETERS:
            found.append(f"{function.name}: {count} parameters")
    return found


def broad_excepts(module):
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = (
            {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"everything"}
        )
        again = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
        if "everything" in caught:
            found.append(f"line {node.lineno}: bare except")
        elif "BaseException" in caught and not again:
            found.append(f"line {node.lineno}: except BaseException without raise")
        elif "Exception" in caught and module.name not in ISOLATES_PAGES:
            found.append(f"line {node.lineno}: except Exception")
    return found


def leftover_marks(module):
    tokens = tokenize.generate_tokens(io.StringIO(module.source).readline)
    return [
        f"line {token.start[0]}: {token.string}"
        for token in tokens
        if token.type in (tokenize.COMMENT, tokenize.STRING) and MARKS.search(token.string)
    ]


def vague_name(module):
    return [module.name] if module.name.rpartition(".")[2] in VAGUE_NAMES else []


RULES = (long_file, long_functions, many_parameters, broad_excepts, leftover_marks, vague_name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule):
    offences = [f"{module.name}: {offence}" for module in modules() for offence in rule(module)]
    assert not offences, "\n".join(offences)


def imports(module, known):
    """The project's modules that importing this one may load (imports for type checkers apart)."""
    tree = module.tree
    skipped = {
        (node.lineno, node.col_offset)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and getattr(branch.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(branch)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom) or (node.lineno, node.col_offset) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    # `from package import module` needs the module; the package itself only names it.
    named = {name.rpartition(".")[0] for name in found if name in known}
    return {name for name in found & known if name not in named} - {module.name}


def cycles(graph):
    """Groups of modules that import each other (Tarjan's strongly connected components)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def test_no_module_imports_itself_by_way_of_others():
    everything = list(modules())
    known = {module.name for module in everything}
    assert cycles({module.name: imports(module, known) for module in everything}) == []


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (long_file, "x = 1\n" * 301, "x = 1\n" * 300),
        (
            long_functions,
            "def f():\n" + "    x = 1\n" * 40,
            'def f():\n    """d\n\n    d"""\n' + "    x = 1\n" * 39,
        ),
        (many_parameters, "def f(a, b, c, d, e, f, *, g): ...", "def f(self, a, b, c, d, e, *, f): ..."),
        (broad_excepts, "try: ...\nexcept: ...", "try: ...\nexcept ValueError: ..."),
        (broad_excepts, "try: ...\nexcept Exception: ...", "try: ...\nexcept (ValueError, OSError): ..."),
        (
            broad_excepts,
            "try: ...\nexcept (OSError, Exception): ...",
            "try: ...\nexcept BaseException:\n    raise",
        ),
        (leftover_marks, "x = 1  # TO" + "DO later", "todo = 1  # to do"),
    ],
)
def test_the_rules_catch_what_they_are_for(rule, bad, good):
    assert rule(Module("m", bad))
    assert not rule(Module("m", good))


def test_a_cycle_is_found():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
