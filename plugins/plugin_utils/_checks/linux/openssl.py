# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent calls the openssl executable to make its certificates and to decrypt protected settings of extensions.
Without it no goal state with an extension can be processed."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged, logged_text

CHECK = Check(
    title="The agent's openssl runs",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent",),
    explained_by=("conf_agent_syntax",),
    sources=(
        agent_issue(1674, "no space left for openssl"),
        agent_issue(2703, "openssl cannot be executed"),
        agent_issue(1402, "configuration of openssl"),
        agent_issue(2684, "a variable of the configuration has no value"),
    ),
    advice=(
        "Reinstall the openssl package, or correct OpenSSL.Path in waagent.conf and OPENSSL_CONF in the "
        "agent's unit; `openssl version` must work as root. Then restart the agent."
    ),
)
UNSET = "openssl cannot read its configuration {0}: a variable in line {1} is not set"
SET = (
    "Give {0} a default in the first section of that file, or remove the line; `openssl req -new -x509 -nodes -subj"
    " /CN=x"
    " -newkey rsa:2048 -keyout /dev/null -out /dev/null` must work in the agent's environment. Then restart the agent."
)
OFFER = (
    "Let OpenSSL offer TLS 1.2 and newer (MaxProtocol in openssl.cnf, `update-crypto-policies --show` on Red Hat), or"
    " update OpenSSL and Python. Then restart the agent."
)
FAILED = "The agent's openssl could not make the certificates that the agent needs"


def judge(state: LinuxState) -> Verdict:
    line, text = logged(state, "openssl_failed"), logged_text(state, "openssl_failed") or ""
    also = [line] if line else []
    if line and "openssl" not in state.agent:
        return fail(FAILED, line)
    openssl = state.agent.openssl
    if not openssl.exists:
        return fail("The openssl executable that the agent calls does not exist", openssl.fact("exists"), *also)
    if not openssl.executable:
        return fail("The file of openssl that the agent calls is not executable", openssl.fact("executable"), *also)
    unset = openssl.get("config_unset") if state.live else openssl.config_unset
    works = state.live and openssl.get("version") and not openssl.get("error")
    if unset and not works:
        said = openssl.get("error") or line or logged(state, "certificates_undecryptable")
        value = Evidence(f"{unset.origin}:{unset.line}", f"{unset.variable} is not set in the agent's service")
        shown = [openssl.fact("error")] if openssl.get("error") else [said] if said else []
        verdict = fail if said else warn
        return verdict(UNSET.format(unset.origin, unset.line), value, *shown, fix=by_hand(SET.format(unset.variable)))
    if openssl.error if state.live else openssl.get("error"):
        return fail("The openssl executable that the agent calls fails", openssl.fact("error"), *also)
    if openssl.get("config_exists") is False:
        why = "The agent's service sets OPENSSL_CONF to a file that does not exist"
        return (fail if line else warn)(why, openssl.fact("config"), *also)
    broken = logged(state, "openssl_unusable")
    if broken and not works:
        return fail("The agent's openssl cannot read its configuration or its libraries", broken, *also)
    if line and "config file" in text:
        return fail("The agent's openssl cannot open its configuration file", line)
    if line and "Failed to create" in text:
        return fail(FAILED, line)
    if line and "directory: 'openssl'" in text and not works:
        return fail("openssl is in no directory of the PATH of the agent's service", line)
    refused = logged(state, "tls_version_refused")
    if refused:
        why = "Servers refuse the versions of TLS that the agent's Python offers"
        return warn(why, refused, fix=by_hand(OFFER))
    fact = openssl.fact("version") if "version" in openssl else openssl.fact("executable")
    return ok(fact)
