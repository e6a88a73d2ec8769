# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The frame that all modules of this package share: options, result, errors, and no secret in any of them."""

from ansible.module_utils.basic import AnsibleModule

from .._guest import surroundings
from .._guest.masking import mask
from .._guest.visible import visible
from . import answer, offline
from .errors import ChangeError
from .journal import DEFAULT_DIRECTORY, check_run_id
from .transaction import Context

JOURNAL_OPTIONS = {
    "run_id": {"type": "str"},
    "journal_dir": {"type": "path", "default": DEFAULT_DIRECTORY},
}


class Module(AnsibleModule):
    """Ansible's module, which masks each value in its result and in the guest's log, and leaves the others readable.

    The option no_log takes an option whole, and with it every word of a result that is also one of its values.
    """

    def log(self, msg, log_args=None):
        if log_args:
            # What the module was invoked with: as a text a value is no longer under its key.
            log_args = {name: str(mask(self.params.get(name), name)) for name in log_args}
            msg = "Invoked with " + " ".join("{}={}".format(*item) for item in sorted(log_args.items()))
        super().log(mask(msg), log_args=log_args)

    def exit_json(self, **kwargs):
        super().exit_json(**self._masked(kwargs))

    def fail_json(self, msg, **kwargs):
        super().fail_json(visible(mask(msg)), **self._masked(kwargs))

    def _masked(self, result):
        # Our own copy of what the module was given: Ansible would add it as it is.
        return visible(mask(dict(result, invocation={"module_args": dict(self.params)})))


def _done(work, params, context):
    """The work's result, here or on a system that is mounted here and does not run."""
    if not params.get("root"):
        return work(params, context)
    with offline.inside(params["root"], context.journal.directory) as root:
        result = dict(work(params, context), root=root)
    if "restart_required" in result:
        result["restart_required"] = False
    return result


def run(name, options, work, **kwargs):
    """Run a module: `work(params, context)` returns the result or raises ChangeError."""
    module = Module(argument_spec=dict(JOURNAL_OPTIONS, **options), supports_check_mode=True, **kwargs)
    surroundings.settle()
    params = module.params
    failure = None
    try:
        if params["run_id"] and "run_id" not in options:
            check_run_id(params["run_id"])
        context = Context(name, module.check_mode, params["run_id"], params["journal_dir"])
        result = answer.of(lambda: _done(work, params, context), name)
    except ChangeError as error:
        failure = error
    if failure:
        # Not in an except block: Ansible would add its traceback, and with it words that may quote a file.
        module.fail_json(msg=str(failure), **failure.facts)
    for warning in result.pop("warnings", []):
        module.warn(visible(mask(warning)))
    module.exit_json(**result)
