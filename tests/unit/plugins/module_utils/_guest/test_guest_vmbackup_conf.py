# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vmbackup.conf: lossless, idempotent, read back by the reader that counts."""

import configparser

from ansible_collections.vmbackup.azure.plugins.module_utils._guest.vmbackup_conf import VmbackupConf
from hypothesis import given
from hypothesis import strategies as st

INI_LINE = st.one_of(
    st.sampled_from(
        ["[SnapshotThread]", "[Monitor]", "[x]", "", "# c", "; c", "timeout = 60", "timeout: 61", "TIMEOUT=62"]
    ),
    st.text(alphabet="ab=:[]%;# \t", max_size=8),
)


@given(st.lists(INI_LINE, max_size=10), st.sampled_from(["", "\n"]))
def test_a_normalised_ini_file_is_readable_and_stays(lines, end):
    conf = VmbackupConf(("\n".join(lines) + end).encode())
    readable = conf.error() is None
    before = conf.data
    conf.normalize()
    if readable:
        assert conf.data == before
    assert conf.error() is None or "%" in "".join(lines)  # a reference to nothing is for a person to decide
    once = conf.data
    conf.normalize()
    assert conf.data == once


@given(st.lists(INI_LINE, max_size=10), st.sampled_from(["60", "/mnt/a%b", "True"]))
def test_a_set_option_is_what_configparser_reads(lines, value):
    conf = VmbackupConf("\n".join(lines).encode())
    if conf.error() is not None:
        return
    others = {k: v for k, v in conf.values().items() if k != "mountstoskip"}
    conf.set("SnapshotThread", "MountsToSkip", value)
    parser = configparser.ConfigParser()
    parser.read_string(conf.data.decode())
    assert parser.get("SnapshotThread", "mountstoskip") == value
    assert {k: v for k, v in conf.values().items() if k != "mountstoskip"} == others
    once = conf.data
    conf.set("SnapshotThread", "MountsToSkip", value)
    assert conf.data == once
