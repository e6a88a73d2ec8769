# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A quota that holds for root too, on a real file system: it is said, and nothing is half done."""

import os
import shutil
import subprocess

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import journal, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mkfs.btrfs"), reason="needs root and btrfs-progs"
)
OLD, NEW = b"timeout = 100\n", b"timeout = 60\n"


@pytest.fixture
def limited(tmp_path):
    """A directory whose quota is 1 MiB."""
    image, top = tmp_path / "image", tmp_path / "top"
    top.mkdir()
    image.touch()
    os.truncate(image, 300 << 20)
    subprocess.run(["mkfs.btrfs", "-q", image], check=True, capture_output=True)
    mounted = subprocess.run(["mount", "-o", "loop", image, top], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"cannot mount: {mounted.stderr.strip()}")
    try:
        at = top / "at"
        for words in (["quota", "enable", top], ["subvolume", "create", at], ["qgroup", "limit", "1M", at]):
            subprocess.run(["btrfs", *words], check=True, capture_output=True)
        yield at
    finally:
        subprocess.run(["umount", top], check=True)


@pytest.fixture(params=["file", "journal"])
def places(request, limited, tmp_path):
    """A file and a journal, one of which is under the quota."""
    is_file = request.param == "file"
    return (limited if is_file else tmp_path) / "conf", (tmp_path if is_file else limited) / "journal"


def use_up(folder):
    subprocess.run(["dd", "if=/dev/zero", f"of={folder}/filler", "bs=4k"], check=False, capture_output=True)
    os.sync()
    with pytest.raises(OSError, match="quota"), open(folder / "more", "wb") as file:
        file.write(b"x")


def change(path, store):
    context = transaction.Context("test", False, "night", str(store))
    return transaction.execute(lambda: transaction.Plan([FileStep(str(path), NEW)], {}, {}), context)


def undo(store):
    return restore.work({"run_id": "night"}, transaction.Context("journal_restore", False, None, str(store)))


def test_a_change(limited, places):
    path, store = places
    path.write_bytes(OLD)
    use_up(limited)
    with pytest.raises(ChangeError, match="Cannot .*: the disk quota is used up") as caught:
        change(path, store)
    assert not caught.value.facts.get("changed") and path.read_bytes() == OLD
    (limited / "filler").unlink()
    os.sync()
    assert change(path, store)["changed"] and path.read_bytes() == NEW
    assert undo(store)["changed"] and path.read_bytes() == OLD


def test_an_undo(limited, places):
    path, store = places
    path.write_bytes(OLD)
    change(path, store)
    use_up(limited)
    with pytest.raises(ChangeError, match="Cannot .*: the disk quota is used up") as caught:
        undo(store)
    assert caught.value.facts.get("changed", False) == (path.read_bytes() == OLD)
    (limited / "filler").unlink()
    os.sync()
    undo(store)
    (run,) = journal.Journal(str(store)).runs()
    assert run.undone and path.read_bytes() == OLD
