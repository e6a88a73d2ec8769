# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The lab of booted guests (docs/lab.md): make lab HOSTS=3 SUITES="bookworm trixie"

HOSTS ?= 3
SUITES ?= bookworm
LAB_PYTHON ?= $(or $(PYTHON),python3)

LAB := cd $(dir $(lastword $(MAKEFILE_LIST))).. && $(LAB_PYTHON) -m lab

.PHONY: lab lab-down

lab: ## Bring up a fleet of booted guests and print its inventory
	@$(LAB) setup $(addprefix --suite ,$(SUITES))
	@$(LAB) up --hosts $(HOSTS) $(addprefix --suite ,$(SUITES))
	@$(LAB) inventory

lab-down: ## End the lab and leave nothing behind
	@$(LAB) down --abandoned
