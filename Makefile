# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

INVENTORY ?= examples/fleet/inventory.yml
REPORT ?= ./vmbackup-report
CORE ?=
TESTS ?= tests
# Booted guests beside everything else: most of the time each waits. With three, what a guest installs can be late.
JOBS ?= 2

# The newest Python that works (a name on PATH alone says nothing); ansible-core 2.16 ends at 3.12.
PYTHONS := $(if $(filter 2.16,$(CORE)),3.11 3.10 3.12,3.14 3.13 3.12 3.11 3.10)
CANDIDATES := $(foreach v,$(PYTHONS),python$v $(wildcard $(HOME)/.pyenv/versions/$v.*/bin/python$v)) python3
PYTHON ?= $(shell for p in $(CANDIDATES); do "$$p" -c 'import ensurepip' 2>/dev/null && echo "$$p" && exit; done)

VENV := .venv
TEST_VENV := .venv-test$(if $(CORE),-$(CORE))

# Ansible finds the checkout as a collection by this link.
LINK := .collections/ansible_collections/vmbackup/azure
IN_TEST_VENV := PATH="$(CURDIR)/$(TEST_VENV)/bin:$$PATH"

.PHONY: help diagnose test check fuzz oracles lint docs site clean
.DEFAULT_GOAL := diagnose

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

diagnose: $(VENV)/ready $(LINK) ## Diagnose the demo fleet, or INVENTORY=hosts.yml
	$(VENV)/bin/ansible-playbook playbooks/diagnose.yml -i $(INVENTORY) -e diagnose_report_dir=$(REPORT) $(ARGS)

# A part of the tests (TESTS=tests/unit) and the oldest ansible-core (CORE=2.16) run without the linters.
test: $(TEST_VENV)/ready $(LINK) $(if $(CORE)$(filter-out tests,$(TESTS)),,lint) ## Lint and run all tests; TESTS=path for some, CORE=2.16 for the oldest ansible-core
	$(IN_TEST_VENV) $(TEST_VENV)/bin/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS) $(ARGS)

# One process reads the known states, first of all: it takes longest. What each check says is judged reworded in its own test as well.
JUDGING := tests/unit/plugins/plugin_utils/_checks tests/unit/plugins/plugin_utils/_engine
SLOW := tests/unit/plugins/plugin_utils/_engine/test_plan_words.py

# To lint all that is in the changelog takes a quarter of the whole; `make lint` does it.
FRAGMENTS = $(wildcard $(shell git diff --name-only HEAD -- changelogs/fragments; git ls-files --others changelogs/fragments))

check: $(TEST_VENV)/ready $(LINK) ## Answer in 40 seconds: style, types, new changelog fragments, checks and contracts
	$(TEST_VENV)/bin/ruff check .
	$(TEST_VENV)/bin/ruff format --check .
	$(TEST_VENV)/bin/mypy
	$(if $(FRAGMENTS),$(TEST_VENV)/bin/antsibull-changelog lint $(FRAGMENTS))
	$(IN_TEST_VENV) $(TEST_VENV)/bin/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder tests/contract $(JUDGING) --ignore=$(SLOW) $(ARGS)

fuzz: $(TEST_VENV)/ready $(LINK) ## Hold readers and editors of guest files against the real readers, COUNT=100000 files of each kind
	COUNT=$(or $(COUNT),10000) $(IN_TEST_VENV) $(TEST_VENV)/bin/python -m pytest -q -n auto -m oracle tests/unit $(ARGS)

oracles: ## Fetch real readers that this machine lacks (Debian), for `make fuzz`
	cd "$$(mktemp -d)" && apt-get -q download netplan.io libnetplan[0-9]* ifupdown && for deb in *.deb; do dpkg -x "$$deb" /var/tmp/vmbackup-oracles; done

lint: $(TEST_VENV)/ready $(LINK) ## Style, types, changelog and ansible-lint
	$(TEST_VENV)/bin/ruff check .
	$(TEST_VENV)/bin/ruff format --check .
	$(TEST_VENV)/bin/mypy
	$(TEST_VENV)/bin/antsibull-changelog lint
	$(IN_TEST_VENV) $(TEST_VENV)/bin/ansible-lint --offline

$(LINK):
	mkdir -p $(@D)
	ln -s ../../.. $@

$(VENV)/ready:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'ansible-core>=2.16'
	touch $@

$(TEST_VENV)/ready: tests/requirements$(if $(CORE),-$(CORE)).txt
	$(PYTHON) -m venv $(TEST_VENV)
	$(TEST_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

docs: $(TEST_VENV)/ready $(LINK) ## Write the generated pages and types
	$(TEST_VENV)/bin/python docs/generate.py

site: $(TEST_VENV)/ready $(LINK) ## Build the documentation as a site: vmbackup-site/html/index.html
	$(TEST_VENV)/bin/python docs/build_site.py vmbackup-site

clean: ## Remove virtual environments, kept states and reports
	rm -rf $(VENV) .venv-test* .cache vmbackup-report vmbackup-site

-include tests/lab/lab.mk
