# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent's extension policy, as far as it concerns the snapshot extension."""

import json

from .._guest import handlers, waagent_conf

DEFAULT = "/etc/waagent_policy.json"


def read(host):
    """``{enabled, exists, error, listed_only, listed, signature_required}`` of the policy."""
    settings = waagent_conf.load(host)
    path = settings.value("Policy.PolicyFilePath") or DEFAULT
    enabled = bool(settings.value("Debug.EnableExtensionPolicy"))
    text = host.text(path) if enabled else None
    return dict(parse(text), enabled=enabled, exists=text is not None, read_from=path)


def parse(text):
    """What a policy says; ``error`` when the agent would refuse it, and every extension with it."""
    nothing = {"error": None, "listed_only": False, "listed": False, "signature_required": False}
    if text is None:
        return nothing
    try:
        policies = json.loads(text).get("extensionPolicies", {})
        extensions = {name.lower(): value for name, value in policies.get("extensions", {}).items()}
    except (ValueError, AttributeError) as error:
        return dict(nothing, error=str(error))
    own = extensions.get(handlers.NAME.lower())
    own_signature = own.get("signatureRequired") if isinstance(own, dict) else None
    return {
        "error": None,
        "listed_only": policies.get("allowListedExtensionsOnly") is True,
        "listed": own is not None,
        "signature_required": bool(policies.get("signatureRequired") if own_signature is None else own_signature),
    }
