// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.PowerShell.Commands.Internal.Format;
using PSHostCmdlets;

namespace Microsoft.PowerShell.Commands
{
    // ---- streams
    [Cmdlet(VerbsCommunications.Write, "Output")]
    public class WriteOutputCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromRemainingArguments = true)] [AllowNull, AllowEmptyCollection] public PSObject InputObject { get; set; }
        [Parameter] public SwitchParameter NoEnumerate { get; set; }
        protected override void ProcessRecord() { WriteObject(InputObject, !NoEnumerate); }
    }
    [Cmdlet(VerbsCommunications.Write, "Host")]
    public class WriteHostCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)] [Alias("Msg", "Message")] public object Object { get; set; }
        [Parameter] public SwitchParameter NoNewline { get; set; }
        [Parameter] public object Separator { get; set; } = " ";
        [Parameter] public ConsoleColor? ForegroundColor { get; set; }
        [Parameter] public ConsoleColor? BackgroundColor { get; set; }
        private string Str(object o)
        {
            if (o == null) return "";
            if (o is string s) return s;
            object b = U.Base(o);
            if (b is string s2) return s2;
            if (b is System.Xml.XmlNode x) return x.Name;
            IEnumerable en = LanguagePrimitives.GetEnumerable(o);
            if (en != null && !(b is IDictionary)) return string.Join(Str(Separator), en.Cast<object>().Select(Str));
            return PSObject.AsPSObject(o).ToString();
        }
        protected override void ProcessRecord()
        {
            var m = new HostInformationMessage { Message = Str(Object), NoNewLine = NoNewline, ForegroundColor = ForegroundColor, BackgroundColor = BackgroundColor };
            WriteInformation(m, new[] { "PSHOST" });
        }
    }
    public class WriteErrorException : SystemException { public WriteErrorException() : base("") { } public WriteErrorException(string m) : base(m) { } public WriteErrorException(string m, Exception e) : base(m, e) { } }
    [Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
    public class WriteErrorCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "WithException")] public Exception Exception { get; set; }
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "NoException", ValueFromPipeline = true)] [Parameter(ParameterSetName = "WithException")] [AllowNull, AllowEmptyString] [Alias("Msg")] public string Message { get; set; }
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ErrorRecord")] public ErrorRecord ErrorRecord { get; set; }
        [Parameter(ParameterSetName = "NoException")] [Parameter(ParameterSetName = "WithException")] public ErrorCategory Category { get; set; }
        [Parameter(ParameterSetName = "NoException")] [Parameter(ParameterSetName = "WithException")] public string ErrorId { get; set; } = "";
        [Parameter(ParameterSetName = "NoException")] [Parameter(ParameterSetName = "WithException")] public object TargetObject { get; set; }
        [Parameter] public string RecommendedAction { get; set; } = "";
        [Parameter] [Alias("Activity")] public string CategoryActivity { get; set; } = "";
        [Parameter] [Alias("Reason")] public string CategoryReason { get; set; } = "";
        [Parameter] [Alias("TargetName")] public string CategoryTargetName { get; set; } = "";
        [Parameter] [Alias("TargetType")] public string CategoryTargetType { get; set; } = "";
        protected override void ProcessRecord()
        {
            ErrorRecord er;
            if (ErrorRecord != null) er = new ErrorRecord(ErrorRecord, null);
            else
            {
                Exception e = Exception ?? new WriteErrorException(Message);
                string id = string.IsNullOrEmpty(ErrorId) ? e.GetType().FullName : ErrorId;
                er = new ErrorRecord(e, id, Category, TargetObject);
                if (Exception != null && !string.IsNullOrEmpty(Message)) er.ErrorDetails = new ErrorDetails(Message);
            }
            if (!string.IsNullOrEmpty(RecommendedAction)) { if (er.ErrorDetails == null) er.ErrorDetails = new ErrorDetails(er.ToString()); er.ErrorDetails.RecommendedAction = RecommendedAction; }
            if (CategoryActivity != "") er.CategoryInfo.Activity = CategoryActivity;
            if (CategoryReason != "") er.CategoryInfo.Reason = CategoryReason;
            if (CategoryTargetName != "") er.CategoryInfo.TargetName = CategoryTargetName;
            if (CategoryTargetType != "") er.CategoryInfo.TargetType = CategoryTargetType;
            InvocationInfo caller = GetVariableValue("MyInvocation") as InvocationInfo;
            if (caller != null) { er.SetInvocationInfo(caller); er.PreserveInvocationInfoOnce = true; if (CategoryActivity == "") er.CategoryInfo.Activity = "Write-Error"; }
            WriteError(er);
        }
    }
    public abstract class MsgCmd : PSCmdlet { [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] [AllowEmptyString] [Alias("Msg")] public string Message { get; set; } }
    [Cmdlet(VerbsCommunications.Write, "Warning")] public class WriteWarningCommand : MsgCmd { protected override void ProcessRecord() { WriteWarning(Message); } }
    [Cmdlet(VerbsCommunications.Write, "Verbose")] public class WriteVerboseCommand : MsgCmd { protected override void ProcessRecord() { WriteVerbose(Message); } }
    [Cmdlet(VerbsCommunications.Write, "Debug")] public class WriteDebugCommand : MsgCmd { protected override void ProcessRecord() { WriteDebug(Message); } }
    [Cmdlet(VerbsCommunications.Write, "Information")]
    public class WriteInformationCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] [AllowNull] [Alias("Msg", "Message")] public object MessageData { get; set; }
        [Parameter(Position = 1)] public string[] Tags { get; set; } = Array.Empty<string>();
        protected override void ProcessRecord() { WriteInformation(MessageData, Tags); }
    }
    [Cmdlet(VerbsCommunications.Write, "Progress")]
    public class WriteProgressCommand : PSCmdlet
    {
        [Parameter(Position = 0)] public string Activity { get; set; }
        [Parameter(Position = 1)] public string Status { get; set; } = "Processing";
        [Parameter(Position = 2)] public int Id { get; set; }
        [Parameter] public int PercentComplete { get; set; } = -1;
        [Parameter] public int SecondsRemaining { get; set; } = -1;
        [Parameter] public string CurrentOperation { get; set; }
        [Parameter] public int ParentId { get; set; } = -1;
        [Parameter] public SwitchParameter Completed { get; set; }
        [Parameter] public int SourceId { get; set; }
        protected override void ProcessRecord()
        {
            var r = new ProgressRecord(Id, string.IsNullOrEmpty(Activity) ? " " : Activity, string.IsNullOrEmpty(Status) ? " " : Status) { ParentActivityId = ParentId, PercentComplete = Math.Min(100, PercentComplete), SecondsRemaining = SecondsRemaining, CurrentOperation = CurrentOperation, RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing };
            WriteProgress(r);
        }
    }
    [Cmdlet(VerbsCommunications.Read, "Host", DefaultParameterSetName = "AsString")]
    public class ReadHostCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromRemainingArguments = true)] public object Prompt { get; set; }
        [Parameter(ParameterSetName = "AsSecureString")] public SwitchParameter AsSecureString { get; set; }
        [Parameter(ParameterSetName = "AsString")] public SwitchParameter MaskInput { get; set; }
        protected override void BeginProcessing()
        {
            if (Prompt != null) Host.UI.Write(Prompt + ": ");
            if (AsSecureString) WriteObject(Host.UI.ReadLineAsSecureString()); else WriteObject(Host.UI.ReadLine());
        }
    }

    // ---- date, time, random
    public enum DisplayHintType { Date, Time, DateTime }
    [Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = "net")]
    public class GetDateCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("LastWriteTime")] public DateTime Date { get => d; set { d = value; given = true; } }
        private DateTime d; private bool given;
        [Parameter] [Alias("UnixTime")] public long UnixTimeSeconds { get; set; }
        [Parameter] [ValidateRange(1, 9999)] public int Year { get; set; }
        [Parameter] [ValidateRange(1, 12)] public int Month { get; set; }
        [Parameter] [ValidateRange(1, 31)] public int Day { get; set; }
        [Parameter] [ValidateRange(0, 23)] public int Hour { get; set; }
        [Parameter] [ValidateRange(0, 59)] public int Minute { get; set; }
        [Parameter] [ValidateRange(0, 59)] public int Second { get; set; }
        [Parameter] [ValidateRange(0, 999)] public int Millisecond { get; set; }
        [Parameter] public DisplayHintType DisplayHint { get; set; } = DisplayHintType.DateTime;
        [Parameter(ParameterSetName = "UFormat", Mandatory = true)] public string UFormat { get; set; }
        [Parameter(ParameterSetName = "net")] public string Format { get; set; }
        [Parameter] public SwitchParameter AsUTC { get; set; }
        protected override void ProcessRecord()
        {
            var b = MyInvocation.BoundParameters; DateTime t = given ? d : DateTime.Now;
            if (b.ContainsKey("UnixTimeSeconds")) t = DateTimeOffset.FromUnixTimeSeconds(UnixTimeSeconds).LocalDateTime;
            if (b.ContainsKey("Year")) t = t.AddYears(Year - t.Year);
            if (b.ContainsKey("Month")) t = t.AddMonths(Month - t.Month);
            if (b.ContainsKey("Day")) t = t.AddDays(Day - t.Day);
            if (b.ContainsKey("Hour")) t = t.AddHours(Hour - t.Hour);
            if (b.ContainsKey("Minute")) t = t.AddMinutes(Minute - t.Minute);
            if (b.ContainsKey("Second")) t = t.AddSeconds(Second - t.Second);
            if (b.ContainsKey("Millisecond")) { t = t.AddMilliseconds(Millisecond - t.Millisecond); t = t.AddTicks(-(t.Ticks % 10000)); }
            if (AsUTC) t = t.ToUniversalTime();
            if (UFormat != null) { WriteObject(UF(t, UFormat)); return; }
            if (Format != null)
            {
                string f = Format;
                switch (f.ToLowerInvariant())
                {
                    case "filedateuniversal": t = t.ToUniversalTime(); f = "yyyyMMddZ"; break;
                    case "filedate": f = "yyyyMMdd"; break;
                    case "filedatetimeuniversal": t = t.ToUniversalTime(); f = "yyyyMMddTHHmmssffffZ"; break;
                    case "filedatetime": f = "yyyyMMddTHHmmssffff"; break;
                }
                WriteObject(t.ToString(f, CultureInfo.CurrentCulture)); return;
            }
            PSObject o = new PSObject(t); o.Properties.Add(new PSNoteProperty("DisplayHint", DisplayHint)); WriteObject(o);
        }
        private static string UF(DateTime t, string f)
        {
            var sb = new StringBuilder(); CultureInfo c = CultureInfo.InvariantCulture; int i = f.StartsWith("+") ? 1 : 0;
            for (; i < f.Length; i++)
            {
                if (f[i] != '%' || i + 1 >= f.Length) { sb.Append(f[i]); continue; }
                switch (f[++i])
                {
                    case 'Y': sb.Append(t.ToString("yyyy", c)); break; case 'y': sb.Append(t.ToString("yy", c)); break; case 'm': sb.Append(t.ToString("MM", c)); break; case 'd': sb.Append(t.ToString("dd", c)); break;
                    case 'H': sb.Append(t.ToString("HH", c)); break; case 'M': sb.Append(t.ToString("mm", c)); break; case 'S': sb.Append(t.ToString("ss", c)); break; case 'I': sb.Append(t.ToString("hh", c)); break; case 'p': sb.Append(t.ToString("tt", c)); break;
                    case 'b': case 'h': sb.Append(t.ToString("MMM", c)); break; case 'B': sb.Append(t.ToString("MMMM", c)); break; case 'a': sb.Append(t.ToString("ddd", c)); break; case 'A': sb.Append(t.ToString("dddd", c)); break;
                    case 'F': sb.Append(t.ToString("yyyy-MM-dd", c)); break; case 'T': case 'X': sb.Append(t.ToString("HH:mm:ss", c)); break; case 'D': case 'x': sb.Append(t.ToString("MM/dd/yy", c)); break; case 'R': sb.Append(t.ToString("HH:mm", c)); break;
                    case 'j': sb.Append(t.DayOfYear.ToString("000", c)); break; case 'u': sb.Append(t.DayOfWeek == 0 ? 7 : (int)t.DayOfWeek); break; case 'w': sb.Append((int)t.DayOfWeek); break; case 's': sb.Append(((DateTimeOffset)t).ToUnixTimeSeconds()); break;
                    case 'Z': sb.Append(t.ToString("zz", c)); break; case 'n': sb.Append('\n'); break; case 't': sb.Append('\t'); break; case '%': sb.Append('%'); break;
                    case 'e': sb.Append(t.Day.ToString(c).PadLeft(2)); break; case 'V': sb.Append(ISOWeek.GetWeekOfYear(t).ToString("00", c)); break; case 'G': sb.Append(ISOWeek.GetYear(t)); break;
                    default: sb.Append(f[i]); break;
                }
            }
            return sb.ToString();
        }
    }
    [Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Date")]
    public class NewTimeSpanCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Date")] [Alias("LastWriteTime")] public DateTime Start { get; set; }
        [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Date")] public DateTime End { get; set; }
        [Parameter(ParameterSetName = "Time")] public int Days { get; set; }
        [Parameter(ParameterSetName = "Time")] public int Hours { get; set; }
        [Parameter(ParameterSetName = "Time")] public int Minutes { get; set; }
        [Parameter(ParameterSetName = "Time")] public int Seconds { get; set; }
        [Parameter(ParameterSetName = "Time")] public int Milliseconds { get; set; }
        protected override void ProcessRecord()
        {
            if (ParameterSetName == "Time") { WriteObject(new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds)); return; }
            DateTime n = DateTime.Now; var b = MyInvocation.BoundParameters;
            WriteObject((b.ContainsKey("End") ? End : n) - (b.ContainsKey("Start") ? Start : n));
        }
    }
    [Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
    public class StartSleepCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Seconds", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [ValidateRange(0.0, 2147483.0)] public double Seconds { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Milliseconds", ValueFromPipelineByPropertyName = true)] [Alias("ms")] [ValidateRange(0, int.MaxValue)] public int Milliseconds { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "FromTimeSpan", Position = 0, ValueFromPipeline = true)] [Alias("ts")] public TimeSpan Duration { get; set; }
        private readonly ManualResetEventSlim ev = new ManualResetEventSlim();
        protected override void ProcessRecord() { ev.Wait(ParameterSetName == "Seconds" ? (int)(Seconds * 1000) : ParameterSetName == "Milliseconds" ? Milliseconds : (int)Duration.TotalMilliseconds); }
        protected override void StopProcessing() { ev.Set(); }
    }
    [Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "Number")]
    public class GetRandomCommand : PSCmdlet
    {
        [Parameter] public int SetSeed { get; set; }
        [Parameter(Position = 0, ParameterSetName = "Number")] public object Maximum { get; set; }
        [Parameter(ParameterSetName = "Number")] public object Minimum { get; set; }
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "List")] [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Shuffle")] [AllowNull] public object[] InputObject { get; set; }
        [Parameter(ParameterSetName = "Number")] [Parameter(ParameterSetName = "List")] [ValidateRange(1, int.MaxValue)] public int Count { get; set; } = 1;
        [Parameter(Mandatory = true, ParameterSetName = "Shuffle")] public SwitchParameter Shuffle { get; set; }
        private static Random shared = new Random(); private readonly List<object> l = new List<object>();
        protected override void BeginProcessing()
        {
            if (MyInvocation.BoundParameters.ContainsKey("SetSeed")) shared = new Random(SetSeed);
            if (ParameterSetName != "Number") return;
            object mx = U.Base(Maximum), mn = U.Base(Minimum);
            for (int i = 0; i < Count; i++)
            {
                if (mx is double || mn is double || mx is float || mn is float) { double a = mn == null ? 0 : LanguagePrimitives.ConvertTo<double>(mn), b = mx == null ? double.MaxValue : LanguagePrimitives.ConvertTo<double>(mx); WriteObject(a + shared.NextDouble() * (b - a)); continue; }
                long lo = mn == null ? 0 : LanguagePrimitives.ConvertTo<long>(mn), hi = mx == null ? int.MaxValue : LanguagePrimitives.ConvertTo<long>(mx);
                if (lo >= hi) ThrowTerminatingError(U.ErrA("The Minimum value (" + lo + ") cannot be greater than or equal to the Maximum value (" + hi + ").", "MinGreaterThanOrEqualMax", ErrorCategory.InvalidArgument, null));
                long r = shared.NextInt64(lo, hi); if (lo >= int.MinValue && hi <= int.MaxValue && !(mx is long) && !(mn is long)) WriteObject((int)r); else WriteObject(r);
            }
        }
        protected override void ProcessRecord() { if (InputObject != null) l.AddRange(InputObject); }
        protected override void EndProcessing()
        {
            if (ParameterSetName == "Number") return;
            int n = Shuffle ? l.Count : Math.Min(Count, l.Count);
            for (int i = 0; i < n; i++) { int j = shared.Next(i, l.Count); (l[i], l[j]) = (l[j], l[i]); WriteObject(l[i]); }
        }
    }
    [Cmdlet(VerbsCommon.New, "Guid")]
    public class NewGuidCommand : PSCmdlet { [Parameter(ParameterSetName = "Empty")] public SwitchParameter Empty { get; set; } protected override void EndProcessing() { WriteObject(Empty ? Guid.Empty : Guid.NewGuid()); } }
    [Cmdlet(VerbsCommon.Get, "Host")] public class GetHostCommand : PSCmdlet { protected override void BeginProcessing() { WriteObject(Host); } }
    [Cmdlet(VerbsCommon.Get, "Culture", DefaultParameterSetName = "Current")]
    public class GetCultureCommand : PSCmdlet
    {
        [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipeline = true)] public string[] Name { get; set; }
        protected override void ProcessRecord() { if (Name == null) WriteObject(Host.CurrentCulture); else foreach (string n in Name) WriteObject(CultureInfo.GetCultureInfo(n)); }
    }
    [Cmdlet(VerbsCommon.Get, "UICulture")] public class GetUICultureCommand : PSCmdlet { protected override void BeginProcessing() { WriteObject(Host.CurrentUICulture); } }
    [Cmdlet(VerbsCommon.Get, "PSCallStack")]
    public class GetPSCallStackCommand : PSCmdlet { protected override void ProcessRecord() { foreach (CallStackFrame f in Context.Debugger.GetCallStack()) WriteObject(f); } }
    [Cmdlet(VerbsCommon.Get, "Uptime")] public class GetUptimeCommand : PSCmdlet { protected override void ProcessRecord() { WriteObject(TimeSpan.FromMilliseconds(Environment.TickCount64)); } }
    [Cmdlet(VerbsCommon.Get, "Verb")] public class GetVerbCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipeline = true)] public string[] Verb { get; set; }
        protected override void ProcessRecord()
        {
            foreach (Type t in new[] { typeof(VerbsCommon), typeof(VerbsData), typeof(VerbsLifecycle), typeof(VerbsDiagnostic), typeof(VerbsCommunications), typeof(VerbsSecurity), typeof(VerbsOther) })
                foreach (var f in t.GetFields()) { if (Verb != null && !U.WildMatchAny(f.Name, Verb)) continue; var o = new PSObject(); o.Properties.Add(new PSNoteProperty("Verb", f.Name)); o.Properties.Add(new PSNoteProperty("Group", t.Name.Substring(5))); WriteObject(o); }
        }
    }
    [Cmdlet(VerbsCommon.Get, "TimeZone", DefaultParameterSetName = "Name")]
    public class GetTimeZoneCommand : PSCmdlet
    {
        [Parameter(ParameterSetName = "Id", Mandatory = true)] public string[] Id { get; set; }
        [Parameter(ParameterSetName = "ListAvailable", Mandatory = true)] public SwitchParameter ListAvailable { get; set; }
        [Parameter(ParameterSetName = "Name", Position = 0)] public string[] Name { get; set; }
        protected override void ProcessRecord()
        {
            if (ListAvailable) { WriteObject(TimeZoneInfo.GetSystemTimeZones(), true); return; }
            if (Id != null) { foreach (string i in Id) try { WriteObject(TimeZoneInfo.FindSystemTimeZoneById(i)); } catch (TimeZoneNotFoundException e) { WriteError(new ErrorRecord(e, "TimeZoneNotFound", ErrorCategory.InvalidArgument, i)); } return; }
            if (Name != null) { foreach (TimeZoneInfo z in TimeZoneInfo.GetSystemTimeZones()) if (U.WildMatchAny(z.StandardName, Name) || U.WildMatchAny(z.DaylightName, Name)) WriteObject(z); return; }
            TimeZoneInfo.ClearCachedData(); WriteObject(TimeZoneInfo.Local);
        }
    }

    // ---- variables and aliases
    public abstract class VarCmd : PSCmdlet
    {
        [Parameter] public string Scope { get; set; }
        protected void Try(Action a)
        {
            try { a(); }
            catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            catch (PSArgumentException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
        internal List<PSVariable> Find(string n, string[] inc, string[] exc, bool quiet)
        {
            var r = new List<PSVariable>(); string scope = Scope, name = n;
            int c = n.IndexOf(':');
            if (c > 0 && scope == null && new[] { "global", "local", "script", "private" }.Contains(n.Substring(0, c).ToLowerInvariant())) { scope = n.Substring(0, c); name = n.Substring(c + 1); }
            if (!WildcardPattern.ContainsWildcardCharacters(name))
            {
                name = WildcardPattern.Unescape(name);
                PSVariable v = scope == null ? SessionState.Internal.GetVariable(name) : SessionState.Internal.GetVariableAtScope(name, scope);
                if (v != null && (inc == null || inc.Length == 0 || U.WildMatchAny(name, inc)) && (exc == null || !U.WildMatchAny(name, exc))) r.Add(v);
                else if (v == null && !quiet) WriteError(new ErrorRecord(new ItemNotFoundException(n, "VariableNotFound", "Cannot find a variable with the name '" + n + "'."), "VariableNotFound", ErrorCategory.ObjectNotFound, n));
                return r;
            }
            var t = scope == null ? SessionState.Internal.GetVariableTable() : SessionState.Internal.GetVariableTableAtScope(scope);
            foreach (var kv in t.OrderBy(k => k.Key, StringComparer.OrdinalIgnoreCase))
                if (U.WildMatchAny(kv.Key, new[] { name }) && (inc == null || inc.Length == 0 || U.WildMatchAny(kv.Key, inc)) && (exc == null || !U.WildMatchAny(kv.Key, exc))) r.Add(kv.Value);
            return r;
        }
    }
    [Cmdlet(VerbsCommon.Get, "Variable")]
    public class GetVariableCommand : VarCmd
    {
        [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; } = { "*" };
        [Parameter] public SwitchParameter ValueOnly { get; set; }
        [Parameter] public string[] Include { get; set; }
        [Parameter] public string[] Exclude { get; set; }
        protected override void ProcessRecord() { foreach (string n in Name) Try(() => { foreach (PSVariable v in Find(n, Include, Exclude, false)) WriteObject(ValueOnly ? v.Value : v); }); }
    }
    [Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
    public class SetVariableCommand : VarCmd
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public object Value { get; set; } = AutomationNull.Value;
        [Parameter] public string[] Include { get; set; }
        [Parameter] public string[] Exclude { get; set; }
        [Parameter] public string Description { get; set; }
        [Parameter] public ScopedItemOptions Option { get => opt ?? ScopedItemOptions.None; set => opt = value; }
        private ScopedItemOptions? opt;
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SessionStateEntryVisibility Visibility { get => vis ?? SessionStateEntryVisibility.Public; set => vis = value; }
        private SessionStateEntryVisibility? vis;
        [Parameter] public SwitchParameter PassThru { get; set; }
        private readonly List<object> l = new List<object>(); private bool nameFromPipe, got;
        protected override void BeginProcessing() { nameFromPipe = !MyInvocation.BoundParameters.ContainsKey("Name"); }
        protected override void ProcessRecord()
        {
            if (nameFromPipe) { SetAll(Value); return; }
            got = true; if (!ReferenceEquals(Value, AutomationNull.Value)) l.Add(Value);
        }
        protected override void EndProcessing()
        {
            if (nameFromPipe) return;
            object v = !MyInvocation.ExpectingInput ? (ReferenceEquals(Value, AutomationNull.Value) ? null : Value) : l.Count == 0 ? null : l.Count == 1 ? l[0] : l.ToArray();
            SetAll(v);
        }
        private void SetAll(object val)
        {
            foreach (string n0 in Name)
                Try(() =>
                {
                    bool hasVal = MyInvocation.BoundParameters.ContainsKey("Value") || MyInvocation.ExpectingInput;
                    string scope = Scope, n = n0; int c = n.IndexOf(':');
                    if (c > 0 && scope == null && new[] { "global", "local", "script", "private" }.Contains(n.Substring(0, c).ToLowerInvariant())) { scope = n.Substring(0, c); n = n.Substring(c + 1); }
                    var names = WildcardPattern.ContainsWildcardCharacters(n) ? Find(n0, Include, Exclude, true).Select(v => v.Name).ToList() : new List<string> { n };
                    foreach (string nm in names)
                    {
                        if (!ShouldProcess("Name: " + nm + " Value: " + val, "Set variable")) continue;
                        PSVariable old = SessionState.Internal.GetVariableAtScope(nm, scope ?? "local");
                        PSVariable cur = old ?? (scope == null ? null : null);
                        if (cur != null)
                        {
                            if (Force && (cur.Options & ScopedItemOptions.ReadOnly) != 0) cur.SetOptions(cur.Options & ~ScopedItemOptions.ReadOnly, true);
                            if (hasVal) cur.Value = val;
                            if (Description != null) cur.Description = Description;
                            if (opt != null) cur.Options = opt.Value;
                            if (vis != null) cur.Visibility = vis.Value;
                        }
                        else
                        {
                            cur = new PSVariable(nm, val, opt ?? ScopedItemOptions.None, new Collection<Attribute>(), Description ?? "");
                            if (vis != null) cur.Visibility = vis.Value;
                            SessionState.Internal.SetVariableAtScope(cur, scope ?? "local", Force, CommandOrigin.Internal);
                        }
                        if (PassThru) WriteObject(cur);
                    }
                });
        }
    }
    [Cmdlet(VerbsCommon.New, "Variable", SupportsShouldProcess = true)]
    public class NewVariableCommand : VarCmd
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Name { get; set; }
        [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public object Value { get; set; }
        [Parameter] public string Description { get; set; }
        [Parameter] public ScopedItemOptions Option { get; set; }
        [Parameter] public SessionStateEntryVisibility Visibility { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord()
        {
            Try(() =>
            {
                if (!ShouldProcess("Name: " + Name + " Value: " + Value, "New variable")) return;
                var v = new PSVariable(Name, Value, Option, new Collection<Attribute>(), Description ?? "") { Visibility = Visibility };
                SessionState.Internal.NewVariableAtScope(v, Scope ?? "local", Force);
                if (PassThru) WriteObject(v);
            });
        }
    }
    [Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true)]
    public class RemoveVariableCommand : VarCmd
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter] public string[] Include { get; set; }
        [Parameter] public string[] Exclude { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        protected override void ProcessRecord()
        {
            foreach (string n in Name)
                Try(() =>
                {
                    foreach (PSVariable v in Find(n, Include, Exclude, false))
                        if (ShouldProcess("Name: " + v.Name, "Remove variable")) { if (Scope == null) SessionState.Internal.RemoveVariable(v, Force); else SessionState.Internal.RemoveVariableAtScope(v, Scope, Force); }
                });
        }
    }
    [Cmdlet(VerbsCommon.Clear, "Variable", SupportsShouldProcess = true)]
    public class ClearVariableCommand : VarCmd
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter] public string[] Include { get; set; }
        [Parameter] public string[] Exclude { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord() { foreach (string n in Name) Try(() => { foreach (PSVariable v in Find(n, Include, Exclude, false)) if (ShouldProcess("Name: " + v.Name, "Clear variable")) { v.Value = null; if (PassThru) WriteObject(v); } }); }
    }
    [Cmdlet(VerbsCommon.Get, "Alias", DefaultParameterSetName = "Default")]
    public class GetAliasCommand : PSCmdlet
    {
        [Parameter(Position = 0, ParameterSetName = "Default", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; } = { "*" };
        [Parameter] public string[] Exclude { get; set; }
        [Parameter] public string Scope { get; set; }
        [Parameter(ParameterSetName = "Definition")] public string[] Definition { get; set; }
        protected override void ProcessRecord()
        {
            var t = Scope == null ? SessionState.Internal.GetAliasTable() : SessionState.Internal.GetAliasTableAtScope(Scope);
            foreach (string n in Definition ?? Name)
            {
                bool any = false;
                foreach (AliasInfo a in t.Values.OrderBy(x => x.Name, StringComparer.OrdinalIgnoreCase))
                    if (U.WildMatchAny(Definition != null ? a.Definition ?? "" : a.Name, new[] { n }) && (Exclude == null || !U.WildMatchAny(a.Name, Exclude))) { any = true; WriteObject(a); }
                if (!any && !WildcardPattern.ContainsWildcardCharacters(n)) WriteError(new ErrorRecord(new ItemNotFoundException(n, "AliasNotFound", "This command cannot find a matching alias because an alias with the " + (Definition != null ? "definition" : "name") + " '" + n + "' does not exist."), "ItemNotFoundException", ErrorCategory.ObjectNotFound, n));
            }
        }
    }
    public abstract class AliasWrite : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Name { get; set; }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Value { get; set; }
        [Parameter] public string Description { get; set; } = "";
        [Parameter] public ScopedItemOptions Option { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] public string Scope { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        protected abstract bool MustBeNew { get; }
        protected override void ProcessRecord()
        {
            if (!ShouldProcess("Name: " + Name + " Value: " + Value, "Set Alias")) return;
            try
            {
                if (MustBeNew && !Force && (Scope == null ? SessionState.Internal.GetAlias(Name) : SessionState.Internal.GetAliasAtScope(Name, Scope)) != null)
                { WriteError(new ErrorRecord(new SessionStateException(Name, SessionStateCategory.Alias, "AliasAlreadyExists", "The alias is not allowed, because an alias with the name '" + Name + "' already exists.", ErrorCategory.ResourceExists), "AliasAlreadyExists", ErrorCategory.ResourceExists, Name)); return; }
                var a = new AliasInfo(Name, Value, Context, Option); a.Description = Description;
                AliasInfo r = Scope == null ? SessionState.Internal.SetAliasItem(a, Force, CommandOrigin.Internal) : SessionState.Internal.SetAliasItemAtScope(a, Scope, Force, CommandOrigin.Internal);
                if (PassThru) WriteObject(r);
            }
            catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
    }
    [Cmdlet(VerbsCommon.Set, "Alias", SupportsShouldProcess = true)] public class SetAliasCommand : AliasWrite { protected override bool MustBeNew => false; }
    [Cmdlet(VerbsCommon.New, "Alias", SupportsShouldProcess = true)] public class NewAliasCommand : AliasWrite { protected override bool MustBeNew => true; }
    [Cmdlet(VerbsCommon.Remove, "Alias")]
    public class RemoveAliasCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        protected override void ProcessRecord() { foreach (string n in Name) try { SessionState.Internal.RemoveAlias(n, Force); } catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); } }
    }

    // ---- running things
    [Cmdlet(VerbsLifecycle.Invoke, "Expression")]
    public class InvokeExpressionCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public string Command { get; set; }
        protected override void ProcessRecord()
        {
            ScriptBlock sb = InvokeCommand.NewScriptBlock(Command);
            sb.InvokeUsingCmdlet(this, false, ScriptBlock.ErrorHandlingBehavior.WriteToCurrentErrorPipe, AutomationNull.Value, Array.Empty<object>(), AutomationNull.Value, Array.Empty<object>());
        }
    }
    [Cmdlet(VerbsDiagnostic.Measure, "Command")]
    public class MeasureCommandCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(Position = 0, Mandatory = true)] public ScriptBlock Expression { get; set; }
        private readonly System.Diagnostics.Stopwatch sw = new System.Diagnostics.Stopwatch();
        protected override void ProcessRecord()
        {
            sw.Start();
            Expression.InvokeWithPipe(false, ScriptBlock.ErrorHandlingBehavior.WriteToCurrentErrorPipe, InputObject, Array.Empty<object>(), AutomationNull.Value, new Pipe { NullPipe = true }, MyInvocation, false, null, null, Array.Empty<object>());
            sw.Stop();
        }
        protected override void EndProcessing() { WriteObject(sw.Elapsed); }
    }

    // ---- formatting: the engine has the formatter, these are its front ends
    [Cmdlet(VerbsCommon.Format, "Table")] public class FormatTableCommand : OuterFormatTableBase { public FormatTableCommand() { implementation = new InnerFormatShapeCommand(FormatShape.Table); } }
    [Cmdlet(VerbsCommon.Format, "List")] public class FormatListCommand : OuterFormatTableAndListBase { public FormatListCommand() { implementation = new InnerFormatShapeCommand(FormatShape.List); } }
    [Cmdlet(VerbsCommon.Format, "Custom")] public class FormatCustomCommand : OuterFormatTableAndListBase { public FormatCustomCommand() { implementation = new InnerFormatShapeCommand(FormatShape.Complex); } }
    [Cmdlet(VerbsCommon.Format, "Wide")]
    public class FormatWideCommand : OuterFormatShapeCommandBase
    {
        public FormatWideCommand() { implementation = new InnerFormatShapeCommand(FormatShape.Wide); }
        [Parameter(Position = 0)] public object Property { get; set; }
        [Parameter] public SwitchParameter AutoSize { get => auto ?? false; set => auto = value; }
        private bool? auto;
        [Parameter] [ValidateRange(1, int.MaxValue)] public int Column { get => col ?? -1; set => col = value; }
        private int? col;
        public override FormattingCommandLineParameters GetCommandLineParameters()
        {
            var p = new FormattingCommandLineParameters { viewName = View, groupByParameter = ProcessGroupByParameter(), forceFormattingAlsoOnOutOfBand = Force, autosize = auto };
            if (Property != null) p.mshParameterList = new ParameterProcessor(new FormatWideParameterDefinition()).ProcessParameters(new[] { Property }, new TerminatingErrorContext(this));
            if (col != null) p.shapeParameters = new WideSpecificParameters { columns = col };
            return p;
        }
    }
    [Cmdlet(VerbsData.Out, "String", DefaultParameterSetName = "NoNewLineFormatting")]
    public class OutStringCommand : FrontEndCommandBase
    {
        [Parameter(ParameterSetName = "StreamFormatting")] public SwitchParameter Stream { get; set; }
        [Parameter] [ValidateRange(2, int.MaxValue)] public int Width { get; set; }
        [Parameter(ParameterSetName = "NoNewLineFormatting")] public SwitchParameter NoNewline { get; set; }
        private readonly StringBuilder sb = new StringBuilder(); private LineTap tap;
        public OutStringCommand() { implementation = new OutputManagerInner(); }
        protected override void BeginProcessing()
        {
            int w = 120;
            if (MyInvocation.BoundParameters.ContainsKey("Width")) w = Width;
            else try { int n = Host.UI.RawUI.BufferSize.Width; if (n > 2) w = n; } catch (Exception) { }   // a runspace without a host has no width
            tap = new LineTap(l => { if (Stream) WriteObject(l); else { sb.Append(l); if (!NoNewline) sb.Append(Environment.NewLine); } });
            ((OutputManagerInner)implementation).LineOutput = new TextWriterLineOutput(tap, w);
            base.BeginProcessing();
        }
        protected override void EndProcessing() { base.EndProcessing(); tap.Flush(); if (!Stream) WriteObject(sb.ToString()); }
    }
    internal sealed class LineTap : TextWriter
    {
        private readonly Action<string> a; private readonly StringBuilder cur = new StringBuilder();
        public LineTap(Action<string> a) : base(CultureInfo.CurrentCulture) { this.a = a; }
        public override Encoding Encoding => System.Text.Encoding.Unicode;
        private static readonly Regex Vt = new Regex("\\x1b\\[[0-9;]*m");
        private void Put(string s) { a(s.IndexOf('\x1b') >= 0 ? Vt.Replace(s, "") : s); }
        public override void WriteLine(string s) { if (cur.Length > 0) { s = cur + s; cur.Clear(); } Put(s); }
        public override void WriteLine() { WriteLine(""); }
        public override void Write(string s) { cur.Append(s); }
        public override void Write(char c) { cur.Append(c); }
        public override void Flush() { if (cur.Length > 0) { string s = cur.ToString(); cur.Clear(); Put(s); } }
    }
    [Cmdlet(VerbsData.Out, "File", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
    public class OutFileCommand : FrontEndCommandBase
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")] [Alias("Path")] public string FilePath { get; set; }
        [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")] [Alias("PSPath", "LP")] public string LiteralPath { get => FilePath; set => FilePath = value; }
        [Parameter(Position = 1)] public object Encoding { get; set; }
        [Parameter] public SwitchParameter Append { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] [Alias("NoOverwrite")] public SwitchParameter NoClobber { get; set; }
        [Parameter] [ValidateRange(2, int.MaxValue)] public int Width { get; set; } = int.MaxValue - 1;
        [Parameter] public SwitchParameter NoNewline { get; set; }
        private StreamWriter w; private LineTap tap;
        public OutFileCommand() { implementation = new OutputManagerInner(); }
        protected override void BeginProcessing()
        {
            string f = SessionState.Path.GetUnresolvedProviderPathFromPSPath(FilePath);
            if (ShouldProcess(f, "Output to File"))
            {
                if (NoClobber && File.Exists(f)) ThrowTerminatingError(new ErrorRecord(new IOException("The file '" + f + "' already exists."), "NoClobber", ErrorCategory.ResourceExists, f));
                if (Force && File.Exists(f)) { var at = File.GetAttributes(f); if ((at & FileAttributes.ReadOnly) != 0) File.SetAttributes(f, at & ~FileAttributes.ReadOnly); }
                try { w = new StreamWriter(new FileStream(f, Append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite), U.Enc(Encoding)); }
                catch (Exception e) when (e is IOException || e is UnauthorizedAccessException) { ThrowTerminatingError(new ErrorRecord(e, "FileOpenFailure", ErrorCategory.OpenError, f)); }
            }
            tap = new LineTap(l => { if (w == null) return; w.Write(l); if (!NoNewline) w.Write(Environment.NewLine); });
            ((OutputManagerInner)implementation).LineOutput = new TextWriterLineOutput(tap, Width);
            base.BeginProcessing();
        }
        protected override void EndProcessing() { base.EndProcessing(); tap.Flush(); w?.Dispose(); w = null; }
        protected override void InternalDispose() { base.InternalDispose(); w?.Dispose(); w = null; }
    }
    [Cmdlet(VerbsData.Out, "Host")]
    public class OutHostCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        private SteppablePipeline p;
        protected override void BeginProcessing() { p = ScriptBlock.Create("Microsoft.PowerShell.Core\\Out-Default").GetSteppablePipeline(); p.Begin(true); }
        protected override void ProcessRecord() { p.Process(InputObject); }
        protected override void EndProcessing() { p.End(); }
    }

    // ---- text and files
    public class MatchInfoContext { public string[] PreContext { get; set; } public string[] PostContext { get; set; } public string[] DisplayPreContext { get; set; } public string[] DisplayPostContext { get; set; } }
    public class MatchInfo
    {
        public bool IgnoreCase { get; set; } public int LineNumber { get; set; } public string Line { get; set; } = ""; public string Path { get; set; } = "InputStream"; public string Pattern { get; set; } public MatchInfoContext Context { get; set; } public Match[] Matches { get; set; } = Array.Empty<Match>();
        public string Filename => Path == "InputStream" ? Path : System.IO.Path.GetFileName(Path);
        public override string ToString() => Path == "InputStream" ? Line : Path + ":" + LineNumber + ":" + Line;
        public string ToString(string directory) => ToString();
        public string RelativePath(string directory) => Path;
    }
    [Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = "File")]
    public class SelectStringCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = "Object")] [AllowNull, AllowEmptyString] public PSObject InputObject { get; set; }
        [Parameter(Mandatory = true, Position = 0)] public string[] Pattern { get; set; }
        [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "File")] public string[] Path { get; set; }
        [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFile")] [Alias("PSPath", "LP")] public string[] LiteralPath { get; set; }
        [Parameter] public SwitchParameter SimpleMatch { get; set; }
        [Parameter] public SwitchParameter CaseSensitive { get; set; }
        [Parameter] public SwitchParameter Quiet { get; set; }
        [Parameter] public SwitchParameter List { get; set; }
        [Parameter] public SwitchParameter NotMatch { get; set; }
        [Parameter] public SwitchParameter AllMatches { get; set; }
        [Parameter] public SwitchParameter Raw { get; set; }
        [Parameter] public SwitchParameter NoEmphasis { get; set; }
        [Parameter] public object Encoding { get; set; }
        [Parameter] [ValidateCount(1, 2)] public int[] Context { get; set; }
        private Regex[] re; private int n; private bool found; private readonly List<string> objs = new List<string>();
        protected override void BeginProcessing() { re = Pattern.Select(p => new Regex(SimpleMatch ? Regex.Escape(p) : p, CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase)).ToArray(); }
        protected override void ProcessRecord()
        {
            if (ParameterSetName == "Object")
            {
                if (InputObject?.BaseObject is FileInfo fi) { FileLines(fi.FullName); return; }
                n++; string s = InputObject?.ToString() ?? "";
                if (Context == null) One(s, "InputStream", n, null); else objs.Add(s);
                return;
            }
            foreach (string p in Path ?? LiteralPath)
                try { foreach (string f in LiteralPath != null ? U.One(GetUnresolvedProviderPathFromPSPath(p)) : GetResolvedProviderPathFromPSPath(p, out _).ToArray()) if (File.Exists(f)) FileLines(f); else if (!Directory.Exists(f)) WriteError(new ErrorRecord(new FileNotFoundException("Cannot find path '" + f + "' because it does not exist."), "PathNotFound", ErrorCategory.ObjectNotFound, f)); }
                catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
        private void FileLines(string f) { string[] l = File.ReadAllLines(f, U.Enc(Encoding)); for (int i = 0; i < l.Length; i++) if (One(l[i], f, i + 1, l) && List) break; }
        private bool One(string s, string path, int line, string[] ctx)
        {
            foreach (Regex r in re)
            {
                Match m = r.Match(s);
                if (m.Success == (bool)NotMatch) { continue; }
                found = true; if (Quiet) return true; if (Raw) { WriteObject(s); return true; }
                var mi = new MatchInfo { IgnoreCase = !CaseSensitive, Line = s, LineNumber = line, Path = path, Pattern = Pattern[Array.IndexOf(re, r)] };
                if (!NotMatch) mi.Matches = AllMatches ? r.Matches(s).Cast<Match>().ToArray() : new[] { m };
                if (Context != null && ctx != null)
                {
                    int a = Context[0], b = Context.Length > 1 ? Context[1] : a; int z = line - 1;
                    mi.Context = new MatchInfoContext { PreContext = ctx.Skip(Math.Max(0, z - a)).Take(Math.Min(a, z)).ToArray(), PostContext = ctx.Skip(line).Take(b).ToArray() };
                    mi.Context.DisplayPreContext = mi.Context.PreContext; mi.Context.DisplayPostContext = mi.Context.PostContext;
                }
                WriteObject(mi); return true;
            }
            return false;
        }
        protected override void EndProcessing() { string[] a = objs.ToArray(); for (int i = 0; i < a.Length; i++) One(a[i], "InputStream", i + 1, a); if (Quiet) WriteObject(found); }
    }
    public class FileHashInfo { public string Algorithm { get; set; } public string Hash { get; set; } public string Path { get; set; } }
    [Cmdlet(VerbsCommon.Get, "FileHash", DefaultParameterSetName = "Path")]
    public class GetFileHashCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, ParameterSetName = "Path", Position = 0, ValueFromPipelineByPropertyName = true)] public string[] Path { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Stream", Position = 0)] public Stream InputStream { get; set; }
        [Parameter(Position = 1)] [ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")] public string Algorithm { get; set; } = "SHA256";
        private string H(Stream s) { using HashAlgorithm h = Algorithm.ToUpperInvariant() switch { "SHA1" => SHA1.Create(), "SHA384" => SHA384.Create(), "SHA512" => SHA512.Create(), "MD5" => MD5.Create(), _ => (HashAlgorithm)SHA256.Create() }; return Convert.ToHexString(h.ComputeHash(s)); }
        protected override void ProcessRecord()
        {
            if (InputStream != null) { WriteObject(new FileHashInfo { Algorithm = Algorithm.ToUpperInvariant(), Hash = H(InputStream) }); return; }
            foreach (string p in Path ?? LiteralPath)
                try
                {
                    foreach (string f in LiteralPath != null ? U.One(GetUnresolvedProviderPathFromPSPath(p)) : GetResolvedProviderPathFromPSPath(p, out _).ToArray())
                    {
                        if (Directory.Exists(f)) continue;
                        try { using FileStream s = File.OpenRead(f); WriteObject(new FileHashInfo { Algorithm = Algorithm.ToUpperInvariant(), Hash = H(s), Path = f }); }
                        catch (FileNotFoundException e) { WriteError(new ErrorRecord(e, "FileNotFound", ErrorCategory.ObjectNotFound, f)); }
                        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException) { WriteError(new ErrorRecord(e, "FileReadError", ErrorCategory.ReadError, f)); }
                    }
                }
                catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
    }
    [Cmdlet(VerbsSecurity.Unblock, "File", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
    public class UnblockFileCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")] public string[] Path { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "ByLiteralPath", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => Path; set => Path = value; }
        protected override void ProcessRecord() { if (OperatingSystem.IsWindows()) foreach (string p in Path) { string f = GetUnresolvedProviderPathFromPSPath(p); if (ShouldProcess(f)) try { File.Delete(f + ":Zone.Identifier"); } catch (IOException) { } } }
    }
    public enum TemporaryFile { }
    [Cmdlet(VerbsCommon.New, "TemporaryFile", SupportsShouldProcess = true)]
    public class NewTemporaryFileCommand : PSCmdlet { protected override void EndProcessing() { if (ShouldProcess(Path.GetTempPath())) WriteObject(new FileInfo(Path.GetTempFileName())); } }
}
