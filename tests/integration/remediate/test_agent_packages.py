# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's package by the real dnf 4, dnf 5 and zypper, from a repository in the guest."""

import functools
from dataclasses import dataclass

import pytest

pytestmark = pytest.mark.lab

MODULE = "vmbackup.azure.agent_version"
OLD, NEW = "2.2.45", "2.11.1.4"
LOWEST = "2.2.0"
ABSENT = "no-such-agent"
REPOSITORY = """[site]
name=site
baseurl=file:///srv/repo
gpgcheck=0
autorefresh=1
metadata_expire=0
skip_if_unavailable=0
"""
SPEC = """Name: {name}
Version: {version}
Release: 1
Summary: A stand-in for the agent
License: Apache-2.0
BuildArch: noarch
AutoReqProv: no
%description
It says its version.
%install
mkdir -p %{{buildroot}}/usr/sbin
printf '#!/bin/sh\\necho WALinuxAgent-{version} running\\n' >%{{buildroot}}/usr/sbin/waagent
chmod 755 %{{buildroot}}/usr/sbin/waagent
%files
/usr/sbin/waagent
"""
# Debian's rpm keeps its database in the home directory, where zypper does not look for it.
PREPARE = """set -e
dpkg --purge waagent
apt-get update -q
apt-get install -yq --no-install-recommends dnf python3-dnf zypper rpm createrepo-c
"""
# Only Debian's unstable release has dnf 5; what it was signed for may be over.
PREPARE_5 = """set -e
dpkg --purge waagent
echo 'deb http://deb.debian.org/debian/ sid main' >/etc/apt/sources.list.d/sid.list
apt-get -o Acquire::Check-Valid-Until=false update -q
apt-get install -yq --no-install-recommends -t sid dnf5 python3-libdnf5 rpm createrepo-c
ln -s dnf5 /usr/bin/dnf
"""
SITE = """mkdir -p /etc/rpm /etc/yum.repos.d /etc/zypp/repos.d
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
tee /etc/yum.repos.d/site.repo >/etc/zypp/repos.d/site.repo"""
OFFER = "mkdir -p /srv/repo && cp /srv/{version}/noarch/* /srv/repo && createrepo_c -q /srv/repo"


@dataclass(frozen=True)
class Family:
    """What makes a guest one of a distribution, its package, and how its manager says what is wrong.

    ``hinder`` keeps the manager from working, ``hindered`` is in its words then.
    """

    release: str
    package: str
    unknown: str
    hinder: str
    hindered: str
    redhat_release: str = ""
    suite: str = "bookworm"
    prepare: str = PREPARE


FAMILIES = {
    "dnf": Family(
        'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n',
        "WALinuxAgent",
        f"No package {ABSENT} available.",
        "mv /srv/repo /srv/elsewhere",
        "Failed to download metadata for repo 'site'",
        "Red Hat Enterprise Linux release 9.4 (Plow)\n",
    ),
    "dnf5": Family(
        'NAME="Fedora Linux"\nID="fedora"\nVERSION_ID="43"\n',
        "WALinuxAgent",
        f"No package {ABSENT} available.",
        "mv /srv/repo /srv/elsewhere",
        'Failed to download metadata (baseurl: "file:///srv/repo") for repository "site"',
        "Fedora release 43 (Forty Three)\n",
        "trixie",
        PREPARE_5,
    ),
    "zypper": Family(
        'NAME="SLES"\nID="sles"\nVERSION_ID="12.5"\n',
        "python-azure-agent",
        f"No provider of '+{ABSENT}' found",
        "cp /bin/sleep /usr/bin/packagekitd; systemd-run /usr/bin/packagekitd 300; pidof packagekitd >/run/zypp.pid",
        "System management is locked by the application with pid",
    ),
}


@pytest.fixture(scope="module")
def machines(module_host):
    """Gives the guest of a release: managers, no agent, and two versions of its packages built but not offered yet."""

    @functools.cache
    def machine(suite, prepare):
        guest = module_host(suite, agent=False)
        done = guest.exec(prepare + SITE, stdin=REPOSITORY, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"the package manager cannot be installed: {done.stderr.strip()[-300:]}")
        for version in (OLD, NEW):
            for package in sorted({family.package for family in FAMILIES.values()}):
                guest.write("/root/agent.spec", SPEC.format(name=package, version=version))
                guest.exec(f"rpmbuild --quiet -bb --define '_rpmdir /srv/{version}' /root/agent.spec")
        return guest

    return machine


@pytest.fixture(params=FAMILIES)
def guest(request, machines):
    """That guest as one of a family, with the old version on offer."""
    family = FAMILIES[request.param]
    machine = machines(family.suite, family.prepare)
    machine.exec("rpm -qa | xargs -r rpm -e; rm -rf /srv/repo /etc/os-release /etc/redhat-release")
    machine.exec(OFFER.format(version=OLD))
    machine.write("/etc/os-release", family.release)
    if family.redhat_release:
        machine.write("/etc/redhat-release", family.redhat_release)
    return machine, family


def tasks(*steps):
    """A task for each: options of the module, in check mode if they are a list, or a command of the guest."""
    for step in steps:
        if isinstance(step, str):
            yield {"ansible.builtin.shell": step}
        else:
            options, check = (step[0], True) if isinstance(step, list) else (step, False)
            yield {MODULE: options, "check_mode": check, "ignore_errors": True}


def test_installed_upgraded_and_refused(lab, guest):
    machine, family = guest
    installed = "rpm -qa --queryformat '%{NAME} %{VERSION}'"
    latest, present = {"state": "latest"}, {"state": "present", "minimum": LOWEST}
    steps = [
        *([present], installed, present, present, latest, OFFER.format(version=NEW), [latest], installed, latest),
        *(latest, {**latest, "package": ABSENT}, family.hinder, latest),
    ]
    play = {"hosts": machine.name, "gather_facts": False, "become": True, "tasks": list(tasks(*steps))}
    ended = lab.playbook([play], hosts=[machine]).tasks
    results = [entry["result"] for entry in ended]
    would_install, nothing, first, again, no_newer = results[:5]
    would_upgrade, still_old, upgraded, upgraded_again, unknown, _hindered, hindered = results[6:]

    assert would_install.get("package") == family.package, would_install
    assert (would_install["package_changed"], would_install["installed"], nothing["stdout"]) == (True, None, "")
    assert (first["package_changed"], first["installed"]) == (True, OLD)
    assert not again["changed"] and again["compliant"]
    assert no_newer["msg"] == (
        f"Cannot reach the version '2.2.53.1': the agent is {OLD}; its package is the newest of the package sources"
    )

    assert would_upgrade["package_changed"] and still_old["stdout"] == f"{family.package} {OLD}"
    assert (upgraded["package_changed"], upgraded["installed"], upgraded["minimum_met"]) == (True, NEW, True)
    assert not upgraded_again["changed"] and upgraded_again["compliant"]

    assert [entry["result"] for entry in ended if entry["status"] == "ignored"] == [no_newer, unknown, hindered]
    assert family.unknown in unknown["msg"] and family.hindered in hindered["msg"]
    for result in (unknown, hindered):
        assert result["msg"].startswith(f"Cannot install '{result['package']}': ") and not result["changed"]
    assert machine.exec(installed).stdout == f"{family.package} {NEW}"
