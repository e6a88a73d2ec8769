// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// pshost cmdlets: things shared by all files. Own implementation from documented behaviour.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Text;

[assembly: AssemblyVersion("7.6.9.0")]
[assembly: AssemblyTitle("pshost cmdlets")]
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("System.Management.Automation")]

namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute : Attribute
    {
        public IgnoresAccessChecksToAttribute(string n) { AssemblyName = n; }
        public string AssemblyName { get; }
    }
}

namespace PSHostCmdlets
{
    internal static class U
    {
        public static object Base(object o) => o is PSObject p ? (ReferenceEquals(p, System.Management.Automation.Internal.AutomationNull.Value) ? null : p.BaseObject is PSCustomObject ? p : p.BaseObject) : o;
        public static string[] One(string s) => new[] { s };
        public static bool WildMatchAny(string s, string[] pats)
        {
            foreach (string p in pats) if (WildcardPattern.Get(p, WildcardOptions.IgnoreCase).IsMatch(s)) return true;
            return false;
        }
        public static ErrorRecord Err(string msg, string id, ErrorCategory c, object target) => new ErrorRecord(new InvalidOperationException(msg), id, c, target);
        public static ErrorRecord ErrA(string msg, string id, ErrorCategory c, object target) => new ErrorRecord(new ArgumentException(msg), id, c, target);
        public static Encoding Enc(object o)
        {
            if (o is PSObject p) o = p.BaseObject;
            if (o == null) return new UTF8Encoding(false);
            if (o is Encoding e) return e;
            if (o is int cp) return Encoding.GetEncoding(cp);
            string s = o.ToString();
            switch (s.ToLowerInvariant())
            {
                case "utf8": case "utf-8": case "utf8nobom": case "default": case "string": case "unknown": return new UTF8Encoding(false);
                case "utf8bom": return new UTF8Encoding(true);
                case "unicode": case "utf-16": case "utf16": return new UnicodeEncoding(false, true);
                case "bigendianunicode": return new UnicodeEncoding(true, true);
                case "bigendianutf32": return new UTF32Encoding(true, true);
                case "utf32": return new UTF32Encoding(false, true);
                case "ascii": return Encoding.ASCII;
                case "ansi": return Encoding.Latin1;
                case "oem": return Encoding.Latin1;
            }
            if (int.TryParse(s, out int n)) return Encoding.GetEncoding(n);
            return Encoding.GetEncoding(s);
        }
    }

    // a named property or a calculated one (hashtable with Name/Label, Expression, ...)
    internal sealed class Prop
    {
        public string Label; public PSPropertyExpressionX Expr; public IDictionary Hash;
        public static Prop[] Parse(object[] ps, PSCmdlet c)
        {
            var l = new List<Prop>();
            if (ps != null) foreach (object o in ps) l.Add(One(o, c));
            return l.ToArray();
        }
        private static object Key(IDictionary d, params string[] names)
        {
            foreach (DictionaryEntry e in d)
            {
                string k = e.Key?.ToString() ?? "";
                foreach (string n in names) if (k.Length > 0 && n.StartsWith(k, StringComparison.OrdinalIgnoreCase)) return e.Value;
            }
            return null;
        }
        private static Prop One(object o, PSCmdlet c)
        {
            object b = o is PSObject p ? p.BaseObject : o;
            if (b is IDictionary d)
            {
                foreach (DictionaryEntry e in d)
                {
                    string k = e.Key?.ToString() ?? "";
                    bool ok = false;
                    foreach (string n in new[] { "name", "label", "expression", "ascending", "descending", "formatstring", "width", "alignment", "depth" }) if (k.Length > 0 && n.StartsWith(k, StringComparison.OrdinalIgnoreCase)) ok = true;
                    if (!ok) c.ThrowTerminatingError(new ErrorRecord(new NotSupportedException("The " + k + " key is not valid."), "DictionaryKeyUnknown", ErrorCategory.InvalidArgument, null));
                }
                object ex = U.Base(Key(d, "expression"));
                string name = U.Base(Key(d, "name") ?? Key(d, "label"))?.ToString();
                if (ex == null)
                {
                    if (name == null) c.ThrowTerminatingError(new ErrorRecord(new NotSupportedException("The hash table needs an Expression key."), "DictionaryKeyMissing", ErrorCategory.InvalidArgument, null));
                    ex = name;
                }
                var pe = ex is ScriptBlock sb ? new Microsoft.PowerShell.Commands.PSPropertyExpression(sb) : new Microsoft.PowerShell.Commands.PSPropertyExpression(ex.ToString());
                return new Prop { Hash = d, Label = name, Expr = new PSPropertyExpressionX(pe) };
            }
            if (b is ScriptBlock s2) return new Prop { Expr = new PSPropertyExpressionX(new Microsoft.PowerShell.Commands.PSPropertyExpression(s2)) };
            return new Prop { Expr = new PSPropertyExpressionX(new Microsoft.PowerShell.Commands.PSPropertyExpression(b?.ToString() ?? "")) };
        }
        public bool? Flag(string name) { if (Hash == null) return null; object v = Key(Hash, name); return v == null ? (bool?)null : LanguagePrimitives.IsTrue(v); }
    }

    internal sealed class PSPropertyExpressionX
    {
        public readonly Microsoft.PowerShell.Commands.PSPropertyExpression E;
        public PSPropertyExpressionX(Microsoft.PowerShell.Commands.PSPropertyExpression e) { E = e; }
        public bool IsScript => E.Script != null;
        public object First(PSObject o)
        {
            if (o == null) return null;
            var r = E.GetValues(o);
            if (r.Count == 0) return null;
            return r[0].Exception == null ? r[0].Result : null;
        }
        public object First(PSObject o, out bool found)
        {
            found = false;
            if (o == null) return null;
            var r = E.GetValues(o);
            if (r.Count == 0 || r[0].Exception != null) return null;
            found = true; return r[0].Result;
        }
    }

    // key comparison as in the language: numbers as numbers, strings by culture
    internal sealed class KeyComparer
    {
        private readonly bool cs; private readonly System.Globalization.CultureInfo ci;
        public KeyComparer(bool caseSensitive, string culture) { cs = caseSensitive; ci = string.IsNullOrEmpty(culture) ? System.Globalization.CultureInfo.CurrentCulture : System.Globalization.CultureInfo.GetCultureInfo(culture); }
        public int Cmp(object a, object b)
        {
            a = U.Base(a); b = U.Base(b);
            if (a == null) return b == null ? 0 : -1;
            if (b == null) return 1;
            if (!(a is string && b is string) && LanguagePrimitives.TryCompare(a, b, !cs, ci, out int r)) return r;
            string x = PSObject.AsPSObject(a).ToString(), y = PSObject.AsPSObject(b).ToString();
            return string.Compare(x, y, !cs, ci);
        }
        public bool Eq(object a, object b)
        {
            a = U.Base(a); b = U.Base(b);
            if (a == null || b == null) return a == null && b == null;
            return Cmp(a, b) == 0;
        }
    }
}
