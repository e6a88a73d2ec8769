# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guest states and the declaration of facts: what the one holds, and what the other lists."""

from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts import sections

ENVELOPE = {"schema", "platform", "mode", "captured", "privileged", "probe", "missing"}
"""What a guest state says of itself, beside its sections."""


def facts(system):
    """All declared facts of a system, as ``(path, fact)``; a path has ``*`` for any name and ``[]`` for items."""
    for name, section in sections(system).items():
        yield from _below(section, name)


def _below(fact, path):
    yield path, fact
    for step, part in fact.below():
        yield from _below(part, path + step)


def stated(value, fact, path):
    """All facts in a value, as ``(path, fact)``, by the declaration; None for a fact that is not declared."""
    yield path, fact
    if fact is None:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            if name in fact.parts:
                yield from stated(item, fact.parts[name], f"{path}.{name}")
            else:
                yield from stated(item, fact.rest, f"{path}.*" if fact.rest else f"{path}.{name}")
    elif isinstance(value, list) and fact.item is not None:
        for item in value:
            yield from stated(item, fact.item, f"{path}[]")


def stated_by(state):
    """All facts of a guest state, as ``(path, fact)``."""
    declared = sections(state["platform"])
    for name in state.keys() - ENVELOPE:
        yield from stated(state[name], declared.get(name), name)


def undeclared(value, fact, path):
    """Paths of facts that a probe states and nobody declared."""
    return sorted({found for found, known in stated(value, fact, path) if known is None})
