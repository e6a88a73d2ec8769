# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Names that PowerShell sources use of PowerShell and .NET, one a line: commands, their parameters, types, static members
# and methods of objects.
param ([string[]]$Path)
$language = 'System.Management.Automation.Language'
$found = @{}
foreach ($file in $Path) {
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$null, [ref]$null)
    foreach ($node in $tree.FindAll({ $true }, $true)) {
        switch ($node.GetType().FullName) {
            "$language.CommandAst" {
                $command = $node.GetCommandName()
                if (-not $command -or $command -like '*-Vmb*') { continue }
                $found["command $command"] = 1
                foreach ($element in $node.CommandElements) {
                    if ($element.ParameterName) { $found["command $command -$($element.ParameterName)"] = 1 }
                }
            }
            "$language.TypeExpressionAst" { $found["type $($node.TypeName.FullName)"] = 1 }
            "$language.TypeConstraintAst" { $found["type $($node.TypeName.FullName)"] = 1 }
            "$language.MemberExpressionAst" { if ($node.Static) { $found["static $($node.Expression.Extent.Text)::$($node.Member.Extent.Text)"] = 1 } }
            "$language.InvokeMemberExpressionAst" {
                if ($node.Static) { $found["static $($node.Expression.Extent.Text)::$($node.Member.Extent.Text)"] = 1 }
                else { $found["method $($node.Member.Extent.Text)"] = 1 }
            }
        }
    }
}
$found.Keys | Where-Object { $_ -notlike '*Vmbackup.Azure.*' } | Sort-Object
