# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.validation import check_type_list
from ansible_collections.vmbackup.azure.plugins.plugin_utils._service_tags import prefixes


def service_tag_prefixes(document, tags, version=4):
    """See service_tag_prefixes.yml."""
    try:
        return prefixes(document, check_type_list(tags), version)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    def filters(self):
        return {"service_tag_prefixes": service_tag_prefixes}
