# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""All extensions that Azure wants on this guest, each with the last word of the agent and of the extension itself."""

import calendar
import re
import time

from .._guest import handlers

MAX_HANDLERS = 40
NEWEST = re.compile(r"waagent_status(?:\.\d+)?\.json\Z")
AGENT = "WALinuxAgent"


def read(host, clock):
    """A record per extension: by the agent's last report, where it keeps one, else by their own files.

    ``clock``: the time by which these have an age; None where that is not known.
    """
    library = handlers.lib_dir(host)[0]
    report, path = _report(host, library)
    if report is None:
        installed = sorted(_installed(host).items())[:MAX_HANDLERS]
        return [_by_files(host, library, name, found[-1], clock) for name, found in installed]
    now = _moment(report.get("timestampUTC"))
    entries = report["aggregateStatus"].get("handlerAggregateStatus")
    entries = entries[:MAX_HANDLERS] if isinstance(entries, list) else ()
    return [_by_report(one, now, path) for one in entries if isinstance(one, dict)]


def _installed(host):
    return {name: found for name, found in handlers.directories(host).items() if name != AGENT}


def _report(host, library):
    """The newest report of the agent and its file; two None without one."""
    paths = [library + "/" + name for name in host.names(library) if NEWEST.match(name)]
    history = library + "/history"
    paths += ["{0}/{1}/waagent_status.json".format(history, name) for name in host.names(history)[-3:]]
    found = []
    for path in paths:
        content = handlers.load_json(host, path)
        if isinstance(content, dict) and isinstance(content.get("aggregateStatus"), dict):
            found.append((str(content.get("timestampUTC")), path, content))
    return (max(found)[2], max(found)[1]) if found else (None, None)


def _by_report(entry, now, path):
    settings = _part(_part(entry, "runtimeSettingsStatus"), "settingsStatus")
    status = _part(settings, "status")
    written = _moment(settings.get("timestampUTC"))
    return {
        "name": _text(entry.get("handlerName")),
        "version": _text(entry.get("handlerVersion")),
        "state": None,
        "status": _text(entry.get("status")),
        "code": handlers.integer(entry.get("code")),
        "message": handlers.short(_words(entry)),
        "result": _text(status.get("status")),
        "result_code": handlers.integer(status.get("code")),
        "result_message": handlers.short(_words(status)),
        "result_age_s": _since(written, now),
        "read_from": path,
    }


def _by_files(host, library, name, version, clock):
    directory = "{0}/{1}-{2}".format(library, name, version)
    said = handlers.handler_status(host, directory + "/config/HandlerStatus") or {}
    result = handlers.status(host, directory) or {}
    return {
        "name": name,
        "version": version,
        "state": host.line(directory + "/config/HandlerState"),
        "status": _text(said.get("status")),
        "code": said.get("code"),
        "message": said.get("message"),
        "result": _text(result.get("reported_word")),
        "result_code": result.get("code"),
        "result_message": result.get("message"),
        "result_age_s": _age(host, result.get("read_from"), clock),
        "read_from": directory,
    }


def _age(host, path, now):
    """Age of a status file, by the time that it names."""
    content = handlers.load_json(host, path) if path else None
    first = content[0] if isinstance(content, list) and content else None
    return _since(_moment(first.get("timestampUTC")), now) if isinstance(first, dict) else None


def _since(written, now):
    return int(now - written) if now and written and now >= written else None


def _part(record, name):
    """A record within a record; an empty one where there is none."""
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _text(value):
    return handlers.short(value) if isinstance(value, str) else None


def _words(entry):
    message = entry.get("formattedMessage")
    return (message.get("message") if isinstance(message, dict) else message) or entry.get("message")


def _moment(text):
    try:
        return calendar.timegm(time.strptime(str(text)[:19], "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return None
