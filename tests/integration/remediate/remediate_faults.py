# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of broken guests: what is wrong with each, and what is to come of it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.fabric.extension import LIB_DIR

UNIT = "walinuxagent.service"
CONF = "/etc/waagent.conf"
MARKER = "/var/lib/waagent/disable_agent"
VMBACKUP_CONF = "/etc/azure/vmbackup.conf"
PROXY = {"host": "10.77.0.1", "port": 8888}

_OFF = f"sed -i 's/^Extensions.Enabled=y/Extensions.Enabled=n/' {CONF}"
_RESTART = f"systemctl restart {UNIT}"
_UNREADABLE = f"mkdir -p /etc/azure; printf 'timeout: 100\\n' > {VMBACKUP_CONF}"
# A job of the site that knows the file better than we do, and puts it back whenever it changes.
_PUTS_BACK = f"""cp -p {CONF} /root/theirs
cat > /etc/systemd/system/site.service <<'END'
[Service]
Type=oneshot
ExecStart=/bin/cp -p /root/theirs {CONF}
END
cat > /etc/systemd/system/site.path <<'END'
[Path]
PathChanged={CONF}
[Install]
WantedBy=multi-user.target
END
systemctl enable --now site.path"""


def _variable(name: str) -> str:
    """Give the agent's service one proxy variable."""
    folder = f"/etc/systemd/system/{UNIT}.d"
    text = f"[Service]\\nEnvironment={name}=http://{PROXY['host']}:{PROXY['port']}\\n"
    return f"mkdir -p {folder}; printf '{text}' > {folder}/20-site.conf; systemctl daemon-reload; {_RESTART}"


@dataclass(frozen=True)
class Fault:
    """One guest.

    ``extension``: it has the backup extension. ``fails``: the words that its failure has. ``left``: why an approved
    plan leaves it, and ``later``, what happens to it after planning.
    """

    script: str
    found: set[str]
    remedies: list[str]
    suite: str = "bookworm"
    client: str = "dhclient"
    extension: bool = False
    fails: str = ""
    left: str = ""
    later: str = ""


FAULTS = {
    "extensions-off": Fault(f"{_OFF}; {_RESTART}", {"extensions_enabled"}, ["waagent_conf"], suite="trixie"),
    "misread-conf": Fault(
        f"sed -i 's/^Extensions.Enabled=y/Extensions.Enabled = y/' {CONF}; echo HttpProxy.Host=10.77.0.1 >> {CONF}; "
        + _RESTART,
        {"conf_strict_syntax", "proxy_waagent_conf"},
        ["waagent_conf"],
    ),
    "proxy-lost": Fault(_variable("http_proxy"), {"proxy_service_env"}, ["waagent_conf", "environment_proxy"]),
    "proxy-unwanted": Fault(_variable("https_proxy"), {"proxy_service_env"}, ["environment_proxy"], suite="trixie"),
    "stopped": Fault(f"systemctl stop {UNIT}", {"agent_service_running"}, ["waagent_service"]),
    "disabled": Fault(f"systemctl disable --now {UNIT}", {"agent_service_enabled"}, ["waagent_service"]),
    "disabled-running": Fault(f"systemctl disable {UNIT}", {"agent_service_enabled"}, ["waagent_service"]),
    "masked": Fault(f"systemctl stop {UNIT}; systemctl mask {UNIT}", {"agent_unmasked"}, ["waagent_service"]),
    "masked-until-boot": Fault(
        f"{_OFF}; {_RESTART}; systemctl mask --runtime {UNIT}",
        {"agent_unmasked", "extensions_enabled"},
        ["waagent_conf", "waagent_service"],
    ),
    "asleep": Fault(f"touch {MARKER}; {_RESTART}", {"agent_disable_marker"}, ["waagent_service"]),
    "as-shipped": Fault("true", {"agent_auto_restart"}, ["waagent_service"], suite="trixie"),
    "removed": Fault(
        "cp -a /var/lib/waagent /root/kept; apt-get -y remove waagent; mv /root/kept /var/lib/waagent",
        {"agent_installed"},
        ["agent_version"],
    ),
    "static-ifupdown": Fault(
        "sed -i 's/ dhcp/ static\\n  address {address}\\n  netmask 255.255.0.0\\n  gateway 10.77.0.1/'"
        " /etc/network/interfaces.d/eth0; ifdown --force eth0; ip address flush dev eth0; ifup eth0",
        {"dhcp_enabled"},
        ["guest_dhcp"],
    ),
    "static-networkd": Fault(
        "sed -i 's,^DHCP=ipv4,Address={address}/16\\nGateway=10.77.0.1,' /etc/systemd/network/10-eth0.network; "
        "networkctl reload; networkctl reconfigure eth0",
        {"dhcp_enabled"},
        ["guest_dhcp"],
        suite="trixie",
        client="networkd",
    ),
    "launcher-gone": Fault(
        f"rm {LIB_DIR}/main/handle.sh; {_RESTART}",
        {"ext_present", "handler_state"},
        ["snapshot_extension"],
        suite="trixie",
        extension=True,
    ),
    # Its window closes after the first step.
    "late": Fault(
        f"{_UNREADABLE}; systemctl stop {UNIT}", {"vmbackup_conf", "agent_service_running"}, ["vmbackup_conf"]
    ),
    "puts-back": Fault(
        f"{_OFF}; {_RESTART}; {_PUTS_BACK}",
        {"extensions_enabled"},
        ["waagent_conf"],
        fails="Extensions.Enabled is switched off",
    ),
    "immutable": Fault(
        f"{_OFF}; {_RESTART}; chattr +i {CONF}",
        {"extensions_enabled"},
        ["waagent_conf"],
        fails=f"Cannot write '{CONF}': '{CONF}' is immutable (chattr +i)",
    ),
    "crashing": Fault(
        f"systemctl stop {UNIT}; printf '#!/usr/bin/python3\\nraise SystemExit(1)\\n' > /usr/sbin/waagent",
        {"agent_service_running"},
        ["waagent_service"],
        suite="trixie",
        fails=f"Cannot keep up '{UNIT}': it does not stay up",
    ),
    "changed-meanwhile": Fault(
        f"{_OFF}; {_RESTART}",
        {"extensions_enabled"},
        [],
        left="the host has changed since the plan was made (extensions_enabled): plan it again",
        later=f"sed -i 's/^Extensions.Enabled=n/Extensions.Enabled=N/' {CONF}",
    ),
    "not-approved": Fault(
        f"{_OFF}; {_RESTART}", {"extensions_enabled"}, [], left="is not in the approved plan", suite="trixie"
    ),
    "switched-off": Fault("true", set(), []),
}
