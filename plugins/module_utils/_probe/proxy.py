# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``proxy``: where proxies are configured, and the path each client takes because of it."""

from .._guest import waagent_conf
from .._guest.environment_file import PATH as LOGIN
from .._guest.host import Missing
from .._guest.masking import mask_proxy
from .._guest.waagent_syntax import last
from . import _environment, _package_proxy, _proxy_paths


def collect(host, options, facts):
    addresses = (options["wire_server"], options["imds_server"])
    login = _take(facts, "etc_environment", lambda: _environment.login(host.text(LOGIN) or ""), LOGIN, addresses)
    service = _take(facts, "service", lambda: _environment.service(host), "unit files", addresses)
    _take(facts, "process", lambda: _process(host), "process", addresses)
    facts.take("package_manager", lambda: _package_manager(host, _environment.values(login or [])))
    facts.take("paths", lambda: paths(host, options))
    if service is None and "process" not in facts:
        facts.lack("no_proxy", facts.missing["service"])
        return
    entries = _proxy_paths.no_proxy_entries(_agent_environment(host)[0])
    facts["no_proxy"] = [{"entry": mask_proxy(entry), "kind": _proxy_paths.entry_kind(entry)} for entry in entries]


def _take(facts, name, read, place, addresses):
    """States the variables of one place; gives them, or None when they cannot be had."""
    try:
        variables = read()
    except Missing as missing:
        facts.lack(name, missing)
        return None
    if variables is None:
        facts[name] = None
        return None
    values = _environment.values(variables)
    facts[name] = {
        "variables": [{"name": v.name, "value": v.value, "read_from": v.read_from} for v in variables],
        "not_exempt": [address for address in addresses if not _proxy_paths.exempts(values, address)],
        "read_from": sorted(set(v.read_from.split(":")[0] for v in variables)) or place,
    }
    return variables


def _process(host):
    """The variables of the running daemon; None when no daemon runs."""
    pid = _environment.agent_pid(host)
    return None if pid is None else _environment.process(host, pid)


def _agent_environment(host):
    """``(values, where they were read)``: the running daemon's environment, else what its unit would give it."""
    try:
        running = _process(host) if host.live else None
    except Missing:
        running = None
    variables = _environment.service(host) if running is None else running
    values = _environment.values(variables)
    places = dict((variable.name, variable.read_from) for variable in variables)
    return values, places


def paths(host, options):
    """The path of each client: ``{via, proxy, reason, source, read_from}``. Computed once for all sections."""
    return host.once("proxy_paths", lambda: _paths(host, options))


def _paths(host, options):
    conf = waagent_conf.load(host)
    environment, places = _agent_environment(host)
    agent = _proxy_paths.agent(
        conf.value("HttpProxy.Host"), conf.value("HttpProxy.Port"), environment, _storage_hosts(options)
    )
    agent["read_from"] = _agent_place(agent, conf, places)
    found = {
        "agent": agent,
        "host_plugin": dict(_proxy_paths.host_plugin(), read_from=agent["read_from"]),
        "host_plugin_before_2_2_15": _proxy_paths.old_host_plugin(agent),
        "snapshot_extension": _extension(host),
    }
    # Here already: a proxy is tried by this very text, and a name with a password in it would go to name servers.
    return {client: dict(path, proxy=path["proxy"] and mask_proxy(path["proxy"])) for client, path in found.items()}


def _storage_hosts(options):
    endpoint = options["storage_endpoint"]
    return (endpoint.partition(":")[0],) if endpoint else _proxy_paths.STORAGE_HOSTS


def _extension(host):
    path, entries, error = waagent_conf.extension(host)
    keys = last(entries)
    texts = [keys[name].value if name in keys else None for name in ("HttpProxy.Host", "HttpProxy.Port")]
    place = "{0}:{1}: HttpProxy.Host".format(path, keys["HttpProxy.Host"].line) if "HttpProxy.Host" in keys else path
    return dict(_proxy_paths.extension(texts[0], texts[1], error is None), read_from=place)


def _agent_place(agent, conf, places):
    if agent["source"] == "environment":
        return places.get("https_proxy") or places.get("HTTPS_PROXY")
    entry = last(conf.entries).get("HttpProxy.Host")
    return conf.path if entry is None else "{0}:{1}: HttpProxy.Host".format(conf.path, entry.line)


def _package_manager(host, login):
    """The package manager's path: its own proxy, else that of the log-in that starts it."""
    own = _package_proxy.find(host)
    if own is None or own["proxy"]:
        return own
    name = next((name for name in ("https_proxy", "http_proxy") if login.get(name)), None)
    return dict(own, proxy=login[name], read_from="{0}: {1}".format(LOGIN, name)) if name else own
