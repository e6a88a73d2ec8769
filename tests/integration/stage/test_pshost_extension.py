# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin is forgotten on a real PowerShell engine; registry and services are tables."""

import pytest

REGISTRY = r"""
$key = 'SOFTWARE\Microsoft\Windows Azure\HandlerState\Microsoft.Azure.RecoveryServices.VMSnapshot_1.0.95.0'
$lasting = 'SOFTWARE\Microsoft\BcdrAgentPersistentKeys'
$script:registry = @{ $key = @{ State = 'Disabled'; SequenceNumber = '4' }
    'SOFTWARE\Microsoft\BcdrAgent' = @{ IsProviderInstalled = 'True' }; $lasting = @{ Other = 'x' }
}
$script:told = @()
function Get-VmbRegistryKey($Path) { $script:registry[$Path] }
function Get-VmbMissingKey { }
function Read-VmbRegistry($Target) {
    $there = $script:registry[$Target.path]
    if ($there -and $there.Contains($Target.name)) { return New-VmbRegistryState 'REG_SZ' $there[$Target.name] }
    New-VmbRegistryState
}
function Write-VmbRegistry($Target, $State, $Extra) {
    $script:told += "write $($Target.name)"
    if ($Target.name -eq $script:refuse) { throw 'refused' }
    $there = $script:registry[$Target.path]
    if ($State.type -eq 'absent') { $there.Remove($Target.name) } else { $there[$Target.name] = $State.value }
}
function Get-VmbController { }
function Stop-VmbService { $script:told += 'stop'; if ($script:late) { throw 'late' } }
function Start-VmbService { $script:told += 'start' }
"""
FORGET = """
$work = @{ steps = @(Get-VmbExtensionStep '1.0.95.0'); done = $false }
try { foreach ($step in $work.steps) { Write-VmbExtension $work } } catch { $script:told += 'error' }
"""
STATE = "@{ told = $script:told; values = @($script:registry.Values | ForEach-Object { $_.Keys }) }"


def test_a_version_is_forgotten_while_the_agent_is_stopped(shell):
    (found,) = shell(f"{REGISTRY}\n$script:refuse = ''{FORGET}\n{STATE}")
    assert found["told"][0] == "stop" and found["told"][-1] == "start" and found["told"].count("stop") == 1
    assert sorted(found["told"][1:-1]) == ["write IsProviderInstalled", "write SequenceNumber", "write State"]
    assert sorted(found["values"]) == ["IsProviderInstalled", "Other"]


def test_the_agent_comes_back_after_an_error(shell):
    (found,) = shell(f"{REGISTRY}\n$script:refuse = 'State'{FORGET}\n{STATE}")
    assert found["told"][-2:] == ["start", "error"]


def test_an_agent_that_stops_late_comes_back(shell):
    (found,) = shell(f"{REGISTRY}\n$script:late = $true{FORGET}\n{STATE}")
    assert found["told"] == ["stop", "start", "error"]


def test_what_was_and_what_will_be(shell):
    steps = "$steps = @(Get-VmbExtensionStep '1.0.95.0')"
    before, after = shell(
        f"{REGISTRY}\n{steps}\nFormat-VmbExtension $steps 'before'\nFormat-VmbExtension $steps 'after'"
    )
    assert sorted(before.values()) == ["4", "Disabled", "True"]
    assert sorted(map(str, after.values())) == ["False", "None", "None"]


def test_the_values_come_by_name(shell):
    values = "@{ Zone = '1'; State = '2'; Handler = '3'; Alpha = '4'; Number = '5'; Beta = '6' }"
    steps = "@(Get-VmbExtensionStep '1.0.95.0' | ForEach-Object { $_.target.name })"
    found = shell(f"{REGISTRY}\n$script:registry[$key] = {values}\n{steps}")
    assert found == ["Alpha", "Beta", "Handler", "Number", "State", "Zone", "IsProviderInstalled"]


@pytest.mark.parametrize("version", ["1.0.84.0", "1.0"])
def test_a_version_that_is_not_registered_changes_nothing(shell, version):
    assert shell(f"{REGISTRY}\n@(Get-VmbExtensionStep '{version}').Count") == [0]
