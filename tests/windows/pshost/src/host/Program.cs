// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// pshost: entry point and command line of the small PowerShell host.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Xml;

[assembly: AssemblyVersion("1.0.0.0")]
[assembly: AssemblyTitle("pshost")]

namespace PSHostTool
{
    internal sealed class Options
    {
        public string Command, File;
        public bool NonInteractive, HasCommand, ReadStdinScript, InteractiveAsked, ShowVersion, Help;
        public bool InputXml, OutputXml, InputFormatGiven;
        public string WorkingDirectory, WindowStyle;
        public List<string> Rest = new List<string>();
        public object[] EncodedArgs;
        public bool Desktop;
    }

    internal sealed class UsageException : Exception { public UsageException(string m) : base(m) { } }

    public static class Program
    {
        internal static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);

        public static int Main(string[] args)
        {
            if (args.Length > 0)
            {
                if (Is(args[0], "compilehost")) return CompileHost.Run(args.Skip(1).ToArray());
                if (Is(args[0], "checksyntax")) return CheckSyntax.Run(args.Skip(1).ToArray());
            }
            if (OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("DOTNET_EnableWriteXorExecute") == null && OnWine()) return Again(args);
            Options o;
            try { o = Parse(args); }
            catch (UsageException e) { Console.Error.WriteLine(e.Message); return 64; }
            if (o.ShowVersion) { Console.Out.WriteLine("PowerShell 7.6.9 (pshost)"); return 0; }
            if (o.Help)
            {
                Console.Out.WriteLine("pshost: pwsh [-NoProfile] [-NonInteractive] [-NoLogo] [-ExecutionPolicy P] [-InputFormat F] [-OutputFormat F]\n"
                    + "  [-WorkingDirectory D] {-File F [args] | -Command S|- [args] | -EncodedCommand B64 [-EncodedArguments B64] | F [args] | -}\n"
                    + "  pwsh -CheckSyntax FILE...   pwsh -CompileHost [options] FILE...");
                return 0;
            }
            int rc = 0;
            var t = new Thread(() => rc = Run(o), 64 * 1024 * 1024);
            if (OperatingSystem.IsWindows()) { try { t.SetApartmentState(ApartmentState.STA); } catch { } }
            t.Start();
            t.Join();
            Console.Out.Flush();
            Console.Error.Flush();
            Environment.Exit(rc);
            return rc;
        }

        // The runtime's W^X double mapping of code pages crashes under Wine (0x80131506 in a finalizer). It can only be
        // turned off by an environment variable that is there before the runtime starts: start again with it.
        [System.Runtime.InteropServices.DllImport("kernel32.dll", CharSet = System.Runtime.InteropServices.CharSet.Unicode)] private static extern IntPtr GetModuleHandleW(string n);
        [System.Runtime.InteropServices.DllImport("kernel32.dll", CharSet = System.Runtime.InteropServices.CharSet.Ansi)] private static extern IntPtr GetProcAddress(IntPtr h, string n);
        private static bool OnWine() => GetProcAddress(GetModuleHandleW("ntdll.dll"), "wine_get_version") != IntPtr.Zero;
        private static int Again(string[] args)
        {
            var si = new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath) { UseShellExecute = false };
            foreach (string a in args) si.ArgumentList.Add(a);
            Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0");
            using var p = System.Diagnostics.Process.Start(si);
            p.WaitForExit();
            return p.ExitCode;
        }

        private static bool Is(string arg, string name)
        {
            if (arg.Length < 2) return false;
            if (arg[0] != '-' && arg[0] != '/' && arg[0] != '\u2013') return false;
            if (arg[0] == '/' && arg.IndexOf('/', 1) >= 0) return false;
            return string.Equals(arg.TrimStart('-', '/', '\u2013'), name, StringComparison.OrdinalIgnoreCase);
        }

        // Parameters of pwsh and powershell.exe, with the shortest prefix that is accepted for each.
        private static readonly (string name, string min)[] Known =
        {
            ("noprofile","nop"),("noninteractive","noni"),("nologo","nol"),("noexit","noe"),("executionpolicy","ex"),("ep","ep"),
            ("version","v"),("inputformat","inp"),("outputformat","o"),("file","f"),("command","c"),("encodedcommand","e"),("ec","ec"),
            ("encodedarguments","encodeda"),("ea","ea"),("workingdirectory","wo"),("wd","wd"),("windowstyle","w"),("sta","sta"),("mta","mta"),
            ("interactive","i"),("login","l"),("help","h"),("?","?"),("noprofileloadtime","noprofileloadtime"),("if","if"),("of","of"),
            ("settingsfile","settings"),("configurationname","config"),("psconsolefile","psc"),("commandwithargs","commandwithargs"),("cwa","cwa"),
        };

        private static string Match(string a)
        {
            if (a.Length < 2 || (a[0] != '-' && a[0] != '/' && a[0] != '\u2013')) return null;
            string n = a.Substring(1).ToLowerInvariant();
            if (n.StartsWith("-")) n = n.Substring(1);
            if (a[0] == '/' && n.IndexOf('/') >= 0) return null;
            foreach (var (name, min) in Known)
                if (name == n) return name;
            foreach (var (name, min) in Known)
                if (n.Length >= min.Length && name.StartsWith(n, StringComparison.Ordinal) && n.StartsWith(min, StringComparison.Ordinal)) return name;
            return null;
        }

        private static Options Parse(string[] a)
        {
            var o = new Options { Desktop = string.Equals(Environment.GetEnvironmentVariable("PSHOST_EDITION"), "Desktop", StringComparison.OrdinalIgnoreCase) };
            bool desktopExe = string.Equals(Path.GetFileNameWithoutExtension(Environment.ProcessPath ?? ""), "powershell", StringComparison.OrdinalIgnoreCase);
            int i = 0;
            string Need(string name) { if (i + 1 >= a.Length) throw new UsageException("The parameter -" + name + " requires an argument."); return a[++i]; }
            for (; i < a.Length; i++)
            {
                string s = a[i];
                if (s == "-") { o.HasCommand = true; o.ReadStdinScript = true; return o; }
                string m = Match(s);
                if (m == null)
                {
                    if (s.StartsWith("-") && s.Length > 1) throw new UsageException("The argument '" + s + "' is not recognized as a parameter of this host.");
                    // a bare argument: pwsh takes it as -File, powershell.exe as -Command
                    if (desktopExe) { o.Command = string.Join(" ", a.Skip(i)); o.HasCommand = true; }
                    else if (File.Exists(s) || s.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)) { o.File = s; o.Rest = a.Skip(i + 1).ToList(); }
                    else { o.Command = string.Join(" ", a.Skip(i)); o.HasCommand = true; }
                    return o;
                }
                switch (m)
                {
                    case "noprofile": case "nologo": case "sta": case "mta": case "login": case "noprofileloadtime": break;
                    case "noninteractive": o.NonInteractive = true; break;
                    case "noexit": case "interactive": o.InteractiveAsked = true; break;
                    case "executionpolicy": case "ep":
                        {
                            string p = Need(m);
                            Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", p); break;
                        }
                    case "version":
                        if (i + 1 < a.Length && !a[i + 1].StartsWith("-") && desktopExe) { i++; break; }
                        o.ShowVersion = true; return o;
                    case "help": case "?": o.Help = true; return o;
                    case "inputformat": case "if": o.InputXml = string.Equals(Need(m), "xml", StringComparison.OrdinalIgnoreCase); o.InputFormatGiven = true; break;
                    case "outputformat": case "of": o.OutputXml = string.Equals(Need(m), "xml", StringComparison.OrdinalIgnoreCase); break;
                    case "workingdirectory": case "wd": o.WorkingDirectory = Need(m); break;
                    case "windowstyle": o.WindowStyle = Need(m); break;
                    case "settingsfile": case "configurationname": case "psconsolefile": throw new UsageException("-" + m + " is not supported by this host.");
                    case "file":
                        o.File = Need(m);
                        if (o.File == "-") { o.File = null; o.HasCommand = true; o.ReadStdinScript = true; return o; }
                        i++; o.Rest = a.Skip(i).ToList(); return o;
                    case "command":
                        if (i + 1 >= a.Length) throw new UsageException("-Command requires an argument.");
                        i++;
                        o.HasCommand = true;
                        if (a[i] == "-") { o.ReadStdinScript = true; return o; }
                        o.Command = string.Join(" ", a.Skip(i)); return o;
                    case "commandwithargs": case "cwa":
                        o.Command = Need(m); o.HasCommand = true; o.EncodedArgs = a.Skip(i + 1).Cast<object>().ToArray(); return o;
                    case "encodedcommand": case "ec":
                        try { o.Command = Encoding.Unicode.GetString(Convert.FromBase64String(Need(m))); }
                        catch (FormatException) { throw new UsageException("Cannot process the command because the value specified with -EncodedCommand is not properly encoded. The value must be Base64 encoded."); }
                        o.HasCommand = true; break;
                    case "encodedarguments": case "ea":
                        {
                            object v = PSSerializer.Deserialize(Encoding.Unicode.GetString(Convert.FromBase64String(Need(m))));
                            if (v is PSObject po) v = po.BaseObject;
                            o.EncodedArgs = v is IList l ? l.Cast<object>().ToArray() : new[] { v };
                            break;
                        }
                }
            }
            return o;
        }

        internal static void SetupConsole()
        {
            try { Console.OutputEncoding = Utf8; } catch { }
            try { if (OperatingSystem.IsWindows()) Console.InputEncoding = Utf8; } catch { }
            // own writers: UTF-8 without BOM, whatever code page the console has
            var so = new StreamWriter(Console.OpenStandardOutput(), Utf8, 16384) { AutoFlush = false };
            Console.SetOut(TextWriter.Synchronized(new FlushOnLine(so)));
            var se = new StreamWriter(Console.OpenStandardError(), Utf8, 1024) { AutoFlush = true };
            Console.SetError(TextWriter.Synchronized(se));
        }

        private static IEnumerable StdinLines(bool xml)
        {
            using var r = new StreamReader(Console.OpenStandardInput(), Utf8, false, 65536);
            string first = r.ReadLine();
            if (first == null) yield break;
            if (first.Length > 0 && first[0] == '\ufeff') first = first.Substring(1);
            if (xml || first.StartsWith("#< CLIXML", StringComparison.Ordinal))
            {
                string body = first.StartsWith("#< CLIXML", StringComparison.Ordinal) ? r.ReadToEnd() : first + "\n" + r.ReadToEnd();
                if (body.Trim().Length == 0) yield break;
                foreach (object x in PSSerializer.DeserializeAsList(body)) yield return x;
                yield break;
            }
            yield return first;
            string line;
            while ((line = r.ReadLine()) != null) yield return line;
        }

        private static int Run(Options o)
        {
            SetupConsole();
            try { PSStyle.Instance.OutputRendering = OutputRendering.PlainText; } catch { }
            if (o.WorkingDirectory != null) Directory.SetCurrentDirectory(o.WorkingDirectory);
            if (o.Desktop) Desktop.Apply();
            if (OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("PSExecutionPolicyPreference") == null)
                Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", "Bypass");

            var host = new TheHost(o);
            InitialSessionState iss = InitialSessionState.CreateDefault2();
            iss.ThreadOptions = PSThreadOptions.UseCurrentThread;
            using Runspace rs = RunspaceFactory.CreateRunspace(host, iss);
            rs.Open();
            try { PSStyle.Instance.OutputRendering = OutputRendering.PlainText; } catch { }
            host.Runspace = rs;
            Runspace.DefaultRunspace = rs;
            Console.CancelKeyPress += (s, e) => { Environment.Exit(130); };

            string text = o.Command;
            bool isFile = o.File != null;
            if (isFile)
            {
                string f = o.File;
                string full = Path.GetFullPath(f);
                if (!File.Exists(full) && File.Exists(full + ".ps1")) full += ".ps1";
                if (!File.Exists(full))
                {
                    Console.Error.WriteLine("The argument '" + f + "' is not recognized as the name of a script file. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.");
                    return 64;
                }
                o.File = full;
            }
            else if (o.ReadStdinScript || text == null)
            {
                if (text == null && !o.HasCommand && !Console.IsInputRedirected) return Repl(rs, host);
                using var r = new StreamReader(Console.OpenStandardInput(), Utf8);
                text = r.ReadToEnd();
                o.ReadStdinScript = true;
            }

            IEnumerable input = null;
            if (!o.ReadStdinScript && Console.IsInputRedirected && (isFile ? FileUsesInput(o.File) : UsesInput(text)))
                input = StdinLines(o.InputXml);
            return Invoke(rs, host, o, text, input, isFile);
        }

        private static bool FileUsesInput(string f)
        {
            try { return UsesInput(File.ReadAllText(f)); } catch { return false; }
        }

        // stdin is only read when the script can look at it: $input, or begin/process/end blocks
        private static bool UsesInput(string text)
        {
            Ast ast = Parser.ParseInput(text, out _, out _);
            if (ast is ScriptBlockAst sb && (sb.ProcessBlock != null || sb.BeginBlock != null)) return true;
            return ast.Find(x => x is VariableExpressionAst v && v.VariablePath.UserPath.Equals("input", StringComparison.OrdinalIgnoreCase), true) != null;
        }

        // -File arguments: -Name stands alone and takes the next argument, -Name:value is one parameter
        private static void FileArgs(Command c, List<string> args)
        {
            foreach (string s in args)
            {
                if (s.Length > 1 && s[0] == '-' && (char.IsLetter(s[1]) || s[1] == '_'))
                {
                    int i = s.IndexOf(':');
                    if (i < 0) { c.Parameters.Add(new CommandParameter(s)); continue; }
                    string v = s.Substring(i + 1), l = v.ToLowerInvariant();
                    c.Parameters.Add(new CommandParameter(s.Substring(0, i), l == "$true" ? true : l == "$false" ? false : (object)v)); continue;
                }
                c.Parameters.Add(new CommandParameter(null, s));
            }
        }

        internal static int Invoke(Runspace rs, TheHost host, Options o, string text, IEnumerable input, bool isFile)
        {
            using PowerShell ps = PowerShell.Create(rs);
            if (isFile)
            {
                // exit N in the file of -File ends the process with N (in any other script it only ends that script)
                const BindingFlags F = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
                try { object ec = rs.GetType().GetProperty("ExecutionContext", F).GetValue(rs); ec.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", F).SetValue(ec, true); } catch (Exception) { }
                ps.AddCommand(o.File, false); FileArgs(ps.Commands.Commands[0], o.Rest); }
            else ps.AddScript(text, false);
            if (o.EncodedArgs != null) foreach (object x in o.EncodedArgs) ps.AddArgument(x);
            bool failed = false;
            try
            {
                if (o.OutputXml)
                {
                    using var w = new ClixmlWriter(Console.Out);
                    var outp = new PSDataCollection<PSObject>();
                    outp.DataAdded += (s, e) => { foreach (PSObject x in outp.ReadAll()) w.Write(x, "Output"); };
                    ps.Streams.Error.DataAdded += (s, e) => { foreach (ErrorRecord x in ps.Streams.Error.ReadAll()) { failed = true; w.Write(x, "Error"); } };
                    ps.Streams.Warning.DataAdded += (s, e) => { foreach (WarningRecord x in ps.Streams.Warning.ReadAll()) w.Write(x.Message, "Warning"); };
                    ps.Streams.Verbose.DataAdded += (s, e) => { foreach (VerboseRecord x in ps.Streams.Verbose.ReadAll()) w.Write(x.Message, "Verbose"); };
                    ps.Streams.Debug.DataAdded += (s, e) => { foreach (DebugRecord x in ps.Streams.Debug.ReadAll()) w.Write(x.Message, "Debug"); };
                    ps.Streams.Information.DataAdded += (s, e) => { foreach (InformationRecord x in ps.Streams.Information.ReadAll()) w.Write(x, "Information"); };
                    ps.Invoke(input, outp);
                }
                else
                {
                    ps.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
                    ps.AddCommand("Out-Default");
                    if (input != null) ps.Invoke(input); else ps.Invoke();
                }
                if (!isFile && !failed)
                {
                    try { object q = rs.SessionStateProxy.GetVariable("?"); if (q is bool b && !b) failed = true; } catch { }
                }
            }
            catch (Exception e)
            {
                failed = true;
                Report(rs, host, e);
            }
            if (host.ExitSet) return host.ExitCode;
            return failed ? 1 : 0;
        }

        internal static void Report(Runspace rs, TheHost host, Exception e)
        {
            ErrorRecord er = (e as IContainsErrorRecord)?.ErrorRecord ?? new ErrorRecord(e, "HostError", ErrorCategory.NotSpecified, null);
            if (e is RuntimeException re && re.ErrorRecord != null) er = re.ErrorRecord.Exception is ParentContainsErrorRecordException ? new ErrorRecord(re.ErrorRecord, re) : re.ErrorRecord;
            try
            {
                using PowerShell p2 = PowerShell.Create(rs);
                var po = PSObject.AsPSObject(er);
                po.Properties.Add(new PSNoteProperty("writeErrorStream", true));
                p2.AddCommand("Out-Default").Invoke(new object[] { po });
            }
            catch { Console.Error.WriteLine(er.ToString() + "\n" + er.InvocationInfo?.PositionMessage); }
        }

        private static int Repl(Runspace rs, TheHost host)
        {
            while (!host.ExitSet)
            {
                Console.Out.Write("PS> "); Console.Out.Flush();
                string line = Console.In.ReadLine();
                if (line == null) break;
                var sb = new StringBuilder(line);
                while (true)
                {
                    Parser.ParseInput(sb.ToString(), out _, out ParseError[] errs);
                    if (!errs.Any(x => x.IncompleteInput)) break;
                    Console.Out.Write(">> "); Console.Out.Flush();
                    line = Console.In.ReadLine();
                    if (string.IsNullOrEmpty(line)) break;
                    sb.Append('\n').Append(line);
                }
                Invoke(rs, host, new Options(), sb.ToString(), null, false);
            }
            return host.ExitCode;
        }
    }

    // flushes at every end of line and every 8k, so that a reader sees lines at once, and a result of 1 MB is still cheap
    internal sealed class FlushOnLine : TextWriter
    {
        private readonly StreamWriter w;
        public FlushOnLine(StreamWriter w) { this.w = w; NewLine = Environment.NewLine; }
        public override Encoding Encoding => w.Encoding;
        public override void Write(char c) { w.Write(c); if (c == '\n') w.Flush(); }
        public override void Write(string s) { if (string.IsNullOrEmpty(s)) return; w.Write(s); w.Flush(); }
        public override void Write(char[] b, int i, int n) { w.Write(b, i, n); w.Flush(); }
        public override void WriteLine(string s) { w.Write(s); w.Write(NewLine); w.Flush(); }
        public override void WriteLine() { w.Write(NewLine); w.Flush(); }
        public override void Flush() { w.Flush(); }
    }

    // CLIXML with stream names, as pwsh -OutputFormat XML writes it
    internal sealed class ClixmlWriter : IDisposable
    {
        private readonly object ser; private readonly MethodInfo mSer, mDone; private readonly XmlWriter xw;
        public ClixmlWriter(TextWriter o)
        {
            o.WriteLine("#< CLIXML");
            xw = XmlWriter.Create(o, new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false, CloseOutput = false });
            Type t = typeof(PSObject).Assembly.GetType("System.Management.Automation.Serializer");
            const BindingFlags F = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
            ser = t.GetConstructor(F, null, new[] { typeof(XmlWriter) }, null).Invoke(new object[] { xw });
            mSer = t.GetMethod("Serialize", F, null, new[] { typeof(object), typeof(string) }, null);
            mDone = t.GetMethod("Done", F, null, Type.EmptyTypes, null);
        }
        public void Write(object x, string stream) { lock (ser) mSer.Invoke(ser, new[] { x, stream }); }
        public void Dispose() { mDone.Invoke(ser, null); xw.Flush(); Console.Out.Flush(); }
    }

    internal static class Desktop
    {
        // PSHOST_EDITION=Desktop: look like Windows PowerShell 5.1 to scripts that only ask $PSVersionTable and $IsWindows.
        public static void Apply()
        {
            const BindingFlags S = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
            Assembly sma = typeof(PSObject).Assembly;
            try
            {
                foreach (FieldInfo f in sma.GetType("System.Management.Automation.PSVersionInfo").GetFields(S))
                    if (f.GetValue(null) is Hashtable h && h.ContainsKey("PSEdition"))
                    {
                        h["PSEdition"] = "Desktop"; h["PSVersion"] = new Version(5, 1, 22621, 4391);
                        h["CLRVersion"] = new Version(4, 0, 30319, 42000); h["BuildVersion"] = new Version(10, 0, 22621, 4391);
                    }
            }
            catch { }
        }
    }
}
