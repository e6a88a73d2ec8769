# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""openssl's configuration: variables that are set, and the first that is not."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _openssl_conf

PATH = "/etc/ssl/openssl.cnf"


def unset(tree, text, named=None, environment=()):
    return _openssl_conf.unset(tree({named or PATH: text}), named, dict(environment))


@pytest.mark.parametrize(
    ("text", "line", "variable"),
    [
        ("[a]\nx = $ENV::SAN\n", 2, "$ENV::SAN"),
        ("[a]\nx = ${ENV::SAN}\n", 2, "${ENV::SAN}"),
        ("[a]\nx = $(dir)/y\n", 2, "$(dir)"),
        ("[a]\ndir = x\n[b]\ny = $dir\n", 4, "$dir"),
        ("[a]\ny = $dir\ndir = x\n", 2, "$dir"),
        ("[a]\n.include /etc/x\ny = $ENV::SAN\n", 3, "$ENV::SAN"),
    ],
)
def test_a_variable_that_is_not_set(tree, text, line, variable):
    assert unset(tree, text) == {"line": line, "variable": variable, "read_from": PATH}


@pytest.mark.parametrize(
    "text",
    [
        "HOME = .\n[a]\nx = $ENV::HOME/.rnd\n",
        "[a]\ndir = x\ny = $dir/z\nw = ${dir}/z\n",
        "dir = x\n[a]\ny = $dir\n",
        "[a]\ndir = x\n[b]\ny = $a::dir\n",
        "[a]\nx = '$FIVE' # $SIX\n",
        "[a]\nx = \\$FIVE\n",
        "[a]\n.include /etc/x\ny = $dir\n",
        ".pragma dollarid:on\n[a]\nx = $FIVE\n",
        "",
    ],
)
def test_all_are_set_or_cannot_be_told(tree, text):
    assert unset(tree, text) is None


def test_the_environment_of_the_service_counts(tree):
    assert unset(tree, "[a]\nx = $ENV::SAN\n", environment={"SAN": "x"}) is None


def test_the_file_that_the_service_names(tree):
    assert unset(tree, "[a]\nx = $ENV::SAN\n", named="/opt/my.cnf")["read_from"] == "/opt/my.cnf"


def test_no_file(tree):
    assert _openssl_conf.unset(tree({}), None, {}) is None
