# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each regular expression of the code on guests, fed with 256 KiB of what is worst for it: time in proportion.

What is worst is taken from the expression itself: what each repeated part of it takes, again and again, behind each
beginning of it. Those of the masker have a test and a table of their own.
"""

import ast
import functools
import pathlib
import re
import signal
import time

import pytest

try:
    from re import _constants as kinds
    from re import _parser as parser
except ImportError:
    import sre_constants as kinds
    import sre_parse as parser

CODE = pathlib.Path(__file__).resolve().parents[4] / "plugins/module_utils"
FILES = sorted(path for room in ("_guest", "_probe", "_change") for path in (CODE / room).rglob("*.py"))
USES = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
AT_THE_BEGINNING = {"match", "fullmatch"}
# What code puts into an expression: names of files, interfaces and the like.
NAME = "eth0"
SIZE, SECONDS = 1 << 18, 2.0
SCREEN, SCREEN_SECONDS = 1 << 12, 0.25
WORST = 3
LETTERS = "ab01 \t\n=:/.-_@#'\"\\<>&;,(){}[]%+~?*!$|`^é\u2028\ufeff"
REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, getattr(kinds, "POSSESSIVE_REPEAT", None)}


def text_of(node, names):
    """The text that an expression in the source stands for; None where only a run knows it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = text_of(node.left, names), text_of(node.right, names)
        return None if None in parts else parts[0] + parts[1]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        left = text_of(node.left, names)
        return left and re.sub("%[ds]", "4", left)
    if isinstance(node, ast.Attribute) and node.attr == "pattern":
        return text_of(node.value, names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "compile":
            return text_of(node.args[0], names)
        if node.func.attr == "format" and isinstance(text_of(node.func.value, names), str):
            return re.sub(r"\{(\d?|:[^}]*)\}", NAME, text_of(node.func.value, names))
        if node.func.attr == "escape":
            return text_of(node.args[0], names) or NAME
    return None


def flags_of(call):
    named = [node for argument in [*call.args, *(k.value for k in call.keywords)] for node in ast.walk(argument)]
    found = [node.attr for node in named if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "re"]
    return functools.reduce(lambda all_, name: all_ | getattr(re, name), filter(str.isupper, found), 0)


def uses_in(tree):
    """``(module, name, use)`` of each expression that a file uses; ``module`` is None for its own."""
    taken = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            taken.update({alias.name: (node.module or "").rpartition(".")[2] for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in USES:
            if isinstance(node.value, ast.Name):
                yield taken.get(node.value.id), node.value.id, node.attr
            elif isinstance(node.value, ast.Attribute):
                yield getattr(node.value.value, "id", None), node.value.attr, node.attr
        for argument in getattr(node, "args", []) if isinstance(node, ast.Call) else ():
            if isinstance(argument, ast.Name):
                yield taken.get(argument.id), argument.id, "handed on"


def expressions():
    """``(place, how it is used, expression, flags)`` of everything that the code gives to `re`."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in FILES if path.name != "masking.py"}
    uses = {}
    for path, tree in trees.items():
        for module, name, use in uses_in(tree):
            uses.setdefault((module or path.stem, name), set()).add(use)
    for path, tree in trees.items():
        names = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names[node.targets[0].id] = text_of(node.value, names)
        assigned = {id(node.value): node.targets[0].id for node in ast.walk(tree) if _is_named(node)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "re"):
                continue
            if node.func.attr not in USES | {"compile"}:
                continue
            text = text_of(node.args[0], names)
            place = f"{path.relative_to(CODE)}:{node.lineno}"
            how = (
                {node.func.attr}
                if node.func.attr != "compile"
                else uses.get((path.stem, assigned.get(id(node))), {"search"})
            )
            yield place, how, text, flags_of(node)


def _is_named(node):
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call)


def sample(items):
    """A short text that parts of an expression match."""
    out = ""
    for kind, value in items:
        if kind is kinds.LITERAL:
            out += chr(value)
        elif kind in (kinds.ANY, kinds.NOT_LITERAL):
            out += "a"
        elif kind is kinds.IN:
            out += (letters(value) or ["a"])[0]
        elif kind is kinds.BRANCH:
            out += min((sample(branch) for branch in value[1]), key=len)
        elif kind is kinds.SUBPATTERN:
            out += sample(value[-1])
        elif kind in REPEATS:
            out += sample(value[2]) * value[0]
    return out


def letters(class_):
    """Characters of a class, of all kinds."""
    own = [chr(value) for kind, value in class_ if kind is kinds.LITERAL]
    own += [chr(value[0]) for kind, value in class_ if kind is kinds.RANGE]
    return [letter for letter in dict.fromkeys(LETTERS + "".join(own)) if _is_in(class_, letter)]


def _is_in(class_, letter):
    checks = {
        "DIGIT": str.isdigit,
        "SPACE": str.isspace,
        "WORD": lambda one: one.isalnum() or one == "_",
    }
    found = False
    for kind, value in class_:
        if kind is kinds.LITERAL:
            found = found or ord(letter) == value
        elif kind is kinds.RANGE:
            found = found or value[0] <= ord(letter) <= value[1]
        elif kind is kinds.CATEGORY:
            name = str(value).rpartition("CATEGORY_")[2]
            found = found or checks[name.replace("NOT_", "")](letter) == (not name.startswith("NOT_"))
    return found != any(kind is kinds.NEGATE for kind, _value in class_)


def repeated(items):
    """What the repeated parts of an expression take, again and again."""
    for kind, value in items:
        parts = []
        if kind is kinds.BRANCH:
            parts = value[1]
        elif kind is kinds.SUBPATTERN:
            parts = [value[-1]]
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            parts = [value[1]]
        elif kind in REPEATS:
            parts = [value[2]]
            if value[1] > 16:
                yield sample(value[2]) or "a"
                yield from alternatives(value[2])
        for part in parts:
            yield from repeated(part)


def alternatives(items):
    for kind, value in items:
        if kind is kinds.IN:
            yield from letters(value)
        elif kind in (kinds.ANY, kinds.NOT_LITERAL):
            yield from "a 0=:/"
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield sample(branch) or "a"
                yield from alternatives(branch)


def attacks(text, flags):
    """``(beginning, what follows again and again)``, all that is worth a try."""
    tree = list(parser.parse(text if isinstance(text, str) else text.decode("latin-1"), flags))
    beginnings = list(dict.fromkeys(sample(tree[:number]) for number in range(len(tree) + 1)))
    whole = sample(tree)
    pieces = [*repeated(tree), *beginnings, whole, whole[:-1]]
    return [(start, piece) for start in beginnings for piece in dict.fromkeys(filter(None, pieces))]


class Late(Exception):
    pass


def _late(*_signal):
    raise Late


def seconds(compiled, at_the_beginning, attack, size, limit):
    start, piece = attack
    text = (start + piece * (size // len(piece) + 1))[:size] + "\x00"
    given = text if isinstance(compiled.pattern, str) else text.encode("utf-8", "replace")
    before = signal.signal(signal.SIGPROF, _late)
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, limit)
        if at_the_beginning:
            compiled.match(given)
        else:
            compiled.sub(given[:0], given)
    except Late:
        return SECONDS
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - began


def worst(text, flags, at_the_beginning=False):
    """``(seconds, attack)`` of the worst attack; a short text tells which ones are worth a long one."""
    compiled = re.compile(text, flags)
    tried = []
    for attack in attacks(text, flags):
        took = seconds(compiled, at_the_beginning, attack, SCREEN, SCREEN_SECONDS)
        if took >= SECONDS:
            return took, attack
        tried.append((took, attack))
    tried.sort(reverse=True)
    long = ((seconds(compiled, at_the_beginning, attack, SIZE, SECONDS), attack) for _took, attack in tried[:WORST])
    return next((found for found in long if found[0] >= SECONDS), (0.0, tried[0][1]))


FOUND = list(expressions())


def test_they_are_all_seen():
    assert len(FOUND) > 120
    unknown = [place.partition(":")[0] for place, _how, text, _flags in FOUND if text is None]
    assert set(unknown) <= {"_change/records.py", "_probe/_freeze_list.py"}, unknown


@pytest.mark.parametrize(
    ("place", "how", "text", "flags"), [pytest.param(*one, id=one[0]) for one in FOUND if one[2] is not None]
)
def test_its_time_is_in_proportion_to_the_text(place, how, text, flags):
    took, attack = worst(text, flags, how <= AT_THE_BEGINNING | {"handed on"})
    assert took < SECONDS, f"{place}: {took:.1f} s for {attack!r}"


@pytest.mark.parametrize("text", [r"^\s*(python[0-9.]*)\s+main", r"(a+)+b", r".*/netplan-(.+?)(-.*)?\.x\Z", r"\s+$"])
def test_one_that_is_not_is_found(text):
    assert worst(text, re.MULTILINE)[0] >= SECONDS
