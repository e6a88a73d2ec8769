# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pathlib
import subprocess
import sys

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import masking
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.masking import (
    MAX_LINE,
    cut,
    excerpt,
    mask,
    mask_proxy,
)
from masking_cases import CASES, EXPRESSIONS, LOOKS, WORST, is_left

SECRET = [case for case in CASES if "secret" in case]
INNOCENT = [case for case in CASES if "secret" not in case]


def masked(case, value):
    if case["as"] == "pair":
        return mask({case["text"][0]: value})[case["text"][0]]
    return mask_proxy(value) if case["as"] == "proxy" else mask(value)


def value_of(case):
    return case["text"][1] if case["as"] == "pair" else case["text"]


def name_of(case):
    return str(case["text"])


@pytest.mark.parametrize("case", SECRET, ids=name_of)
def test_a_secret_is_masked_for_good(case):
    assert is_left(case["secret"], value_of(case)), "the case does not hold its secret"
    found = masked(case, value_of(case))
    assert not is_left(case["secret"], found)
    assert masked(case, found) == found


@pytest.mark.parametrize("case", INNOCENT, ids=name_of)
def test_what_is_innocent_stays(case):
    assert masked(case, value_of(case)) == value_of(case)


@pytest.mark.parametrize(
    "case", [case for case in SECRET if case["as"] == "text" and not case.get("line")], ids=name_of
)
def test_a_secret_is_masked_wherever_in_a_text_it_stands(case):
    for text in (f"first\n{case['text']}\nlast", f"2026-03-01T02:00:00Z ERROR {case['text']}"):
        assert not is_left(case["secret"], mask(text))
    assert "first" in mask(f"first\n{case['text']}")


def test_a_name_between_nuls_is_a_name():
    assert mask({"My.P\0assword": "Hush1"}) == {"My.Password": "***"}


def test_a_proxy_keeps_what_its_users_need():
    assert mask_proxy("http://svc:pw@proxy.example:3128/") == "http://***@proxy.example:3128/"
    assert mask_proxy("svc:pw@proxy.example") == "***@proxy.example"
    assert mask_proxy(None) == ""


def test_depth_and_kinds_stay():
    value = {"a": [1, None, True, {"password": "x y", "n": 2.5}], "b": ("u:pw@h", "text")}
    assert mask(value) == {"a": [1, None, True, {"password": "***", "n": 2.5}], "b": ["***@h", "text"]}
    assert value["a"][3]["password"] == "x y"


@pytest.mark.parametrize("text", ["x" * MAX_LINE, f"{'word ' * 2000}\nshort", "y" * 50000, f"a {'z' * 50000}"])
def test_long_lines_are_cut_between_words(text):
    lines = cut(text).split("\n")
    assert max(map(len, lines)) <= MAX_LINE and len(lines) == text.count("\n") + 1
    assert cut("\n".join(lines)) == "\n".join(lines)
    for before, after in zip(text.split("\n"), lines, strict=True):
        whole = after.removesuffix(" ...").split() if after != before else before.split()
        assert whole == before.split()[: len(whole)]


def test_no_secret_is_cut_into_halves():
    address = "http://svc:Secret-" + "x" * 60 + "@proxy.example"
    for start in range(MAX_LINE - 120, MAX_LINE + 10):
        assert "Secret" not in mask("a " * (start // 2) + address)
    assert "Secret" not in excerpt(f"failed: {address}", 30)


_LINEAR = """
import re, sys
sys.path[:0] = {paths}
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import masking
from masking_cases import EXPRESSIONS, LOOKS, WORST
SIZE, LINE = 1 << 18, masking.MAX_LINE - 1
for name, pieces in WORST.items():
    for piece in pieces:
        run = (piece * (SIZE // len(piece) + 1))[:SIZE]
        for expression in EXPRESSIONS[name]:
            re.sub(expression, "", run, flags=re.IGNORECASE | re.MULTILINE)
        for text in (run, "\\n".join(run[:LINE] for _line in range(SIZE // LINE)), run[:99] + " " + run[:99]):
            masking.mask(text)
            masking.mask_proxy(text)
for name, pieces in LOOKS.items():
    for piece in pieces:
        run = (piece * (SIZE // len(piece) + 1))[:SIZE]
        re.sub(getattr(masking, name), "", run)
        masking.mask(run)
"""


def test_time_is_in_proportion_to_the_text():
    """256 KiB of what is worst for each expression: one that is quadratic takes many minutes at least."""
    root = pathlib.Path(__file__).resolve().parents[5]
    paths = [str(root / ".collections"), str(root / "tests/unit")]
    subprocess.run([sys.executable, "-c", _LINEAR.format(paths=paths)], check=True, timeout=600)


def test_every_expression_is_held_against_the_worst():
    assert set(WORST) == set(EXPRESSIONS) and all(WORST.values())
    assert EXPRESSIONS["named"] == masking.NAMED and EXPRESSIONS["host"] == (masking.HOST,)
    assert set(LOOKS) == {name for name in vars(masking) if name.startswith("LOOK")} | {"RUN"}


TEXTS = [*(case["text"] for case in CASES if case["as"] == "text"), "connectionstring=Hush1", "NTLM Hush12"]


@pytest.mark.parametrize("change", [str, str.upper, str.lower, str.title, lambda text: text.translate(LIKE_ASCII)])
def test_a_text_is_spared_only_if_nothing_in_it_would_be_masked(change, monkeypatch):
    texts = [part for text in map(change, TEXTS) for part in (text, *text.split(), *text.splitlines())]
    masked = list(map(masking._hidden, texts))
    monkeypatch.setattr(masking, "_may_hold", lambda look, text: True)
    assert [*map(masking._hidden, texts)] == masked


def test_names_alone_do_not_cost_the_rules_for_what_is_behind_a_name(monkeypatch):
    """Python takes 14 ms to compile these on a guest, a tenth of the whole probe."""
    used = []
    monkeypatch.setattr(masking, "_replace", lambda rule, put, text: used.append(rule) or text)
    for name in ("signature_required", "cert_key-7", "auth.service", "pass_through"):
        masking._hidden(name)
    assert used == []
    masking._hidden("signature: none")
    assert used == [*masking.NAMED]


LIKE_ASCII = {ord("k"): "\u212a", ord("s"): "\u017f", ord("i"): "\u0131", ord("I"): "\u0130"}
"""Letters that an expression takes for letters of ASCII where it ignores case."""


@pytest.mark.parametrize("name", ["ProxyServer", "https_proxy", "HttpProxy.Host"])
def test_a_token_in_the_place_of_a_proxy_is_one(name):
    assert masking.mask("AIza" + "Hush1" * 8, name) == "***"
    assert masking.mask("http://10.0.0.5:3128", name) == "http://10.0.0.5:3128"
