# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The frame that all modules of this package share: options, result, errors, masked invocation."""

from ansible.module_utils.basic import AnsibleModule

from .._guest import surroundings
from .._guest.host import Missing
from .errors import ChangeError, cannot
from .journal import DEFAULT_DIRECTORY, check_run_id
from .masking import mask
from .transaction import Context

JOURNAL_OPTIONS = {
    "run_id": {"type": "str"},
    "journal_dir": {"type": "path", "default": DEFAULT_DIRECTORY},
}


def run(name, options, work, **kwargs):
    """Run a module: `work(params, context)` returns the result or raises ChangeError."""
    module = AnsibleModule(argument_spec=dict(JOURNAL_OPTIONS, **options), supports_check_mode=True, **kwargs)
    surroundings.settle()
    params = module.params
    # Our own copy: what Ansible would add shows a proxy's password.
    invocation = {"module_args": mask(dict(params))}
    try:
        if params["run_id"] and "run_id" not in options:
            check_run_id(params["run_id"])
        context = Context(name, module.check_mode, params["run_id"], params["journal_dir"])
        result = work(params, context)
    except ChangeError as error:
        module.fail_json(msg=mask(str(error)), invocation=invocation, **mask(error.facts))
    except Missing as missing:
        module.fail_json(msg=str(missing), invocation=invocation)
    except OSError as error:
        module.fail_json(msg=str(cannot("work on", error.filename or "this host", error)), invocation=invocation)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(invocation=invocation, **result)
