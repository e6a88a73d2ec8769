# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -CSharpUtil Ansible.Process
#AnsibleRequires -PowerShell Ansible.ModuleUtils.AddType

$spec = @{
    options = @{
        name = @{ type = 'str'; required = $true }
        state = @{ type = 'str'; choices = @('absent', 'present'); default = 'present' }
        count = @{ type = 'int'; default = 3 }
        items = @{ type = 'list'; elements = 'str'; default = @() }
        mode = @{ type = 'str'; choices = @('ok', 'warn', 'fail', 'throw', 'big', 'process', 'addtype'); default = 'ok' }
        old = @{ type = 'str'; removed_in_version = '9.0.0'; removed_from_collection = 'a.b' }
    }
    supports_check_mode = $true
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
$module.Result.changed = $false
switch ($module.Params.mode) {
    'warn' { $module.Warn('a warning from the module'); $module.Deprecate('an old thing', '9.0.0', 'a.b') }
    'fail' { try { [int]::Parse('x') } catch { $module.FailJson("could not parse: $($_.Exception.Message)", $_) } }
    'throw' {
        $x = 1
        throw "thrown on purpose $x"
    }
    'big' { $module.Result.big = 'x' * 1MB }
    'process' {
        $exe = if ($IsLinux) { '/bin/sh' } else { "$env:SystemRoot\System32\cmd.exe" }
        $res = [Ansible.Process.ProcessUtil]::CreateProcess($exe, "cmd.exe /c echo from-process", $null, $null)
        $module.Result.stdout = $res.StandardOut
        $module.Result.rc = $res.ExitCode
    }
    'addtype' {
        Add-CSharpType -AnsibleModule $module -References @'
namespace Probe { public static class Demo { public static string Hello(string n) { return "hello " + n; } } }
'@
        $module.Result.hello = [Probe.Demo]::Hello($module.Params.name)
    }
}
$module.Diff.before = "a`n"
$module.Diff.after = "b`n"
if (-not $module.CheckMode) { $module.Result.changed = $true }
$module.Result.check = $module.CheckMode
$module.Result.name = $module.Params.name
$module.Result.nested = @{ list = @(1, 2.5, $null, $true); text = 'Grüße, 日本語, 😀'; deep = @{ a = @{ b = @{ c = @{ d = 'e' } } } } }
$module.Result.count = $module.Params.count + 1
$module.Result.items = $module.Params.items
$module.Result.date = [DateTime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)
$module.ExitJson()
