// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// PSHost, PSHostUserInterface and PSHostRawUserInterface on plain standard streams.
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;

namespace PSHostTool
{
    internal sealed class TheHost : PSHost, IHostSupportsInteractiveSession
    {
        private readonly TheUI ui;
        public TheHost(Options o) { ui = new TheUI(o); }
        public bool ExitSet; public int ExitCode;
        public override string Name => "ConsoleHost";
        public override Version Version => new Version(7, 6, 9);
        public override Guid InstanceId { get; } = Guid.NewGuid();
        public override PSHostUserInterface UI => ui;
        public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture.Name.Length == 0 ? CultureInfo.GetCultureInfo("en-US") : CultureInfo.CurrentCulture;
        public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture.Name.Length == 0 ? CultureInfo.GetCultureInfo("en-US") : CultureInfo.CurrentUICulture;
        public override void SetShouldExit(int c) { ExitSet = true; ExitCode = c; }
        public override void EnterNestedPrompt() { throw new NotSupportedException("Nested prompts are not supported by this host."); }
        public override void ExitNestedPrompt() { }
        public override void NotifyBeginApplication() { Console.Out.Flush(); }
        public override void NotifyEndApplication() { }
        public Runspace Runspace { get; set; }
        public bool IsRunspacePushed => false;
        public void PushRunspace(Runspace r) { throw new NotSupportedException("Remote sessions are not supported by this host."); }
        public void PopRunspace() { }
    }

    internal sealed class TheUI : PSHostUserInterface
    {
        private readonly Options o; private readonly TheRawUI raw = new TheRawUI();
        public TheUI(Options o) { this.o = o; }
        public override PSHostRawUserInterface RawUI => raw;
        public override bool SupportsVirtualTerminal => false;
        private static readonly bool plain = Console.IsOutputRedirected;
        private static readonly System.Text.RegularExpressions.Regex vt = new System.Text.RegularExpressions.Regex("\\x1b\\[[0-9;]*m");
        private static string P(string s) => s != null && plain && s.IndexOf('\x1b') >= 0 ? vt.Replace(s, "") : s;
        public override void Write(string v) { Console.Out.Write(P(v)); }
        public override void Write(ConsoleColor f, ConsoleColor b, string v) { Console.Out.Write(P(v)); }
        public override void WriteLine(string v) { Console.Out.WriteLine(P(v)); }
        public override void WriteLine() { Console.Out.WriteLine(); }
        public override void WriteErrorLine(string v) { Console.Out.Flush(); Console.Error.WriteLine(v != null && v.IndexOf('\x1b') >= 0 ? vt.Replace(v, "") : v); }
        public override void WriteDebugLine(string v) { Console.Out.WriteLine("DEBUG: " + v); }
        public override void WriteVerboseLine(string v) { Console.Out.WriteLine("VERBOSE: " + v); }
        public override void WriteWarningLine(string v) { Console.Out.WriteLine("WARNING: " + v); }
        public override void WriteProgress(long id, ProgressRecord r) { }
        private void Ask()
        {
            if (o.NonInteractive || Console.IsInputRedirected)
                throw new HostException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.", null, "HostFunctionNotImplemented", ErrorCategory.InvalidOperation);
        }
        public override string ReadLine() { if (o.NonInteractive) Ask(); return Console.In.ReadLine(); }
        public override SecureString ReadLineAsSecureString() { Ask(); var s = new SecureString(); foreach (char c in Console.In.ReadLine() ?? "") s.AppendChar(c); return s; }
        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> d)
        {
            Ask();
            var r = new Dictionary<string, PSObject>();
            foreach (FieldDescription f in d) { Console.Out.Write(f.Name + ": "); r[f.Name] = PSObject.AsPSObject(Console.In.ReadLine()); }
            return r;
        }
        public override PSCredential PromptForCredential(string c, string m, string u, string t) { Ask(); return null; }
        public override PSCredential PromptForCredential(string c, string m, string u, string t, PSCredentialTypes a, PSCredentialUIOptions op) { Ask(); return null; }
        public override int PromptForChoice(string c, string m, Collection<ChoiceDescription> ch, int d)
        {
            Ask();
            Console.Out.WriteLine(c); Console.Out.WriteLine(m);
            for (int i = 0; i < ch.Count; i++) Console.Out.Write("[" + i + "] " + ch[i].Label.Replace("&", "") + "  ");
            string s = Console.In.ReadLine();
            return int.TryParse(s, out int n) ? n : d;
        }
    }

    internal sealed class TheRawUI : PSHostRawUserInterface
    {
        private Size size;
        public TheRawUI()
        {
            int w = 120;
            try { if (!Console.IsOutputRedirected && Console.WindowWidth > 20) w = Console.WindowWidth; } catch { }
            string e = Environment.GetEnvironmentVariable("PSHOST_WIDTH");
            if (int.TryParse(e, out int n) && n > 20) w = n;
            size = new Size(w, 3000);
        }
        public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;
        public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;
        public override Size BufferSize { get => size; set => size = value; }
        public override Coordinates CursorPosition { get; set; }
        public override int CursorSize { get; set; } = 1;
        public override bool KeyAvailable => false;
        public override Size MaxPhysicalWindowSize => size;
        public override Size MaxWindowSize => size;
        public override Coordinates WindowPosition { get; set; }
        public override Size WindowSize { get => new Size(size.Width, 50); set { } }
        public override string WindowTitle { get; set; } = "pshost";
        public override void FlushInputBuffer() { }
        public override BufferCell[,] GetBufferContents(Rectangle r) { throw new NotSupportedException("This host has no screen buffer."); }
        public override KeyInfo ReadKey(ReadKeyOptions o) { throw new NotSupportedException("This host cannot read keys."); }
        public override void ScrollBufferContents(Rectangle s, Coordinates d, Rectangle c, BufferCell f) { }
        public override void SetBufferContents(Coordinates o, BufferCell[,] c) { }
        public override void SetBufferContents(Rectangle r, BufferCell f) { }
    }
}
