// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// Empty stand-in: InitialSessionState.CreateDefault() (and so [powershell]::Create()) asks for assemblies of these names.
[assembly: System.Reflection.AssemblyVersion("7.6.9.0")]
[assembly: System.Reflection.AssemblyTitle("pshost stand-in, contains nothing")]
