// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// pwsh -CheckSyntax FILE...: parse errors, and constructs that Windows PowerShell 5.1 does not have. Works on the AST.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation.Language;

namespace PSHostTool
{
    internal static class CheckSyntax
    {
        private static readonly HashSet<string> NewCmds = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        { "Join-String", "Get-Error", "Test-Json", "Remove-Alias", "Remove-Service", "Get-Uptime", "ConvertFrom-Markdown", "Show-Markdown", "Get-SecureRandom", "ConvertTo-CliXml", "ConvertFrom-CliXml", "Switch-Process", "Get-ExperimentalFeature", "Enable-ExperimentalFeature", "Get-PSSubsystem", "Remove-TypeData_" };
        // command -> parameters that 5.1 does not have (prefixes of at least 3 letters count)
        private static readonly Dictionary<string, string[]> NewParams = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
        {
            ["ForEach-Object"] = new[] { "Parallel", "ThrottleLimit", "AsJob", "TimeoutSeconds" }, ["%"] = new[] { "Parallel", "ThrottleLimit" }, ["foreach"] = new[] { "Parallel", "ThrottleLimit" },
            ["ConvertFrom-Json"] = new[] { "AsHashtable", "Depth", "NoEnumerate", "DateKind" }, ["ConvertTo-Json"] = new[] { "AsArray", "EnumsAsStrings", "EscapeHandling" },
            ["Get-Content"] = new[] { "AsByteStream" }, ["Set-Content"] = new[] { "AsByteStream" }, ["Add-Content"] = new[] { "AsByteStream" },
            ["Join-Path"] = new[] { "AdditionalChildPath" }, ["Split-Path"] = new[] { "LeafBase", "Extension" }, ["Get-Date"] = new[] { "AsUTC", "UnixTimeSeconds" },
            ["Sort-Object"] = new[] { "Top", "Bottom", "Stable" }, ["Measure-Object"] = new[] { "StandardDeviation", "AllStats" }, ["Select-Object"] = new[] { "SkipIndex", "CaseInsensitive" },
            ["Select-String"] = new[] { "Raw", "NoEmphasis", "Culture" }, ["ConvertTo-Csv"] = new[] { "UseQuotes", "QuoteFields", "IncludeTypeInformation", "NoHeader" }, ["Export-Csv"] = new[] { "UseQuotes", "QuoteFields", "IncludeTypeInformation", "NoHeader" },
            ["Invoke-WebRequest"] = new[] { "SkipCertificateCheck", "SkipHttpErrorCheck", "SslProtocol", "NoProxy", "Form", "Authentication", "Token", "CustomMethod", "Resume", "MaximumRetryCount", "HttpVersion", "OperationTimeoutSeconds", "ConnectionTimeoutSeconds" },
            ["Invoke-RestMethod"] = new[] { "SkipCertificateCheck", "SkipHttpErrorCheck", "SslProtocol", "NoProxy", "Form", "Authentication", "Token", "CustomMethod", "Resume", "MaximumRetryCount", "HttpVersion", "StatusCodeVariable", "ResponseHeadersVariable", "OperationTimeoutSeconds", "ConnectionTimeoutSeconds" },
            ["ConvertFrom-SecureString"] = new[] { "AsPlainText" }, ["Start-Process"] = new[] { "Environment" }, ["Start-Sleep"] = new[] { "Duration" }, ["Get-Random"] = new[] { "Shuffle" }, ["New-Guid"] = new[] { "Empty", "InputObject" },
            ["Group-Object"] = new string[0], ["Get-ChildItem"] = new[] { "FollowSymlink" }, ["Set-Service"] = new[] { "Credential", "Force", "SecurityDescriptorSddl" }, ["Test-Connection"] = new[] { "TargetName", "TcpPort", "Ping", "IPv4", "IPv6", "MaxHops", "MtuSize" },
            ["Get-Command"] = new[] { "UseFuzzyMatching", "UseAbbreviationExpansion" }, ["Start-Job"] = new[] { "WorkingDirectory" }, ["Write-Host"] = new string[0], ["Get-Process"] = new string[0], ["Import-Module"] = new[] { "UseWindowsPowerShell", "SkipEditionCheck" }, ["Tee-Object"] = new[] { "Encoding" }, ["Invoke-Command"] = new[] { "HostName", "SSHConnection", "SSHTransport", "RemoteDebug_" }, ["New-PSSession"] = new[] { "HostName", "UseWindowsPowerShell" },
        };
        private static readonly HashSet<string> IsVars = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR", "PSStyle", "EnabledExperimentalFeatures" };
        private static readonly HashSet<string> NewEnc = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "utf8NoBOM", "utf8BOM", "ansi" };

        public static int Run(string[] files)
        {
            if (files.Length == 0) { Console.Error.WriteLine("usage: pwsh -CheckSyntax FILE..."); return 64; }
            int n = 0;
            foreach (string f in files)
            {
                if (!File.Exists(f)) { Console.Out.WriteLine(f + ":0:0: file not found"); n++; continue; }
                Ast ast = Parser.ParseInput(File.ReadAllText(f), Path.GetFullPath(f), out Token[] toks, out ParseError[] errs);
                var found = new List<(int l, int c, string m)>();
                void Add(IScriptExtent e, string m) { found.Add((e.StartLineNumber, e.StartColumnNumber, m)); }
                foreach (ParseError e in errs) Add(e.Extent, e.Message);
                foreach (Token t in toks)
                    switch (t.Kind)
                    {
                        case TokenKind.AndAnd: Add(t.Extent, "pipeline chain operator && is not in Windows PowerShell 5.1"); break;
                        case TokenKind.OrOr: Add(t.Extent, "pipeline chain operator || is not in Windows PowerShell 5.1"); break;
                        case TokenKind.QuestionQuestion: Add(t.Extent, "null-coalescing operator ?? is not in Windows PowerShell 5.1"); break;
                        case TokenKind.QuestionQuestionEquals: Add(t.Extent, "null-coalescing assignment ??= is not in Windows PowerShell 5.1"); break;
                        case TokenKind.QuestionDot: Add(t.Extent, "null-conditional member access ?. is not in Windows PowerShell 5.1"); break;
                        case TokenKind.QuestionLBracket: Add(t.Extent, "null-conditional index ?[] is not in Windows PowerShell 5.1"); break;
                    }
                bool guards = Guarded(ast, out HashSet<string> probed);
                foreach (Ast a in ast.FindAll(x => true, true))
                {
                    switch (a)
                    {
                        case TernaryExpressionAst t: Add(t.Extent, "ternary operator ? : is not in Windows PowerShell 5.1"); break;
                        case ScriptBlockAst s when s.CleanBlock != null: Add(s.CleanBlock.Extent, "clean block is not in Windows PowerShell 5.1"); break;
                        case PipelineAst p when p.Background: Add(p.Extent, "background operator & is not in Windows PowerShell 5.1"); break;
                        case VariableExpressionAst v when IsVars.Contains(v.VariablePath.UserPath) && !InGuard(v, probed): Add(v.Extent, "$" + v.VariablePath.UserPath + " does not exist in Windows PowerShell 5.1 (no guard by Get-Variable, Test-Path variable: or a PSVersion/PSEdition test)"); break;
                        case BinaryExpressionAst b when (b.Operator == TokenKind.Ireplace || b.Operator == TokenKind.Creplace) && ReplaceWithBlock(b.Right): Add(b.Right.Extent, "-replace with a script block is not in Windows PowerShell 5.1"); break;
                        case ConstantExpressionAst k when k.Value != null && (k.Value is sbyte || k.Value is byte && IsSuffixed(k) || k.Value is ushort || k.Value is uint || k.Value is ulong || k.Value is System.Numerics.BigInteger) && IsSuffixed(k): Add(k.Extent, "number suffix in " + k.Extent.Text + " is not in Windows PowerShell 5.1"); break;
                        case ConstantExpressionAst k2 when k2.Extent.Text.StartsWith("0b", StringComparison.OrdinalIgnoreCase) && !(k2 is StringConstantExpressionAst): Add(k2.Extent, "binary literal is not in Windows PowerShell 5.1"); break;
                        case StringConstantExpressionAst sc when NewEnc.Contains(sc.Value) && IsEncodingValue(sc): Add(sc.Extent, "encoding name '" + sc.Value + "' is not in Windows PowerShell 5.1"); break;
                        case CommandAst c: Command(c, Add); break;
                    }
                }
                foreach (Token t in toks.OfType<StringToken>())
                    if ((t.Kind == TokenKind.StringExpandable || t.Kind == TokenKind.HereStringExpandable) && (t.Extent.Text.Contains("`u{") || t.Extent.Text.Contains("`e[")))
                        Add(t.Extent, "escape `u{...} or `e is not in Windows PowerShell 5.1");
                foreach (var x in found.Distinct().OrderBy(x => x.l).ThenBy(x => x.c)) { Console.Out.WriteLine(f + ":" + x.l + ":" + x.c + ": " + x.m); n++; }
            }
            Console.Out.Flush();
            return n > 0 ? 1 : 0;
        }
        private static bool IsSuffixed(ConstantExpressionAst k) { string t = k.Extent.Text; if (t.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return t.EndsWith("u", StringComparison.OrdinalIgnoreCase) || t.EndsWith("n", StringComparison.OrdinalIgnoreCase); return t.Length > 1 && char.IsLetter(t[t.Length - 1]) && !t.EndsWith("b", StringComparison.OrdinalIgnoreCase) && !t.EndsWith("l", StringComparison.OrdinalIgnoreCase) && !t.EndsWith("d", StringComparison.OrdinalIgnoreCase); }
        private static bool ReplaceWithBlock(ExpressionAst r) => r is ArrayLiteralAst al && al.Elements.Count > 1 && al.Elements[1] is ScriptBlockExpressionAst;
        private static bool IsEncodingValue(StringConstantExpressionAst s)
        {
            if (!(s.Parent is CommandAst c)) return s.Parent is CommandParameterAst p0 && p0.ParameterName.StartsWith("Enc", StringComparison.OrdinalIgnoreCase);
            int i = c.CommandElements.ToList().IndexOf(s);
            return i > 0 && c.CommandElements[i - 1] is CommandParameterAst p && p.ParameterName.StartsWith("Enc", StringComparison.OrdinalIgnoreCase);
        }
        private static void Command(CommandAst c, Action<IScriptExtent, string> add)
        {
            string n = c.GetCommandName(); if (n == null) return;
            int bs = n.LastIndexOf('\\'); if (bs >= 0 && n.StartsWith("Microsoft.PowerShell", StringComparison.OrdinalIgnoreCase)) n = n.Substring(bs + 1);
            if (NewCmds.Contains(n)) add(c.Extent, "command " + n + " is not in Windows PowerShell 5.1");
            if (NewParams.TryGetValue(n, out string[] ps))
                foreach (CommandParameterAst p in c.CommandElements.OfType<CommandParameterAst>())
                    foreach (string x in ps)
                        if (x.Equals(p.ParameterName, StringComparison.OrdinalIgnoreCase) || (p.ParameterName.Length >= 3 && x.StartsWith(p.ParameterName, StringComparison.OrdinalIgnoreCase))) { add(p.Extent, n + " -" + x + " is not in Windows PowerShell 5.1"); break; }
            if (n.Equals("Join-Path", StringComparison.OrdinalIgnoreCase))
            {
                int pos = 0; for (int i = 1; i < c.CommandElements.Count; i++) { if (c.CommandElements[i] is CommandParameterAst pp) { if (pp.Argument == null && !pp.ParameterName.StartsWith("R", StringComparison.OrdinalIgnoreCase)) i++; } else pos++; }
                if (pos > 2) add(c.Extent, "Join-Path with more than two parts is not in Windows PowerShell 5.1");
            }
        }
        // names that the file asks for before it uses them: Get-Variable IsWindows, Test-Path variable:IsWindows
        private static bool Guarded(Ast ast, out HashSet<string> probed)
        {
            probed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (StringConstantExpressionAst s in ast.FindAll(x => x is StringConstantExpressionAst, true))
            {
                string v = s.Value; int c = v.IndexOf(':'); if (c >= 0 && v.StartsWith("variable", StringComparison.OrdinalIgnoreCase)) v = v.Substring(c + 1).TrimStart('/', '\\');
                if (IsVars.Contains(v) && s.Parent is CommandAst) probed.Add(v);
            }
            return probed.Count > 0;
        }
        private static bool InGuard(VariableExpressionAst v, HashSet<string> probed)
        {
            if (probed.Contains(v.VariablePath.UserPath)) return true;
            Ast child = v;
            for (Ast p = v.Parent; p != null; child = p, p = p.Parent)
            {
                if (p is BinaryExpressionAst b && (b.Operator == TokenKind.And || b.Operator == TokenKind.Or) && ReferenceEquals(b.Right, child) && Tests(b.Left)) return true;
                if (p is IfStatementAst i) foreach (var cl in i.Clauses) if (Tests(cl.Item1)) return true;
                if (p is AssignmentStatementAst asg && ReferenceEquals(asg.Left, child)) return true;
            }
            return false;
        }
        private static bool Tests(Ast a) => a.Find(x => x is MemberExpressionAst m && m.Member is StringConstantExpressionAst s && (s.Value.Equals("PSVersion", StringComparison.OrdinalIgnoreCase) || s.Value.Equals("PSEdition", StringComparison.OrdinalIgnoreCase)) || x is VariableExpressionAst v && (v.VariablePath.UserPath.Equals("PSEdition", StringComparison.OrdinalIgnoreCase)), true) != null;
    }
}
