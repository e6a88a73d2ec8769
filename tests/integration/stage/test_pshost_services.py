# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services are stopped and started again on a real PowerShell engine; the service control manager is a table."""

import pytest

# A slow service stops, but after the first wait for it; a broken one does not start.
MANAGER = """
class Service {
    static [System.Collections.ArrayList]$Told = @()
    [string]$ServiceName
    [string]$Status = 'Running'
    [bool]$Slow
    [bool]$Broken
    [Service[]]$DependentServices = @()
    [void] Stop() {
        foreach ($other in $this.DependentServices) { if ($other.Status -ne 'Stopped') { $other.Stop() } }
        $null = [Service]::Told.Add("stop $($this.ServiceName)")
        $this.Status = if ($this.Slow) { 'StopPending' } else { 'Stopped' }
    }
    [void] Start() {
        $null = [Service]::Told.Add("start $($this.ServiceName)")
        if ($this.Broken -or $this.Status -ne 'Stopped') { throw 'it refuses' }
        $this.Status = 'Running'
    }
    [void] WaitForStatus([string]$Wanted, [TimeSpan]$Span) {
        if ($this.Status -eq 'StopPending' -and -not $this.Slow) { $this.Status = 'Stopped' }
        $this.Slow = $false
        if ($this.Status -ne $Wanted) { throw [System.TimeoutException]::new() }
    }
}
$script:services = [ordered]@{}
foreach ($name in 'RdAgent', 'WindowsAzureGuestAgent') { $script:services[$name] = [Service]@{ ServiceName = $name } }
Function Get-VmbServiceController { $script:services.Values }
Function Get-VmbEnd { param ($Name) "Cannot start '$Name': it ended" }
"""
TOLD = """
@{ told = @([Service]::Told); error = $problem; status = @($script:services.Values | ForEach-Object { $_.Status }) }
"""


def during(script, work="{ $null = [Service]::Told.Add('work') }"):
    names = "@('WindowsAzureGuestAgent', 'RdAgent')"
    return (
        f"{MANAGER}\n{script}\n$problem = $null\n"
        f"try {{ Invoke-VmbStopped {names} {work} }} catch {{ $problem = Get-VmbFault $_ }}\n{TOLD}"
    )


def test_work_is_done_while_services_are_stopped(shell):
    (found,) = shell(during(""))
    stops, starts = ["stop WindowsAzureGuestAgent", "stop RdAgent"], ["start RdAgent", "start WindowsAzureGuestAgent"]
    assert found == {"told": [*stops, "work", *starts], "error": None, "status": ["Running", "Running"]}


@pytest.mark.parametrize("slow", ["WindowsAzureGuestAgent", "RdAgent"])
def test_a_service_that_stops_late_is_started_again(shell, slow):
    (found,) = shell(during(f"$script:services.{slow}.Slow = $true"))
    assert found["error"] == f"Cannot stop '{slow}': it does not get there in time"
    assert "work" not in found["told"] and found["status"] == ["Running", "Running"]


def test_each_service_is_started_though_another_does_not_start(shell):
    (found,) = shell(during("$script:services.RdAgent.Broken = $true", "{ throw 'the work failed' }"))
    assert found["error"] == "Cannot start 'RdAgent': it ended"
    assert found["status"] == ["Stopped", "Running"]


def test_services_are_started_after_an_error(shell):
    (found,) = shell(during("", "{ throw 'the work failed' }"))
    assert found["error"] == "the work failed" and found["status"] == ["Running", "Running"]


# MSDTC, which MSMQ needs, which its triggers need; another service that needs it does not run.
DEPENDENTS = """
$script:services = [ordered]@{}
foreach ($name in 'Triggers', 'MSMQ', 'Idle', 'MSDTC') { $script:services[$name] = [Service]@{ ServiceName = $name } }
$script:services.Idle.Status = 'Stopped'
$script:services.MSDTC.DependentServices = @($script:services['Triggers', 'MSMQ', 'Idle'])
Function Read-VmbService { [ordered]@{ account = 'LocalSystem'; running = $true } }
Function Set-VmbServiceState {
    param ($Name, $Now, $State)
    $null = [Service]::Told.Add("$Name gets $($State.account)")
    if ($State.account -eq 'nobody') { throw 'it refuses' }
}
"""


@pytest.mark.parametrize(("account", "error"), [("NetworkService", None), ("nobody", "it refuses")])
def test_services_that_need_a_service_with_a_new_account_run_again(shell, account, error):
    (found,) = shell(
        f"{MANAGER}\n{DEPENDENTS}\n$problem = $null\n"
        f"try {{ Write-VmbService @{{ name = 'MSDTC' }} @{{ account = '{account}'; running = $true }} }} "
        f"catch {{ $problem = Get-VmbFault $_ }}\n{TOLD}"
    )
    stops, starts = ["stop Triggers", "stop MSMQ", "stop MSDTC"], ["start MSDTC", "start MSMQ", "start Triggers"]
    assert found["told"] == [*stops, f"MSDTC gets {account}", *starts]
    assert (found["error"], found["status"]) == (error, ["Running", "Running", "Stopped", "Running"])
