# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make diagnose                     diagnose the demo fleet
# make diagnose INVENTORY=hosts.yml diagnose your own
# make test                         lint and all tests on the newest ansible-core
# make test CORE=2.16               the tests on the oldest one

INVENTORY ?= examples/fleet/inventory.yml
REPORT ?= ./vmbackup-report
CORE ?=
TESTS ?= tests
# Booted guests beside everything else: most of the time each waits.
JOBS ?= 2

# The newest Python that works (a name on PATH alone says nothing); ansible-core 2.16 ends at 3.12.
PYTHONS := $(if $(filter 2.16,$(CORE)),3.11 3.10 3.12,3.14 3.13 3.12 3.11 3.10)
CANDIDATES := $(foreach v,$(PYTHONS),python$v $(wildcard $(HOME)/.pyenv/versions/$v.*/bin/python$v)) python3
PYTHON ?= $(shell for p in $(CANDIDATES); do "$$p" -c 'import ensurepip' 2>/dev/null && echo "$$p" && exit; done)

VENV := .venv
TEST_VENV := .venv-test$(if $(CORE),-$(CORE))

.PHONY: diagnose test lint docs clean
.DEFAULT_GOAL := diagnose

diagnose: $(VENV)/ready
	$(VENV)/bin/ansible-playbook playbooks/diagnose.yml -i $(INVENTORY) -e diagnose_report_dir=$(REPORT) $(ARGS)

test: $(TEST_VENV)/ready $(if $(CORE),,lint)
	PATH="$(CURDIR)/$(TEST_VENV)/bin:$$PATH" $(TEST_VENV)/bin/python -m pytest -n $(JOBS) --dist loadscope $(TESTS) $(ARGS)

lint: $(TEST_VENV)/ready
	$(TEST_VENV)/bin/ruff check .
	$(TEST_VENV)/bin/ruff format --check .
	PATH="$(CURDIR)/$(TEST_VENV)/bin:$$PATH" $(TEST_VENV)/bin/ansible-lint --offline

$(VENV)/ready:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'ansible-core>=2.16'
	touch $@

$(TEST_VENV)/ready: tests/requirements$(if $(CORE),-$(CORE)).txt
	$(PYTHON) -m venv $(TEST_VENV)
	$(TEST_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

docs: $(TEST_VENV)/ready
	$(TEST_VENV)/bin/python docs/generate.py

clean:
	rm -rf $(VENV) .venv-test* vmbackup-report

-include tests/lab/lab.mk
