# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File trees of guests with a numbered secret in every place that the probe reads, and the search for these secrets.

The places are in ``planted_tree.yml``. The forms come from the table of masking cases, and turn from place to place.
"""

from __future__ import annotations

import base64
import json
import pathlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence

import yaml
from masking_cases import CASES

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
FOLDERS = {"HANDLER": f"/var/lib/waagent/{NAME}-1.0.9232.0", "LOGS": f"/var/log/azure/{NAME}"}
UNREAD = ("/var/lib/waagent/provisioned",)
"""Only whether they are there counts."""

PLAIN = re.compile(r"(?:Brk|Hush)\w+")
SECRET = re.compile(rb"Zk\d{3}x\d{3}qW", re.IGNORECASE)
_TREE = yaml.safe_load(pathlib.Path(__file__).with_name("planted_tree.yml").read_text("utf-8"))


def _forms(kind: str) -> list[str]:
    """The masking cases of a kind, with a place for a secret."""
    found = [
        case["text"].replace(case["secret"], "{}")
        for case in CASES
        if case["as"] == kind
        and PLAIN.fullmatch(case.get("secret", ""))
        and "\n" not in case["text"]
        and not (case.get("line") or case.get("whole"))
    ]
    return list(dict.fromkeys(found))


TEXTS, PROXIES = _forms("text"), _forms("proxy")
WORDS = [form for form in TEXTS if not re.search(r"[\s\"']", form)]
PROXIES += [form for form in WORDS if "@" in form and form not in PROXIES]
VARIANTS = max(len(texts) for texts in _TREE.values() if isinstance(texts, list))
"""So many trees have each text of each file."""


class Planter:
    """Plants secrets in one tree, and keeps where each of them is."""

    def __init__(self, tree: int, shift: int | None = None):
        """Which text of each file the tree has, and which form its first place: as many shifts as forms try all."""
        self.tree, self.shift, self.planted = tree, tree if shift is None else shift, {}

    def files(self, signatures: Sequence[Mapping]) -> dict[str, str]:
        """The files of the tree, with a line of the agent's log for each of the signatures that the probe knows."""
        files = {}
        for path, texts in _TREE.items():
            text = texts[self.tree % len(texts)] if isinstance(texts, list) else texts
            if text is not None:
                path = _named(path)
                files[path] = self._filled(_named(text), path)
        lines = [f"2026-03-01T02:{n % 60:02}:00.1Z ERROR {_line(one)} <text>\n" for n, one in enumerate(signatures)]
        lines.append("2026-03-01T03:00:00.1Z INFO Azure Linux Agent Version: 2.9 <text>\n")
        files["/var/log/waagent.log"] = self._filled("".join(lines), "/var/log/waagent.log")
        return files

    def _filled(self, text: str, path: str) -> str:
        text = text.replace("<odd byte>", "\udcff")
        return re.sub(r"<(text|word|proxy|bare|json|json2)>", lambda found: self._planted(found, path), text)

    def _planted(self, found: re.Match, path: str) -> str:
        number = len(self.planted)
        secret = f"Zk{self.tree:03}x{number:03}qW"
        line = found.string[found.string.rfind("\n", 0, found.start()) + 1 :].split("\n")[0]
        kind = found.group(1)
        forms = {"bare": ["{}"], "word": WORDS, "proxy": PROXIES}.get(kind, TEXTS)
        form = forms[(self.shift + number) % len(forms)]
        self.planted[secret] = f"{path}: {line}: {form}"
        text = form.replace("{}", secret)
        for _level in range({"json": 1, "json2": 2}.get(kind, 0)):
            text = json.dumps(text)[1:-1]
        return text


def _named(text: str) -> str:
    for name, folder in FOLDERS.items():
        text = text.replace(name, folder)
    return text


def _line(signature: Mapping) -> str:
    """A text of the agent's log that is whole enough to be taken for a signature."""
    known = f"{signature['any'][-1]} {signature.get('also', '')}"
    return f"{known} HTTP IOError GoalState. launched with command Agent WALinuxAgent- not found"


def views(written: bytes) -> Iterator[bytes]:
    """What was written as it is, backwards, without per cent signs and NULs, and with what base64 it holds decoded."""
    plain = urllib.parse.unquote_to_bytes(written)
    yield written
    yield written[::-1]
    yield plain
    yield urllib.parse.unquote_to_bytes(plain)
    yield re.sub(rb"\\+(?:u00|x)00|\0", b"", written)
    for run in re.findall(rb"[A-Za-z0-9+/_-]{12,}", written):
        coded = run.replace(b"-", b"+").replace(b"_", b"/")
        for offset in range(4):
            yield base64.b64decode(coded[offset : offset + (len(coded) - offset) // 4 * 4])


def left(planted: Mapping[str, str], written: bytes) -> dict[str, str]:
    """The secrets that can be found in what was written, with their places."""
    found = {secret.decode().lower() for view in views(written) for secret in SECRET.findall(view)}
    return {secret: place for secret, place in planted.items() if secret.lower() in found}
