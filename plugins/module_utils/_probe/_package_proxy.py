# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The proxy in the package manager's own configuration."""

APT_CONF, APT_DIRECTORY = "/etc/apt/apt.conf", "/etc/apt/apt.conf.d"
INI_FILES = (("dnf", "/etc/dnf/dnf.conf"), ("yum", "/etc/yum.conf"))
SUSE_FILE = "/etc/sysconfig/proxy"


def find(host):
    """``{manager, proxy, read_from}``; proxy None where it has none of its own; None without a known manager."""
    if host.exists("/etc/apt"):
        return _apt(host)
    for manager, path in INI_FILES:
        text = host.text(path)
        if text is not None:
            return _last(manager, path, _ini(text))
    text = host.text(SUSE_FILE)
    if text is not None or host.exists("/etc/zypp"):
        return _last("zypper", SUSE_FILE, _suse(text or ""))
    return None


def _last(manager, path, found):
    number, proxy = found[-1] if found else (None, None)
    place = path if number is None else "{0}:{1}".format(path, number)
    return {"manager": manager, "proxy": proxy, "read_from": place}


def _apt(host):
    files = [APT_CONF] + ["{0}/{1}".format(APT_DIRECTORY, name) for name in host.names(APT_DIRECTORY)]
    result = {"manager": "apt", "proxy": None, "read_from": APT_DIRECTORY}
    for path in files:
        found = apt_proxies(host.text(path) or "")
        if found:
            result = _last("apt", path, found)
    return result


def apt_proxies(text):
    """``(line, proxy)`` of every setting of ``Acquire::http[s]::Proxy``, in either of apt's spellings."""
    found, scopes = [], []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("//")[0] if "://" not in raw else raw
        line = line.strip()
        if not line or line.startswith(("#", "//")):
            continue
        scopes.extend("" for _brace in range(line.count("{")))
        if "{" in line:
            scopes[-1] = line.split("{")[0].strip()
            line = line.rpartition("{")[2].strip()
        name, _blank, value = line.rstrip(";} ").partition(" ")
        full = "::".join([scope for scope in scopes if scope] + [name]).lower()
        if full in ("acquire::http::proxy", "acquire::https::proxy"):
            value = value.strip(' "')
            found.append((number, None if value.upper() in ("", "DIRECT", "FALSE") else value))
        del scopes[len(scopes) - min(len(scopes), line.count("}")) :]
    return found


def _ini(text):
    found, section = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        section = line if line.startswith("[") else section
        name, mark, value = line.partition("=")
        if mark and name.strip() == "proxy" and section == "[main]":
            value = value.strip()
            found.append((number, None if value in ("", "_none_") else value))
    return found


def _suse(text):
    enabled, found = False, []
    for number, line in enumerate(text.splitlines(), 1):
        name, mark, value = line.strip().partition("=")
        value = value.strip("\"' ")
        if name == "PROXY_ENABLED":
            enabled = value.lower() == "yes"
        elif mark and name in ("HTTP_PROXY", "HTTPS_PROXY") and value:
            found.append((number, value))
    return found if enabled else []
