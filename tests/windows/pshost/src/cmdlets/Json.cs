// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using PSHostCmdlets;

namespace Microsoft.PowerShell.Commands
{
    public enum JsonDateKind { Default, Local, Utc, Offset, String }

    [Cmdlet(VerbsData.ConvertFrom, "Json")]
    public class ConvertFromJsonCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] [AllowEmptyString] public string InputObject { get; set; }
        [Parameter] public SwitchParameter AsHashtable { get; set; }
        [Parameter] [ValidateRange(1, int.MaxValue)] public int Depth { get; set; } = 1024;
        [Parameter] public SwitchParameter NoEnumerate { get; set; }
        [Parameter] public JsonDateKind DateKind { get; set; }
        private readonly List<string> buf = new List<string>();
        protected override void ProcessRecord() { buf.Add(InputObject); }
        protected override void EndProcessing()
        {
            if (buf.Count == 0) return;
            if (buf.Count == 1) { One(buf[0]); return; }
            bool first = false; object v = null;
            try { v = Parse(buf[0]); first = true; } catch (Exception e) when (e is ArgumentException || e is JsonException) { }
            if (first) { Emit(v); for (int i = 1; i < buf.Count; i++) One(buf[i]); }
            else One(string.Join(Environment.NewLine, buf));
        }
        private void One(string s)
        {
            object v = null;
            try { v = Parse(s); }
            catch (Exception e) when (e is ArgumentException || e is JsonException)
            {
                ThrowTerminatingError(new ErrorRecord(new ArgumentException("Conversion from JSON failed with error: " + e.Message, e), e is JsonException ? "System.ArgumentException" : "System.ArgumentException", ErrorCategory.NotSpecified, null));
            }
            Emit(v);
        }
        private void Emit(object v) { WriteObject(v, !NoEnumerate && v is object[]); }
        private object Parse(string s)
        {
            if (string.IsNullOrWhiteSpace(s)) return null;
            using var r = new JsonTextReader(new StringReader(s)) { MaxDepth = Depth, FloatParseHandling = FloatParseHandling.Double };
            r.DateParseHandling = DateKind == JsonDateKind.String ? DateParseHandling.None : DateKind == JsonDateKind.Offset ? DateParseHandling.DateTimeOffset : DateParseHandling.DateTime;
            r.DateTimeZoneHandling = DateKind == JsonDateKind.Local ? DateTimeZoneHandling.Local : DateKind == JsonDateKind.Utc ? DateTimeZoneHandling.Utc : DateTimeZoneHandling.RoundtripKind;
            Next(r);
            object v = Val(r);
            while (r.Read()) if (r.TokenType != JsonToken.Comment) throw new JsonReaderException("Additional text encountered after finished reading JSON content: " + r.Value + ". Path '" + r.Path + "', line " + r.LineNumber + ", position " + r.LinePosition + ".");
            return v;
        }
        private static void Next(JsonTextReader r) { do { if (!r.Read()) throw new JsonReaderException("Unexpected end when reading JSON. Path '" + r.Path + "', line " + r.LineNumber + ", position " + r.LinePosition + "."); } while (r.TokenType == JsonToken.Comment); }
        private object Val(JsonTextReader r)
        {
            switch (r.TokenType)
            {
                case JsonToken.StartArray:
                    var l = new List<object>();
                    while (true) { Next(r); if (r.TokenType == JsonToken.EndArray) return l.ToArray(); l.Add(Val(r)); }
                case JsonToken.StartObject:
                    if (AsHashtable)
                    {
                        var h = new OrderedHashtable();
                        while (true) { Next(r); if (r.TokenType == JsonToken.EndObject) return h; string k = (string)r.Value; Next(r); h[k] = Val(r); }
                    }
                    var o = new PSObject(); var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    while (true)
                    {
                        Next(r);
                        if (r.TokenType == JsonToken.EndObject) return o;
                        string k = (string)r.Value;
                        if (k.Length == 0) throw new ArgumentException("The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.");
                        bool dup = seen.TryGetValue(k, out string other);
                        if (dup && other != k) throw new ArgumentException("Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '" + other + "' was '" + k + "'.");
                        Next(r); object v = Val(r);
                        if (dup) o.Properties.Remove(k); else seen[k] = k;
                        o.Properties.Add(new PSNoteProperty(k, v), true);
                    }
                case JsonToken.Integer: case JsonToken.Float: case JsonToken.Boolean: case JsonToken.String: case JsonToken.Date: case JsonToken.Bytes: return r.Value;
                case JsonToken.Null: case JsonToken.Undefined: return null;
                default: throw new JsonReaderException("Unexpected token " + r.TokenType + " when parsing JSON. Path '" + r.Path + "', line " + r.LineNumber + ", position " + r.LinePosition + ".");
            }
        }
    }

    [Cmdlet(VerbsData.ConvertTo, "Json")]
    public class ConvertToJsonCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] [AllowNull] public object InputObject { get; set; }
        [Parameter] [ValidateRange(0, 100)] public int Depth { get; set; } = 2;
        [Parameter] public SwitchParameter Compress { get; set; }
        [Parameter] public SwitchParameter EnumsAsStrings { get; set; }
        [Parameter] public SwitchParameter AsArray { get; set; }
        [Parameter] public StringEscapeHandling EscapeHandling { get; set; } = StringEscapeHandling.Default;
        private readonly List<object> items = new List<object>(); private bool warned;
        protected override void ProcessRecord() { items.Add(InputObject); }
        protected override void EndProcessing()
        {
            if (items.Count == 0) return;
            object o = items.Count > 1 || AsArray ? (object)items : items[0];
            object c = Conv(o, 0);
            var sw = new StringWriter(CultureInfo.InvariantCulture);
            using (var w = new JsonTextWriter(sw) { Formatting = Compress ? Formatting.None : Formatting.Indented, StringEscapeHandling = EscapeHandling, Culture = CultureInfo.InvariantCulture })
                Write(w, c);
            WriteObject(sw.ToString());
        }
        private static void Write(JsonTextWriter w, object o)
        {
            switch (o)
            {
                case null: w.WriteNull(); break;
                case JToken t: t.WriteTo(w); break;
                case OrderedDictionary d:
                    w.WriteStartObject();
                    foreach (DictionaryEntry e in d) { w.WritePropertyName((string)e.Key); Write(w, e.Value); }
                    w.WriteEndObject(); break;
                case List<object> l: w.WriteStartArray(); foreach (object x in l) Write(w, x); w.WriteEndArray(); break;
                case BigInteger b: w.WriteRawValue(b.ToString(CultureInfo.InvariantCulture)); break;
                default: w.WriteValue(o); break;
            }
        }
        private object Conv(object obj, int level)
        {
            if (Stopping) throw new PipelineStoppedException();
            PSObject pso = obj as PSObject;
            if (pso != null) { if (ReferenceEquals(pso, System.Management.Automation.Internal.AutomationNull.Value)) return null; obj = pso.BaseObject; }
            if (obj == null || obj is DBNull || obj.GetType().FullName == "System.Management.Automation.Language.NullString") return null;
            switch (obj)
            {
                case string _: case char _: case bool _: case DateTime _: case DateTimeOffset _: case Guid _: case Uri _: case double _: case float _: case decimal _: case BigInteger _: return obj;
                case JObject jo: return jo;
            }
            Type t = obj.GetType();
            if (t.IsPrimitive) return obj;
            if (t.IsEnum)
            {
                if (EnumsAsStrings) return obj.ToString();
                Type ut = Enum.GetUnderlyingType(t);
                return ut == typeof(ulong) ? (object)Convert.ToUInt64(obj) : Convert.ToInt64(obj);
            }
            if (level > Depth)
            {
                if (!warned) { warned = true; WriteWarning("Resulting JSON is truncated as serialization has exceeded the set depth of " + Depth + "."); }
                return pso != null && obj is PSCustomObject ? LanguagePrimitives.ConvertTo<string>(pso) : PSObject.AsPSObject(obj).ToString();
            }
            object rv; bool isCustom = obj is PSCustomObject; bool dictOrCust = isCustom;
            if (isCustom)
            {
                var d0 = new OrderedDictionary(); AppendExtended(d0, pso ?? PSObject.AsPSObject(obj), level, true); return d0;
            }
            if (obj is IDictionary id)
            {
                var d = new OrderedDictionary();
                foreach (DictionaryEntry e in Entries(id)) { string k = e.Key is string s ? s : LanguagePrimitives.ConvertTo<string>(e.Key); d[k] = Conv(e.Value, level + 1); }
                rv = d; dictOrCust = true;
            }
            else if (obj is IEnumerable en)
            {
                var l = new List<object>();
                foreach (object x in en) l.Add(Conv(x, level + 1));
                rv = l;
            }
            else
            {
                var d = new OrderedDictionary();
                foreach (FieldInfo f in t.GetFields(BindingFlags.Public | BindingFlags.Instance))
                {
                    if (Ignored(f)) continue;
                    object v; try { v = f.GetValue(obj); } catch { v = null; }
                    d[f.Name] = Conv(v, level + 1);
                }
                foreach (PropertyInfo p in t.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    if (Ignored(p)) continue;
                    MethodInfo g = p.GetGetMethod();
                    if (g == null || g.GetParameters().Length > 0) continue;
                    object v; try { v = g.Invoke(obj, null); } catch { v = null; }
                    d[p.Name] = Conv(v, level + 1);
                }
                rv = d; dictOrCust = true;
            }
            if (pso != null)
            {
                bool any = false;
                foreach (PSPropertyInfo p in Ext(pso, rv is OrderedDictionary && !(obj is IDictionary))) { any = true; break; }
                if (any)
                {
                    if (rv is OrderedDictionary od) AppendExtended(od, pso, level, !(obj is IDictionary));
                    else { var d = new OrderedDictionary { ["value"] = rv }; AppendExtended(d, pso, level, false); rv = d; }
                }
            }
            return rv;
        }
        private static IEnumerable<DictionaryEntry> Entries(IDictionary d) { IDictionaryEnumerator e = d.GetEnumerator(); while (e.MoveNext()) yield return e.Entry; }
        private static bool Ignored(MemberInfo m) => m.IsDefined(typeof(JsonIgnoreAttribute), true) || m.IsDefined(typeof(HiddenAttribute), true);
        // members added to the object: instance members; for plain .NET objects also those of the type table
        private static IEnumerable<PSPropertyInfo> Ext(PSObject o, bool types)
        {
            foreach (PSMemberInfo m in o.Members)
            {
                if (!(m is PSPropertyInfo p)) continue;
                if (p is PSAdaptedMarker) continue;
                bool adapted = p is PSProperty;
                if (adapted && !(o.BaseObject is PSCustomObject)) continue;
                if (!p.IsInstance && !types) continue;
                if (!p.IsInstance && !(p is PSNoteProperty || p is PSScriptProperty || p is PSCodeProperty || p is PSAliasProperty)) continue;
                yield return p;
            }
        }
        private sealed class PSAdaptedMarker { }
        private void AppendExtended(OrderedDictionary d, PSObject o, int level, bool types)
        {
            foreach (PSPropertyInfo p in Ext(o, types))
            {
                if (d.Contains(p.Name)) continue;
                object v; try { v = p.Value; } catch (Exception) { v = null; }
                d[p.Name] = Conv(v, level + 1);
            }
        }
    }

    // -------- CSV
    internal static class Csv
    {
        public static string Quote(string s) => "\"" + s.Replace("\"", "\"\"") + "\"";
        public static List<string[]> Read(TextReader r, char d)
        {
            var rows = new List<string[]>(); var row = new List<string>(); var sb = new StringBuilder(); int c; bool q = false, any = false, wasQ = false;
            void Field() { row.Add(wasQ ? sb.ToString() : sb.ToString().Trim(' ')); sb.Clear(); wasQ = false; }
            void Row() { Field(); if (!(row.Count == 1 && row[0].Length == 0 && !any)) rows.Add(row.ToArray()); row.Clear(); any = false; }
            while ((c = r.Read()) >= 0)
            {
                char ch = (char)c;
                if (q) { if (ch == '"') { if (r.Peek() == '"') { sb.Append('"'); r.Read(); } else q = false; } else sb.Append(ch); continue; }
                if (ch == '"' && sb.ToString().Trim().Length == 0) { sb.Clear(); q = true; any = true; wasQ = true; }
                else if (ch == d) { Field(); any = true; }
                else if (ch == '\r') { if (r.Peek() == '\n') r.Read(); Row(); }
                else if (ch == '\n') Row();
                else { if (wasQ && ch == ' ') continue; sb.Append(ch); any = true; }
            }
            if (sb.Length > 0 || row.Count > 0 || any) Row();
            return rows;
        }
    }
    public abstract class CsvOut : PSCmdlet
    {
        internal PSObject obj;
        [Parameter(Position = 1)] public char Delimiter { get; set; } = ',';
        [Parameter] public SwitchParameter UseCulture { get; set; }
        [Parameter] [Alias("ITI")] public SwitchParameter IncludeTypeInformation { get; set; }
        [Parameter] [Alias("NTI")] public SwitchParameter NoTypeInformation { get; set; }
        [Parameter] public SwitchParameter NoHeader { get; set; }
        [Parameter] [Alias("UQ")] [ValidateSet("Never", "Always", "AsNeeded")] public string UseQuotes { get; set; } = "Always";
        [Parameter] [Alias("QF")] public string[] QuoteFields { get; set; }
        protected string[] names; protected bool skipHeader;
        private string F(string name, object v)
        {
            if (v == null) return "";
            string s = v is PSObject p ? p.ToString() : v is IFormattable f ? f.ToString(null, CultureInfo.CurrentCulture) : PSObject.AsPSObject(v).ToString();
            if (v is DateTime || v is string) s = LanguagePrimitives.ConvertTo<string>(v) is string z && v is string ? z : s;
            return Q(name, s);
        }
        private string Q(string name, string s)
        {
            if (QuoteFields != null) return QuoteFields.Contains(name, StringComparer.OrdinalIgnoreCase) ? Csv.Quote(s) : s;
            if (UseQuotes == "Never") return s;
            if (UseQuotes == "AsNeeded") return s.IndexOfAny(new[] { Delimiter, '"', '\r', '\n' }) >= 0 ? Csv.Quote(s) : s;
            return Csv.Quote(s);
        }
        protected IEnumerable<string> Lines()
        {
            if (obj == null) yield break;
            if (UseCulture) Delimiter = CultureInfo.CurrentCulture.TextInfo.ListSeparator[0];
            bool dict = obj.BaseObject is IDictionary;
            if (names == null)
            {
                names = dict ? ((IDictionary)obj.BaseObject).Keys.Cast<object>().Select(k => k.ToString()).ToArray() : obj.Properties.Select(p => p.Name).ToArray();
                if (!skipHeader)
                {
                    if (IncludeTypeInformation) yield return "#TYPE " + obj.TypeNames[0].Replace("Selected.", "");
                    if (!NoHeader) yield return string.Join(Delimiter, names.Select(n => Q(n, n)));
                }
            }
            var sb = new StringBuilder(); bool first = true;
            foreach (string n in names)
            {
                if (!first) sb.Append(Delimiter); first = false;
                object v = null;
                try { v = dict ? ((IDictionary)obj.BaseObject)[n] : obj.Properties[n]?.Value; } catch (GetValueException) { }
                sb.Append(F(n, v));
            }
            yield return sb.ToString();
        }
    }
    [Cmdlet(VerbsData.ConvertTo, "Csv")]
    public class ConvertToCsvCommand : CsvOut { [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public PSObject InputObject { get => obj; set => obj = value; } protected override void ProcessRecord() { foreach (string s in Lines()) WriteObject(s); } }
    [Cmdlet(VerbsData.Export, "Csv", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
    public class ExportCsvCommand : CsvOut
    {
        [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public PSObject InputObject { get => obj; set => obj = value; }
        [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true)] public string Path { get; set; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)] [Alias("PSPath", "LP")] public string LiteralPath { get => Path; set => Path = value; }
        [Parameter] public SwitchParameter Append { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] [Alias("NoOverwrite")] public SwitchParameter NoClobber { get; set; }
        [Parameter] public object Encoding { get; set; }
        private StreamWriter w;
        protected override void BeginProcessing()
        {
            string f = GetUnresolvedProviderPathFromPSPath(Path);
            if (!ShouldProcess(f, "Export-Csv")) return;
            if (NoClobber && File.Exists(f)) ThrowTerminatingError(new ErrorRecord(new IOException("The file '" + f + "' already exists."), "NoClobber", ErrorCategory.ResourceExists, f));
            if (Append && File.Exists(f) && new FileInfo(f).Length > 0) { using var r = new StreamReader(f); var rows = Csv.Read(new StringReader(r.ReadLine() ?? ""), Delimiter); if (rows.Count > 0) { names = rows[0]; skipHeader = true; } }
            w = new StreamWriter(f, Append, U.Enc(Encoding));
        }
        protected override void ProcessRecord() { if (w != null) foreach (string s in Lines()) w.WriteLine(s); }
        protected override void EndProcessing() { w?.Dispose(); }
        protected override void StopProcessing() { w?.Dispose(); }
    }
    public abstract class CsvIn : PSCmdlet
    {
        [Parameter] public string[] Header { get; set; }
        internal void Emit(TextReader r, char d)
        {
            var rows = Csv.Read(r, d); string type = null; int i = 0;
            while (i < rows.Count && rows[i].Length > 0 && rows[i][0].StartsWith("#")) { if (rows[i][0].StartsWith("#TYPE ")) type = rows[i][0].Substring(6); i++; }
            string[] h = Header; if (h == null) { if (i >= rows.Count) return; h = rows[i++]; int n = 1; for (int k = 0; k < h.Length; k++) if (h[k].Length == 0) h[k] = "H" + n++; }
            for (; i < rows.Count; i++)
            {
                var o = new PSObject();
                for (int k = 0; k < h.Length; k++) o.Properties.Add(new PSNoteProperty(h[k], k < rows[i].Length ? rows[i][k] : null), true);
                if (type != null) { o.TypeNames.Insert(0, "CSV:" + type); }
                WriteObject(o);
            }
        }
    }
    [Cmdlet(VerbsData.ConvertFrom, "Csv")]
    public class ConvertFromCsvCommand : CsvIn
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] [AllowEmptyString] public PSObject[] InputObject { get; set; }
        [Parameter(Position = 1)] public char Delimiter { get; set; } = ',';
        private readonly StringBuilder sb = new StringBuilder();
        protected override void ProcessRecord() { foreach (PSObject s in InputObject) sb.Append(s?.ToString()).Append('\n'); }
        protected override void EndProcessing() { Emit(new StringReader(sb.ToString()), Delimiter); }
    }
    [Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "Path")]
    public class ImportCsvCommand : CsvIn
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Path")] public string[] Path { get; set; }
        [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")] [Alias("PSPath", "LP")] public string[] LiteralPath { get => Path; set { Path = value; lit = true; } }
        private bool lit;
        [Parameter(Position = 1)] public char Delimiter { get; set; } = ',';
        [Parameter] public object Encoding { get; set; }
        protected override void ProcessRecord()
        {
            foreach (string p in Path)
                foreach (string f in lit ? U.One(GetUnresolvedProviderPathFromPSPath(p)) : GetResolvedProviderPathFromPSPath(p, out _).ToArray())
                    try { using var r = new StreamReader(f, U.Enc(Encoding)); Emit(r, Delimiter); }
                    catch (IOException e) { WriteError(new ErrorRecord(e, "FileOpenFailure", ErrorCategory.OpenError, f)); }
        }
    }
    [Cmdlet(VerbsData.Export, "Clixml", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
    public class ExportClixmlCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path")] public string Path { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")] [Alias("PSPath", "LP")] public string LiteralPath { get => Path; set => Path = value; }
        [Parameter(Mandatory = true, ValueFromPipeline = true)] [AllowNull] public PSObject InputObject { get; set; }
        [Parameter] public int Depth { get; set; } = 2;
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public object Encoding { get; set; }
        private readonly List<object> l = new List<object>();
        protected override void ProcessRecord() { l.Add(InputObject); }
        protected override void EndProcessing()
        {
            string f = GetUnresolvedProviderPathFromPSPath(Path);
            if (!ShouldProcess(f, "Export-Clixml")) return;
            using var xw = System.Xml.XmlWriter.Create(f, new System.Xml.XmlWriterSettings { Indent = true, Encoding = U.Enc(Encoding), OmitXmlDeclaration = true, CheckCharacters = false });
            var s = new Serializer(xw, Depth, true);
            foreach (object o in l) s.Serialize(o);
            s.Done();
        }
    }
    [Cmdlet(VerbsData.Import, "Clixml", DefaultParameterSetName = "Path")]
    public class ImportClixmlCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Path")] public string[] Path { get; set; }
        [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")] [Alias("PSPath", "LP")] public string[] LiteralPath { get => Path; set => Path = value; }
        protected override void ProcessRecord() { foreach (string p in Path) foreach (object o in PSSerializer.DeserializeAsList(File.ReadAllText(GetUnresolvedProviderPathFromPSPath(p)))) WriteObject(o); }
    }
    // ConvertFrom-Json -AsHashtable: keys keep their order and are case sensitive
    public class OrderedHashtable : Hashtable
    {
        private readonly List<object> order = new List<object>();
        public override object this[object k] { get => base[k]; set { if (!base.ContainsKey(k)) order.Add(k); base[k] = value; } }
        public override void Add(object k, object v) { base.Add(k, v); order.Add(k); }
        public override void Remove(object k) { base.Remove(k); order.Remove(k); }
        public override void Clear() { base.Clear(); order.Clear(); }
        public override ICollection Keys => order.ToArray();
        public override ICollection Values => order.Select(k => base[k]).ToArray();
        public override IDictionaryEnumerator GetEnumerator() => new En(this);
        private sealed class En : IDictionaryEnumerator
        {
            private readonly OrderedHashtable h; private int i = -1; private readonly object[] ks;
            public En(OrderedHashtable h) { this.h = h; ks = h.order.ToArray(); }
            public DictionaryEntry Entry => new DictionaryEntry(ks[i], h[ks[i]]);
            public object Key => ks[i]; public object Value => h[ks[i]]; public object Current => Entry;
            public bool MoveNext() => ++i < ks.Length; public void Reset() { i = -1; }
        }
    }
}
