# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Replaces a file as a whole: whoever looks sees the old bytes or the new ones, whatever happens."""

import errno
import hashlib
import os
import stat

try:
    import fcntl
except ImportError:  # not a POSIX system: nothing of this package runs there
    fcntl = None  # type: ignore[assignment]

from .._guest import mount_table
from .._guest.host import Host, Missing
from . import answer
from .errors import ChangeError, cannot

TEMP_PREFIX = ".vmbackup-"
# Digests over the content: the kernel makes them anew, a copied one would lock the file.
CONTENT_XATTRS = ("security.ima", "security.evm")
LABEL = "security.selinux"
FS_IOC_GETFLAGS = 0x80086601
FLAG_IMMUTABLE, FLAG_APPEND = 0x10, 0x20
ATTRIBUTES = (
    ("A", 0x80),
    ("C", 0x800000),
    ("P", 0x20000000),
    ("S", 0x8),
    ("c", 0x4),
    ("d", 0x40),
    ("j", 0x4000),
    ("s", 0x1),
    ("t", 0x8000),
    ("u", 0x2),
    ("x", 0x2000000),
)
READ_LIMIT = 16 * 1024 * 1024


class FileState:
    """A regular file's bytes and what belongs to them: mode, owner, extended attributes."""

    def __init__(self, data, mode=0o644, uid=0, gid=0, xattrs=None):
        self.data = data
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.xattrs = xattrs or {}

    @property
    def digest(self):
        return digest(self.data)


def digest(data):
    """Return the SHA-256 of bytes as hexadecimal text, or None for an absent file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def resolve(path):
    """Return the path with every symbolic link followed; a link to nothing is an error."""
    real = os.path.realpath(path)
    if os.path.islink(path) and not os.path.exists(real):
        raise cannot("follow", path, "it is a symbolic link to '{}', which does not exist".format(real))
    return real


def read(path):
    """Return the FileState of a regular file, None if there is none; raises ChangeError otherwise."""
    answer.goes_on()
    real = resolve(path)
    try:
        if not stat.S_ISREG(os.lstat(real).st_mode):
            raise cannot("read", path, "it is not a regular file")  # to open a device acts
        # Non-blocking, so that a FIFO in place of the file cannot hold the run up.
        descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise cannot("read", path, error) from None
    info = os.fstat(descriptor)
    if not stat.S_ISREG(info.st_mode):
        os.close(descriptor)
        raise cannot("read", path, "it is not a regular file")
    with os.fdopen(descriptor, "rb") as handle:
        if info.st_size > READ_LIMIT:
            raise cannot("read", path, "it is larger than {} bytes".format(READ_LIMIT))
        try:
            data = handle.read()
        except OSError as error:
            raise cannot("read", path, error) from None
        return FileState(data, stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid, _xattrs(handle.fileno()))


def check_unchanged(path, before):
    """Raise ChangeError where a file no longer has the bytes that it had when the change was planned."""
    now = read(path)
    if (now.data if now else None) != (before.data if before else None):
        raise cannot("write", path, "someone else changed it meanwhile")


def replace(path, state):
    """Make the file exactly `state`, or remove it when `state` is None; returns the directories made."""
    answer.goes_on()
    real = resolve(path)
    check_writable(path)
    made = make_directories(os.path.dirname(real))
    try:
        _replace(path, real, state)
    except ChangeError:
        remove_directories(made)
        raise
    return made


def _replace(path, real, state):
    directory = _open_directory(os.path.dirname(real), path)
    try:
        name = os.path.basename(real)
        if state is None:
            os.unlink(name, dir_fd=directory)
        else:
            _write_and_rename(directory, name, state)
        os.fsync(directory)
    except OSError as error:
        raise cannot("remove" if state is None else "write", path, error) from None
    except ChangeError as error:
        raise cannot("write", path, str(error)) from None
    finally:
        os.close(directory)


def clean_leftovers(path):
    """Remove temporary files that a killed run left beside `path`; only for the holder of the lock."""
    removed = leftovers(path)
    for name in removed:
        try:
            os.unlink(name)
        except OSError:
            continue  # the write that follows meets the same trouble and says so
    return removed


def leftovers(path):
    """Return the temporary files that a killed run left beside `path`."""
    real = os.path.realpath(path)
    prefix = TEMP_PREFIX + os.path.basename(real) + "."
    try:
        names = os.listdir(os.path.dirname(real))
    except OSError:
        return []
    return [os.path.join(os.path.dirname(real), name) for name in names if name.startswith(prefix)]


def check_writable(path):
    """Raise ChangeError for what can be told without writing: read-only mounts, mount points and immutable files."""
    real = resolve(path)
    parent = os.path.dirname(real)
    while not os.path.exists(parent):
        parent = os.path.dirname(parent)
    if not os.path.isdir(parent):
        raise cannot("write", path, "'{}' is not a directory".format(parent))
    if os.statvfs(parent).f_flag & os.ST_RDONLY:
        raise cannot("write", path, "the file system is read-only")
    if _is_mount_point(real):
        raise cannot("write", path, "it is a mount point")
    for target in (real, parent):
        flags = _attributes(target)
        if flags & FLAG_IMMUTABLE:
            raise cannot("write", path, "'{}' is immutable (chattr +i)".format(target))
        if flags & FLAG_APPEND:
            raise cannot("write", path, "'{}' is append-only (chattr +a)".format(target))


def _is_mount_point(path):
    """Whether something is mounted on it: a single file, too, as containers have them."""
    try:
        mounts, _place = mount_table.read(Host())
    except Missing:
        return False
    return any(mount.target == path for mount in mounts)


def make_directories(path, mode=0o755):
    """Create missing directories and return those that were made, outermost first."""
    missing = []
    current = path
    while not os.path.isdir(current):
        missing.insert(0, current)
        current = os.path.dirname(current)
    for directory in missing:
        try:
            os.mkdir(directory, mode)
        except FileExistsError:
            continue
        except OSError as error:
            raise cannot("create", directory, error) from None
        inherit_label(os.path.dirname(directory), directory)
        sync_directory(os.path.dirname(directory))
    return missing


def inherit_label(directory, target, **options):
    """Give what is new the SELinux label of its directory, as the kernel does where SELinux runs."""
    try:
        os.setxattr(target, LABEL, os.getxattr(directory, LABEL), os.XATTR_CREATE, **options)
    except OSError:
        pass  # the directory has none, or the kernel has given one


def remove_directories(made):
    """Remove directories, outermost first in the list, as far as nobody keeps something there."""
    for directory in reversed(made):
        try:
            os.rmdir(directory)
        except OSError:
            break


def losses(path):
    """Return in sentences what a file has that its new version will not have, and that no undo can give back."""
    try:
        info = os.lstat(os.path.realpath(path))
    except OSError:
        return []
    found = []
    if info.st_nlink > 1:
        words = "'{}' is one of {} hard links: the others keep the old content, also after undo"
        found.append(words.format(path, info.st_nlink))
    real = os.path.realpath(path)
    # What the directory has, a new file in it gets.
    flags = _attributes(real) & ~_attributes(os.path.dirname(real))
    letters = "".join(letter for letter, flag in ATTRIBUTES if flags & flag)
    if letters:
        found.append("'{}' loses its attributes '{}' (chattr), also after undo".format(path, letters))
    return found


def sync_directory(path):
    """Make a rename, creation or removal in this directory last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_directory(directory, path):
    # All that follows is relative to this descriptor: a directory swapped meanwhile changes nothing.
    try:
        return os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise cannot("write", path, error) from None


def _write_and_rename(directory, name, state):
    temporary = "{}{}.{}.{}".format(TEMP_PREFIX, name, os.getpid(), os.urandom(4).hex())
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600, dir_fd=directory)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(state.data)
            handle.flush()
            _dress(handle.fileno(), state)
            if not _exists(directory, name):
                inherit_label(directory, handle.fileno())
            os.fsync(handle.fileno())
        os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        try:
            os.unlink(temporary, dir_fd=directory)
        except OSError:
            pass  # the cause is on its way up; the next run cleans
        raise


def _exists(directory, name):
    try:
        os.lstat(name, dir_fd=directory)
    except FileNotFoundError:
        return False
    return True


def _dress(descriptor, state):
    info = os.fstat(descriptor)
    if (info.st_uid, info.st_gid) != (state.uid, state.gid):
        os.fchown(descriptor, state.uid, state.gid)
    # After the owner: a change of owner takes set-user-id bits away.
    os.fchmod(descriptor, state.mode)
    present = _xattrs(descriptor)
    for name, value in state.xattrs.items():
        if present.get(name) == value:
            continue
        try:
            os.setxattr(descriptor, name, value)
        except OSError as error:
            raise cannot("keep the attribute of", name, error) from None
    for name in present:
        # A directory's default ACL must not reach a file that had none.
        if name not in state.xattrs and name.startswith("system.posix_acl"):
            os.removexattr(descriptor, name)


def _xattrs(descriptor):
    found = {}
    try:
        for name in os.listxattr(descriptor):
            if name not in CONTENT_XATTRS:
                found[name] = os.getxattr(descriptor, name)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA):
            raise
    return found


def _attributes(path):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return 0
    try:
        answer = fcntl.ioctl(descriptor, FS_IOC_GETFLAGS, b"\0" * 8)
        return int.from_bytes(answer[:4], "little")
    except OSError:
        return 0  # the file system knows no such flags
    finally:
        os.close(descriptor)
