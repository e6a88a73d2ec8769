# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The openssl program that the agent calls, and the authorities that its Python trusts."""

import time

from .._guest import trees
from .._guest.host import Late, Missing
from .._guest.masking import excerpt
from . import _openssl_conf
from ._agent_python import SEARCH, environment

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)
WRITTEN_S = 10
"""A file of this age is written."""
DIRECTORIES = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/local/ssl/certs")


def openssl(host, conf, facts):
    """``{path, exists, executable, version, error, key, key_error, config, ...}``; ``version`` is None when it fails.

    ``error``: the last line of what it says when it is run as the agent runs it; ``key_error``: the same of the agent's
    own key, where another key works. Of one that is slow only its file is known; ``facts`` are told so.
    """
    path = conf.value("OS.OpensslPath")
    info = host.stat(path)
    if info is None:
        trees.need_system(host)
    values = environment(host)
    config = values.get("OPENSSL_CONF")
    lib_dir = conf.value("Lib.Dir").rstrip("/")
    stated = {
        "exists": info is not None,
        "executable": info is not None and bool(info.st_mode & 0o111),
        "config": config,
        "config_exists": host.exists(config) if config else None,
        "config_unset": _openssl_conf.unset(host, config, values),
        "read_from": path,
    }
    if any(
        host.exists("{0}/{1}".format(lib_dir, name))
        for name in ("provisioned", "Certificates.p7m", "HostingEnvironmentConfig.xml")
    ):
        stated["transport_cert"] = host.exists(lib_dir + "/TransportCert.pem")
    if host.live and stated["executable"]:
        try:
            stated.update(_tried(host, path, lib_dir + "/TransportPrivate.pem", values))
        except Late as late:
            facts.lack("openssl.error", late)
    return stated


def _tried(host, path, key, values):
    """What running openssl shows. Raises Late where it was cut off."""
    found = {}
    found["version"], found["error"] = _said(host, [path, "version"], None)
    if host.privileged and not found["error"]:
        found["key"] = host.exists(key)
        found["error"], found["key_error"] = _as_agent(host, path, key, values)
    return found


def _as_agent(host, path, key, values):
    """``(error, key_error)`` of the command with which the agent makes its certificate, without a result.

    The key that is there costs less than a new one. An agent that starts is writing it.
    """
    command = [path, "req", "-x509", "-new", "-nodes", "-subj", "/CN=LinuxTransport", "-days", "1", "-out", "/dev/null"]
    info, damaged = host.stat(key), None
    if info is not None and time.time() - info.st_mtime >= WRITTEN_S:
        damaged = _said(host, command + ["-key", key], values)[1]
        if damaged is None:
            return None, None
    error = _said(host, command + ["-newkey", "rsa:2048", "-keyout", "/dev/null"], values)[1]
    return error, None if error else damaged


def _said(host, argv, values):
    """``(first line of output, None)``, or ``(None, last line of the error)``. Raises Late."""
    env = None if values is None else dict({"PATH": SEARCH, "LANG": "C"}, **values)
    try:
        status, out, err = host.run(argv, 4.0, env)
    except Late:
        raise
    except Missing as missing:
        return None, str(missing)
    if status == 0:
        return (out.strip().splitlines() or [None])[0], None
    return None, excerpt((err.strip().splitlines() or ["exit status {0}".format(status)])[-1], 300)


def authorities(host):
    """``{file, directory, bundles, directories}``: what the unit's environment names, and what the system has."""
    values = environment(host)
    if not any(host.exists(path) for path in ("/etc/ssl", "/etc/pki")):
        trees.need_system(host)
    bundles = [path for path in BUNDLES if _filled(host, path)]
    directories = [path for path in DIRECTORIES if _holds_certificates(host, path)]
    return {
        "file": _named(host, values.get("SSL_CERT_FILE")),
        "directory": _named(host, values.get("SSL_CERT_DIR")),
        "bundles": bundles,
        "directories": directories,
        "read_from": "certificate stores",
    }


def _named(host, path):
    return {"path": path, "exists": host.exists(path)} if path else None


def _filled(host, path):
    info = host.stat(path)
    return info is not None and info.st_size > 0


def _holds_certificates(host, path):
    return any(name.endswith((".0", ".pem", ".crt")) and _filled(host, path + "/" + name) for name in host.names(path))
