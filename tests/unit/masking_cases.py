# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of masking cases, read by the tests of the masker in Python and of the one in PowerShell."""

import json
import pathlib

import yaml
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import masking

FILE = pathlib.Path(__file__).with_name("masking_cases.yml")
CASES = yaml.safe_load(FILE.read_text("utf-8"))

EXPRESSIONS = {
    name.lower().lstrip("_"): value if isinstance(value, tuple) else (value,)
    for name, value in vars(masking).items()
    if name.strip("_")
    in ("NAME", "SECRET_NAME", "NAMED", "WHOLE", "FORMS", "COMMANDS", "PROXY_BEGIN", "PLACE", "PROXY_NAME")
    or name in ("PROXY_TEXT", "SCHEME", "HOST", "USER", "NO_HOST")
}
"""All expressions of the masker, by the name that they have in PowerShell."""

WORST = {
    "name": ("a", "_key", "publickeytoken"),
    "secret_name": ("secret.", "access key", "-key"),
    "named": (
        "password",
        'password="',
        'password="\\"',
        "--password ",
        "x/password",
        "secret",
        "<password>",
        "wpa-",
        "token[",
        "{password=a ",
        ",token:a b",
        "password is ",
        "password for a is ",
        "password for ",
        "password:\n  a\n",
        "password: |\n",
        'password"\n:\n',
        "('password', '",
        "set token ",
        " ",
        "\n",
    ),
    "whole": ("password", 'password="', "x/password", "secret", "token["),
    "forms": (
        "bearer ",
        "basic a",
        "-u a:",
        "sshpass -p",
        "curl -u",
        "curl ",
        "-u a",
        "Private-Lines: 1\n",
        "convertto-securestring -force",
        "-----BEGIN PRIVATE KEY-----",
        "eyJaaaaaaaa.",
        "AAAA=",
        "glpat-",
        "xoxb-",
        "8Q~",
        "hooks.slack.com/services/",
    ),
    "commands": (
        "mysql -p",
        "mysql ",
        "docker login -p",
        "-U a%",
        "net user a ",
        "sqlplus a/",
        "echo a|",
        "echo ",
        "a:5432:a:a:",
        "$1$a",
        "create ",
        "machine a login a ",
        "user a password ",
        "password a1!aaa ",
        "a.psk ",
        "setx a",
        "add('password",
        'credential("a",',
        "iwconfig ",
        "ngrok ",
        "sudo ",
        "\nuser=a:",
    ),
    "proxy_begin": ("http:/", "="),
    "place": ("a,", "1:", "::"),
    "proxy_name": ("http_proxy",),
    "proxy_text": ("http_proxy=", "http_proxy=a@"),
    "scheme": ("a://", "//"),
    "host": ("a.", "http://a/@"),
    "user": ("a:", "a:b@"),
    "no_host": ("a@a.service", "\\"),
}
"""What is worst for them, when it is repeated."""

LOOKS = {
    "LOOK": ("-", "connectio", "p"),
    "LOOK_COMMANDS": ("net use ", "argon2", "$2", ":54", "mysq", "user ", ": ", "iw"),
    "LOOK_NAME": ("containeri", "pass-"),
    "LOOK_FORMS": ("=", "a" * 43, "glaaaaa", "-----begi", "hook", ".org/"),
    "RUN": ("aaaaaaaaaaaaaaa ", "a", "aaaaaaaaaaaaaaaa="),
}
"""The same for what only spares texts the rest."""


def is_left(secret, masked):
    """Whether a secret can be read in what the masker gave."""
    return secret in (masked if isinstance(masked, str) else json.dumps(masked))
