# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The openssl program that the agent calls, and the authorities that its Python trusts."""

from .._guest import trees
from .._guest.host import Missing
from .._guest.masking import excerpt
from ._agent_python import environment

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)
DIRECTORIES = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/local/ssl/certs")


def openssl(host, conf):
    """``{path, exists, executable, version, error, config, config_exists}``; ``version`` is None when it fails."""
    path = conf.value("OS.OpensslPath")
    info = host.stat(path)
    if info is None:
        trees.need_system(host)
    config = environment(host).get("OPENSSL_CONF")
    stated = {
        "exists": info is not None,
        "executable": info is not None and bool(info.st_mode & 0o111),
        "config": config,
        "config_exists": host.exists(config) if config else None,
        "read_from": path,
    }
    if host.live and stated["executable"]:
        stated["version"], stated["error"] = _version(host, path)
    return stated


def _version(host, path):
    try:
        status, out, err = host.run([path, "version"], timeout=4.0)
    except Missing as missing:
        return None, str(missing)
    if status == 0 and out.strip():
        return out.strip().splitlines()[0], None
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
    return any(name.endswith((".0", ".pem", ".crt")) for name in host.names(path))
