# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which package is the agent's: the one that owns it, else what its distribution calls it."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import NOT_FOUND, Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies.agent_version import package_name
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Host

MISSING = Result(NOT_FOUND, "", "No such file or directory")


@pytest.mark.parametrize(
    ("release", "package"),
    [
        ("ID=ubuntu\nID_LIKE=debian\n", "walinuxagent"),
        ("ID=debian\n", "waagent"),
        ('ID="rhel"\nID_LIKE="fedora"\n', "WALinuxAgent"),
        ('ID="azurelinux"\n', "WALinuxAgent"),
        ('ID="sles"\nID_LIKE="suse"\n', "python-azure-agent"),
        ('ID="sles"\nVERSION_ID="12.5"\n', "python-azure-agent"),
        ('ID="sles_sap"\nVERSION_ID="12.5"\n', "python-azure-agent"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "python-azure-agent"),
    ],
)
def test_without_an_agent_the_distribution_names_it(tmp_path, release, package):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text(release)
    assert package_name(lambda _argv: MISSING, Host(str(tmp_path))) == package


def test_the_owner_comes_first(tmp_path):
    (tmp_path / "usr/sbin").mkdir(parents=True)
    (tmp_path / "usr/sbin/waagent").touch()
    answers = {"dpkg-query": MISSING, "rpm": Result(0, "python311-azure-agent", "")}
    assert package_name(lambda argv: answers[argv[0]], Host(str(tmp_path))) == "python311-azure-agent"
    answers["dpkg-query"] = Result(0, "waagent: /usr/sbin/waagent\n", "")
    assert package_name(lambda argv: answers[argv[0]], Host(str(tmp_path))) == "waagent"
