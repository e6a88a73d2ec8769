# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Provisioning: the agent handles no extension before it is finished."""

from .._guest import trees
from .._guest import waagent_syntax as syntax
from .._guest.host import Missing

MODPROBE_DIRECTORIES = ("/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d")
CLOUD_INIT = ("/usr/bin/cloud-init", "/usr/local/bin/cloud-init")
CLOUD_INIT_OFF = ("/etc/cloud/cloud-init.disabled", "/run/cloud-init/disabled")
CLOUD_INIT_UNITS = ("cloud-init.service", "cloud-init-main.service", "cloud-init-local.service")


def describe(host, conf, lib_dir):
    trees.need(host, lib_dir)
    entries = syntax.last(conf.entries)
    legacy = {
        key: entries[key].value for key in ("Provisioning.Enabled", "Provisioning.UseCloudInit") if key in entries
    }
    return {
        "agent": conf.value("Provisioning.Agent"),
        "legacy": legacy,
        "provisioned": host.exists(lib_dir + "/provisioned"),
        "ovf_env": host.exists(lib_dir + "/ovf-env.xml"),
        "cloud_init": cloud_init(host),
        "udf": udf(host),
        "read_from": lib_dir,
    }


def cloud_init(host):
    """``{installed, off_by}``: ``off_by`` is the file or mask that keeps cloud-init from running, or None."""
    off = next((path for path in CLOUD_INIT_OFF if host.exists(path)), None)
    if off is None:
        masks = ("/etc/systemd/system/" + name for name in CLOUD_INIT_UNITS)
        off = next((path for path in masks if host.link(path) == "/dev/null"), None)
    return {"installed": any(host.exists(path) for path in CLOUD_INIT), "off_by": off}


def udf(host):
    """The line that keeps the kernel from reading the provisioning disc: ``{line, read_from}``, or None."""
    for directory in MODPROBE_DIRECTORIES:
        for name in host.names(directory):
            path = "{0}/{1}".format(directory, name)
            if not name.endswith(".conf"):
                continue
            try:
                text = host.text(path, 1 << 16) or ""
            except Missing:
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if blocks_udf(line):
                    return {"line": " ".join(line.split()[:3]), "read_from": "{0}:{1}".format(path, number)}
    return None


def blocks_udf(line):
    """True for ``install udf <a command that loads nothing>`` and ``blacklist udf``."""
    words = line.split()
    if words[:2] == ["blacklist", "udf"]:
        return True
    return (
        words[:2] == ["install", "udf"]
        and len(words) > 2
        and words[2].rsplit("/", 1)[-1] in ("true", "false", "nologin")
    )
