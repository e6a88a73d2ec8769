# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Keeps secrets out of everything that leaves a guest: by the key that a value has, and by the form of a text.

``_WinSharedMasking.psm1`` does the same on Windows: it has these expressions, and one table of cases holds for both.
Their time is in proportion to the text: lines are cut first, and what repeats is bounded where the rest may not follow.
"""

import binascii
import functools
import re

MASK = "***"
MAX_LINE = 4096
"""Characters of a line that an expression sees."""

WORDS_BEFORE = 8
"""Words of a command before one that may say what it is: more than the longest sentence of SAYS has."""

NAME = (
    r"(?:(?<!no)pass(?:w(?:or)?[dt]|phrase|code)|kennwort|(?<![a-z])pass(?![a-z]|:[ \t]+-)|(?!(?-i:PWD)=/)pwd|secret"
    r"|(?:db|root|user|admin|smtp|sql|require|mail|ftp|ldap|jdbc|snmp|store|key)pass(?![a-z])"
    r"|(?<=_)pat(?![a-z])|sshpass(?==)|(?<![a-z])(?:bind|root)?pw(?![a-z])|masterauth(?![a-z])"
    r"|(?<!publickey)token|(?<!load)credential|(?<![a-z])psk(?![a-z])|authorization|(?<![a-z])auth(?![\w.-])|cookie|signature(?!s)"
    r"|(?<![a-z])sig(?![a-z])|containerid|connection[ _-]?string|(?<!public)[_-]key\d{0,2}(?![a-z])"
    r"|(?:account|access|api|shared|storage|private|encryption|signing|master|primary|secondary|session|function"
    r"|subscription|client|auth)[ _-]?key(?![a-z])|key[ _-]?material)"
)
"""What the name of a secret holds."""

PLAIN_END = (
    r"(?:path|file(?:name)?|dir(?:ectory)?|folder|name|length|size|count|type|ur[il]|endpoint|expir(?:y|es|ed|ation)"
    r"|timeout|ttl|age|policy|algorithm|encryption|status|state|version|format|provider|required|enabled|disabled|cryptid|stdin"
    r"|authentication|ya?ml|json|conf|py)"
)
"""How a name ends that only speaks of a secret."""

HARMLESS = r"(?:\w|yes|no|true|false|on|off|none|null|\(null\)|pass:|\d{1,2}|\*{3,}|[})\]]{1,4})"
"""Values that are no secrets under any name, and what closes behind none."""

QUOTE = r"(?:\\{0,4}[\"']|&quot;)"
SIGN = (
    r"(?:\\{0,4}[\"'\]]|&quot;){0,2}[ \t]{0,8}"
    r"(?:(?::=|=>|={1,3}(?![=>])|:(?!=))[ \t]{0,8}(?:[bnru](?=[\"']))?|>(?=[^\s<])"
    r"|[\"', \t][ \t]{0,4}[\"']?value[\"']?[ \t]{0,4}[:=][ \t]{0,4}"
    r"|</(?:key|name)>\s{0,64}<(?:string|value|data)>(?=[^\s<])"
    r"|[ \t]{1,8}(?:(?:/t[ \t]{1,8})?reg_[a-z_]{2,16}[ \t]{1,8}(?:/d[ \t]{1,8})?(?!/d[ \t])|/d[ \t]{1,8}))"
)
"""What stands between a name and its value: in env, INI, YAML, JSON (inside a text, too), XML, the registry, and
name/value pairs."""

BEGIN = r"(?:(?<![\w./-])|/(?![\w.-]{1,128}[\"']?:(?:[ \t]|$)))[\w.-]{0,128}?"
"""The part of a name before NAME; not where it is the end of a path that a message is about."""

END = r"(?![\w.-]{0,64}" + PLAIN_END + r"%s)[\w.-]{0,64}"
KEY = BEGIN + NAME + END % SIGN + SIGN
VALUE = (
    r"(?:(?<=[\w\"']>)(?!" + HARMLESS + r"<)[^<\r\n]+"
    r"|(?!(?:" + QUOTE + HARMLESS + QUOTE + r"|" + HARMLESS + r")(?:[\s\"'\\&;,}\])<]|$))"
    r"(?:(" + QUOTE + r")(?:(?!\2)(?:\\.|[^\r\n]))*(?:\2[^\s,;}\])]*)?|\S+))"
)
"""A value inside a line: up to the next tag, what quotes enclose, or up to the next blank."""

JSON = (
    END % QUOTE + QUOTE + r"\s{0,64}:\s{0,64}[bnru]?)(?!" + QUOTE + HARMLESS + QUOTE + r"\s{0,64}[,}\]])"
    r"(" + QUOTE + r")(?:(?!\2[ \t]{0,8}(?:[,}\])]|$))(?:\\.|[^\r\n]))+(?:\2)?"
)
"""A value that JSON quotes. Without its backslashes it holds bare quotes: it ends where the next may follow."""

PAIR = (
    END % QUOTE + QUOTE + r"\s{0,64},\s{0,64}[bnru]?)(?!" + QUOTE + r"(?-i:[A-Z]?[a-z_ -]*)[\"'\\])"
    r"(" + QUOTE + r")(?!" + HARMLESS + r"\2)(?:(?!\2)[^\r\n]){1,512}(?=\2\s{0,64}[)\]])"
)
"""The second of two in brackets, as code shows headers; ordinary words are a list of names."""

BRACKETS = (
    r"()(?!" + HARMLESS + r"[ \t]{0,8}[,;})\]])(?![\\\"'&\s])[^\r\n]{1,512}?"
    r"(?=[ \t]{0,8}(?:[,;][ \t]{0,8}[\"']?[\w.-]{1,64}[\"']?[ \t]{0,4}[:=]|[})\]](?:[\s,;.})\]]|$)))"
)
"""A value without quotes between brackets, with its blanks: up to the next key or to what closes."""

REST = r"()(?!" + QUOTE + r"?" + HARMLESS + r"[\"'\\&;,}\])<\s]{0,8}(?:[#\r\n]|$))(?=\S)[^\r\n]+"
"""A value up to the end of its line."""

BLOCK = (
    r"(?:[|>][-+0-9]{0,2})?[ \t]{0,8}(?:#[^\r\n]{0,256})?(?=\r?\n)"
    r"(?:\r?\n(?:\3(?(4)[ \t]{3,64}|[ \t]{1,64})\S[^\r\n]*|[ \t]{0,256}(?=\r?\n\3[ \t]{1,64}\S)))+"
)
"""A value in the lines below its name, further in: a block of YAML, or an option of INI that goes on.

Group 3 is what the line of the name begins with, group 4 the dash of a list behind it.
"""

SAYS = (
    r"(?:(?:[ \t]{1,8}(?:for|of)[ \t]{1,8}\S{1,64})?[ \t]{1,8}(?:is|was)(?:[ \t]{0,4}:)?"
    r"|(?:[ \t]{1,8}(?:for|of)[ \t]{1,8}[^\s:=]{1,64}|[ \t]{0,8}\([^()\r\n]{1,64}\))[ \t]{0,4}[:=])[ \t]{1,8}"
)
"""A sentence about a secret: password for svc is ..., password (svc): ..."""

SAID = (
    r"(?=[\"']?[^\s\"']{0,64}(?:\d|[!@#$%^&*](?=\w)))(?=[\"']?[^\s\"']{0,64}[a-z])(?=[\"']?[^\s\"']{6})"
    r"(?![\"']?(?:(?:base|md|sha-?|oauth|utf-?|aes-?|rsa-?|v|0x[\da-f]*)\d"
    r"|\d{1,4}-?(?:bit|byte|char(?:acter)?|day|hour|minute|second|[km]?i?b)s?\b))"
)
"""A value that a sentence gives is no ordinary word, version, length or code."""

WORD = r"(?![-=}]|\*{3}|(?-i:\$\{?[A-Z_]{2,}|%[A-Z_]{2,}%))(?:([\"'])(?:(?!\2)[^\r\n])+\2?|[^\s\"']\S*)"
"""A word of a command that is a secret, no option and no variable."""

NAMED = (
    r"^(()([ \t]{0,256})(?:[#;][ \t#;]{0,8}|export[ \t]{1,8}|(-[ \t]{1,8}))?[\"']?"
    + KEY
    + r")(?:"
    + BLOCK
    + r"|"
    + REST
    + r")",
    r"^([ \t]{0,256}w(?:pa|ep|ireless)-[\w-]{0,64}?(?:psk|pass|key)[\w-]{0,64}[ \t]{1,32})" + REST,
    r"((?:authorization|cookie)" + SIGN + r")(?![\\\"'&])" + REST,
    r"(" + BEGIN + NAME + JSON,
    r"((?<!\w)[(\[]\s{0,64}[bu]?" + QUOTE + BEGIN + NAME + PAIR,
    r"([{(\[,;][ \t]{0,8}[\"']?" + KEY + r")" + BRACKETS,
    r"(" + KEY + r")" + VALUE,
    r"((?<![\w-])--?[\w.-]{0,128}?"
    + NAME
    + END % r"(?![\w-])"
    + r"(?:[ \t]{1,8}|[ \t]{0,8}[\\`]\r?\n[ \t]{0,64}))(?![-\\`\r\n]|\([a-z]{2,16}-)"
    + VALUE,
    r"(" + BEGIN + NAME + END % r"(?![\w-])" + SAYS + r")" + SAID + VALUE,
    r"((?:^(?=[ \t]{0,256}\S{1,256}[ \t]{1,32}\S{1,256}[ \t]{0,8}\r?$)[ \t]{0,256}"
    r"|(?<![\w.-])set(?:_network[ \t]{1,4}\d{1,4})?[ \t]{1,4})[\w.-]{0,128}?"
    + NAME
    + END % r"[ \t]"
    + r"[ \t]{1,32})"
    + SAID
    + VALUE,
)
"""Values behind a name: assignments, headers, pairs, options of a command, sentences, lines of two words.

Group 1 stays, so does group 2 on both sides.
"""

WHOLE = r"(" + KEY + r")" + REST
"""A value in a word of a command that has blanks: quotes enclosed it there, and where it ends is not known."""

ARGUMENTS = r"(?:\.exe)?[\"']?(?=[ \t])[^\r\n|;&]{0,256}?[ \t][\"']?"
"""What stands between a command and one of its options."""

FORMS = (
    r"((?<![\w-])(?:(?:-u|--(?:proxy-)?user)[ \t=]{1,4}|curl"
    + ARGUMENTS
    + r"(?-i:-[uU])))(?![\"']?(?:\d+:\d|[a-z]{2,8}://))"
    r"(?:([\"'])[\w.\\@/+-]{1,128}:(?:(?!\2)[^\r\n])+\2?|[\w.\\@/+-]{1,128}:\S+)",
    r"((?<![\w-])(?:bearer|sharedkey(?:lite)?|sharedaccesssignature)[ \t]{1,8})"
    r"()(?!(?:tokens?|auth|authentication|authorization|scheme|realm|error)(?:[\s=:.,;]|$)|\*{3})[^\s\"']+",
    r"((?<![\w-])(?:basic|negotiate|ntlm)[ \t]{1,8})"
    r"()(?=[\w+/.=-]{0,256}(?:\d|[+/=]|(?-i:[a-z][A-Z])))[\w+/.=-]{6,}",
    r"((?<![\w-])(?:sshpass[ \t]{1,8}-p|ConvertTo-SecureString(?:[ \t]{1,8}-(?:String|AsPlainText|Force)){0,3}"
    r"(?=[ \t]))[ \t]{0,8})()(?:\"[^\"\r\n]{1,1024}\"?|'[^'\r\n]{1,1024}'?|(?![\s\"'$(|:*})\]-])\S+)",
    r"((?<![\w-])sshpass[ \t]{1,8}[\"']-p)()[^\"'\r\n]{1,1024}",
    r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-Lines: \d{1,4})()(?!\*)[\sA-Za-z0-9+/=\\]+",
    r"()()(?<![\w.-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?",
    r"()()(?<![\w.-])(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[\w-]{16,}"
    r"|dckr_pat_[\w-]{20,}|(?-i:SG)\.[\w-]{16,}\.[\w-]{16,}|tskey-[a-z]{2,8}-[\w-]{16,}|sk-(?:proj|ant|svcacct|admin)-[\w-]{16,}"
    r"|sk-[A-Za-z0-9]{40,}|xox[a-z]-[\w-]{12,}|xapp-[\w-]{12,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[\w-]{16,}|hv[sb]\.[\w-]{20,}"
    r"|AIza[\w-]{30,}|AGE-SECRET-KEY-1\w{16,}"
    r"|[rs]k_live_\w{16,}|[\w~.-]{3}\dQ~[\w~.-]{30,})",
    r"((?<![\w-])(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{1,20}/"
    r"|[\w-]{1,63}\.webhook\.office\.com/webhookb2/|api\.telegram\.org/(?:file/)?bot\d{1,16}:))()[^\s\"'<>*]+",
    r"()()(?<![\w+/=])[A-Za-z0-9+/]{43}(?:[A-Za-z0-9+/]{43}=)?=(?![\w+/=])",
)
"""What shows by itself what it is: user and password, headers, private keys, tokens (also by the prefix of who issues
them), keys of 32 or 64 bytes."""

COMMANDS = (
    r"((?<![\w.-])(?:(?:mysql(?:dump|admin|import|check|show|pump|slap|sh)?|mariadb(?:-[a-z]{1,16})?|7z[azr]?|(?:un)?rar)"
    + ARGUMENTS
    + r"(?-i:-p)"
    r"|(?:sqlcmd|bcp|[ot]sql|ipmitool|(?:un)?zip)" + ARGUMENTS + r"(?-i:-P)[ \t]{0,4}"
    r"|(?:mongo(?:sh|dump|restore|export|import|stat|top|files)?|(?:docker|podman|buildah|skopeo"
    r"|helm[ \t]{1,4}registry|oc|az(?:[ \t]{1,4}acr)?)"
    r"[ \t]{1,4}login|user(?:add|mod)|psexec(?:64)?)" + ARGUMENTS + r"(?-i:-p)[ \t=]{0,4}"
    r"|ldap[a-z]{3,8}" + ARGUMENTS + r"(?-i:-w)[ \t]{0,4}|redis-cli" + ARGUMENTS + r"(?-i:-a)[ \t]{1,4}"
    r"|snmp[a-z]{2,10}" + ARGUMENTS + r"(?-i:-[cAX])[ \t]{1,4}|openssl" + ARGUMENTS + r"-k[ \t]{1,4}"
    r"|iw(?:config)?"
    + ARGUMENTS
    + r"(?:key|enc(?:ryption)?)[ \t]{1,4}(?:(?:open|restricted)[ \t]{1,4})?(?:\[\d\][ \t]{1,4})?"
    r"(?!(?:on|off|open|restricted|\[?\d\]?)(?![\w:-]))"
    r"|wpa_passphrase[ \t]{1,4}(?:\"[^\"\r\n]{1,64}\"|[^\s\"]{1,64})[ \t]{1,4}"
    r"|rabbitmqctl" + ARGUMENTS + r"(?:add_user|change_password|authenticate_user)[ \t]{1,4}\S{1,128}[ \t]{1,4}"
    r"|(?:(?:ch)?passwd(?!\.)|sudo|su|cryptsetup|kinit|smbclient)" + ARGUMENTS + r"<<<[ \t]{0,4}"
    r"|schtasks" + ARGUMENTS + r"/rp[ \t]{1,4}|(?:[xw]freerdp3?|winrs)" + ARGUMENTS + r"[/-]p:"
    r"|smbclient[ \t]{1,4}[\"']?(?://|\\{2,8})\S{1,256}[ \t]{1,4}|lftp" + ARGUMENTS + r"-u[ \t]{1,4}[^\s,]{1,128},"
    r"|htpasswd[ \t]{1,4}-(?:[a-z]{0,4}(?:nb|bn)[a-z]{0,4}"
    r"|[a-z]{0,4}b[a-z]{0,4}[ \t]{1,4}\S{1,256})[ \t]{1,4}\S{1,128}[ \t]{1,4}"
    r"|net1?(?:\.exe)?[ \t]{1,4}use[ \t]{1,4}(?:[a-z*]:?[ \t]{1,4})?"
    r"(?:\\{2,8}\S{1,256}|\\{0,4}\"\\{2,8}[^\"\r\n]{1,256}\")[ \t]{1,4}"
    r"(?:(?:/[a-z]{1,16}(?::(?:\\{0,4}\"[^\"\r\n]{1,128}\"|(?!\\{0,4}\")\S{1,128}))?"
    r"|\\{0,4}\"/[^\"\r\n]{1,128}\")[ \t]{1,4}){0,4}"
    r"(?![/*]|\\{0,4}\"/))"
    r")" + WORD,
    r"((?<![\w.-])net1?(?:\.exe)?[ \t]{1,4}user[ \t]{1,4}(?:\"[^\"\r\n]{1,128}\"|[^\s\"/]\S{0,127})[ \t]{1,4})"
    r"(?![/*])([\"']?)[^\s\"']+\2(?=[ \t]{0,8}(?:$|[\"'&|;)}\r]|/[a-z]))",
    r"((?<![\w-])(?:(?-i:-U)[ \t]{0,4}|--user[ \t=]{1,4}|user(?:name)?=(?![^\s%]{1,128}%(?:40|5c|2[0bcdef5]|c3)))"
    r"[\"']?[\w.\\/@+-]{1,128}%)"
    r"()(?!\w{1,64}%|\*{3})[^\s\"',;]{4,}",
    r"((?<![\w.-])(?:(?:sqlplus|sqlldr|rman|expdp|impdp)"
    + ARGUMENTS
    + r"(?:userid=)?)[\w$#]{1,64}/)()(?!\*{3})[^\s@\"'/]{1,128}(?=@)",
    r"((?<![\w.-])(?:echo|printf)[ \t]{1,4}(?:-[ne]{1,2}[ \t]{1,4})?)()(?![$*]|-[ne]{1,2}[ \t])[^\r\n|]{1,256}?"
    r"(?=[ \t]{0,4}\|[ \t]{0,4}(?:(?:sudo[ \t]{1,4})?(?:(?:ch)?passwd|cryptsetup|kinit)(?![\w.])|sudo[ \t]{1,4}(?-i:-S)"
    r"|[^\r\n|]{0,128}--(?:password-stdin|passphrase-fd)))",
    r"((?<![\w.*:-])(?:[\w.*-]{1,255}):(?:\*|\d?[56]\d3\d|6543|26257):[\w.*$-]{1,64}:[\w.*$@-]{1,64}:)"
    r"()(?!\*{3})(?:\\[^\r\n]|[^\s\\\"':])+(?![^\s\"'])",
    r"()()\$(?:[1567y]|2[abxy]?|gy|apr1|sha1|argon2(?:id?|d))\$[\w./,=+-]{1,64}\$[\w./$,=+-]{20,}",
    r"((?<![\w.-])(?:create|alter|grant)[ \t][^\r\n;]{1,256}?[ \t]identified[ \t]{1,4}"
    r"(?:with[ \t]{1,4}\S{1,64}[ \t]{1,4})?(?:by|as)[ \t]{1,4}(?:password[ \t]{1,4})?(?=[\"']))" + WORD,
    r"((?<![\w.-])(?:machine\s{1,8}\S{1,255}|default)(?:(?:\s{1,8}(?:login|account|port)\s{1,8}\S{1,255}){1,3}"
    r"\s{1,8}password\s{1,8}"
    r"|\s{1,8}password\s{1,8}(?=\S{1,255}\s{1,8}(?:login|account)\s)))" + VALUE,
    r"((?<![\w.-])(?:user(?:name)?|login|connect)[ \t]{1,8}\S{1,128}[ \t]{1,8}(?:password|secret)"
    r"[ \t]{1,8}(?:\d[ \t]{1,8})?)" + SAID + VALUE,
    r"((?<![\w.-])(?:vault[ \t]{1,4}(?:operator[ \t]{1,4})?(?:login|unseal)(?:[ \t]{1,4}-[\w=-]{1,64}){0,4}"
    r"|ngrok"
    + ARGUMENTS
    + r"(?:add-)?authtoken|mysqladmin"
    + ARGUMENTS
    + r"password|^[ \t]{0,256}r[ow]community6?)[ \t]{1,4})"
    + SAID
    + VALUE,
    r"((?<!\w):[ \t]{1,8}(?-i:PSK|XAUTH|EAP|NTLM)[ \t]{1,8})(?=\")" + VALUE,
    r"^([ \t]{0,256}(?:proxy-)?user[ \t]{0,8}[=:][ \t]{0,8}[\"']?[\w.\\@+-]{1,128}:)()"
    + SAID
    + r"[^\s\"']+(?=[\"']?[ \t]{0,8}\r?$)",
    r"((?<![\w.-])[\w-]{1,64}\.(?:[\w-]{1,32}-)?(?:psk|password)[ \t]{1,8})" + SAID + VALUE,
    r"((?<![\w.-])(?:with[ \t]{1,4}(?:encrypted[ \t]{1,4})?password[ \t]{1,4}|(?-i:PASSWORD)\()(?=[\"']))" + VALUE,
    r"((?:(?<![\w.-])set(?:x|env)(?:\.exe)?[ \t]{1,4}(?:/m[ \t]{1,4})?"
    r"|(?<![a-z])(?:add|append|put|set)[a-z_]{0,32}\([ \t]{0,4}[\"'])"
    r"[\w.-]{0,128}?" + NAME + END % r"[\"' \t]" + r"(?:[\"'],[ \t]{0,4}(?=[\"'])|[ \t]{1,4}))" + VALUE,
    r"(credential(?:\]?::new)?\([ \t]{0,4}(?:\"[^\"\r\n]{0,128}\"|'[^'\r\n]{0,128}'|[$\w.]{1,64}),[ \t]{0,4}(?=[\"']))"
    + VALUE,
)
"""Secrets by their place: options and operands of a command, lines of .netrc and .pgpass, hashes of passwords,
statements."""

PROXY_BEGIN = r"\A[\"']{0,2}(?:(?:https?|ftp|socks)=)?(?:[a-z][a-z0-9]{0,9}:/{1,3}|//|https?/{1,2})?"
PLACE = (
    "(" + PROXY_BEGIN + r"(?:[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}|\[[0-9a-f:.]{2,45}\]|[\w.*<>-]{1,255})"
    r"(?::\d{1,5}(?!\d))?(?:/\d{1,3}(?!\d)|/)?)([\s\S]*?)([\"')\]}]{0,4})\Z"
)
"""One proxy or exception: what is copied of it (scheme, host, port, prefix length), what is not, and what closes it."""

PROXY_NAME = r"\A(?:(?:(?:https?|all|ftp|no)_)?proxy|httpproxy\.host|proxyserver|proxy_(?:host|32))\Z"
PROXY_TEXT = (
    r"(?<![\w.-])((?:(?:https?|all|ftp)_proxy|httpproxy\.host)[\"']?[ \t]{0,8}[=:][ \t]{0,8})"
    r"([^\r\n]{0,4096}@)?([^\s,;\\]*)"
)
"""A proxy in a text, behind its name. A password may hold anything: it ends at the last at sign."""

SCHEME = r"(?<![a-z])(?!file:)[a-z][a-z0-9+.-]{0,20}://+|(?<![\w/.:])//+|(?<![a-z])(?:https?|ftp|socks\d?)(?::/|//?)"
HOST = r"\A(?:[\w-]{1,63}(?:\.[\w-]{1,63}){1,32}|localhost|\[[0-9a-f:.]{2,45}\])?(?::\d{1,5})?\Z"
USER = (
    r"(?<![^\"'=,;([{<|&>/])(?!(?:mailto|e?-?mail|from|to|cc|bcc|reply-to|sender|contact|sips?|xmpp|acct):|[a-z]:[\\/])"
    r"[^:/@\"'=,;()\[\]{}<>|&]{1,256}:(?!/)"
)
"""A user before a password where no scheme is; not what stands before a person's address, not a drive."""

NO_HOST = (
    r"\A(?:[\w.:\\-]{0,256}\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)(?:\(\d\))?\W{0,8}\Z"
    r"|sha\d{3}:)"
)
"""What follows the at sign in names of units and in digests of images."""

PARAMETERS = frozenset(
    "amp comp restype type kind api-version version format incarnation timeout prefix delimiter resource view tabs"
    " sv ss sr srt sp spr st se si sip".split()
)
"""Parameters of an address that are no secrets: of a signed one all but the signature."""

RUN = r"[\w+/-]{16,}={0,2}"
"""What may be base64."""

LOOK_COMMANDS = (
    r"(?:mysql|mariadb|7z|rar|sqlcmd|bcp|[ot]sql|ipmitool|zip|mongo|redis-cli|ldap[a-z]{3,8}|snmp[a-z]{2,10}|openssl"
    r"|psexec|schtasks|winrs|freerdp|smbclient|lftp|htpasswd|sqlplus|sqlldr|rman|expdp|impdp)"
    r"[a-z\d-]{0,16}(?:\.exe)?[\"']?[ \t]|login[ \t]|useradd|usermod|net1?(?:\.exe)?[ \t]{1,4}use"
    r"|(?:-u|user|username)[ \t=]{0,4}[\"']?[\w.\\/@+-]{1,128}%"
    r"|\|[ \t]{0,4}(?:sudo|passwd|chpasswd|cryptsetup|kinit)|-stdin|phrase-fd"
    r"|:(?:\*|\d?[56]\d3\d|6543|26257):|\$(?:[1567y]|2[abxy]?|gy|apr1|sha1|argon2[id]{1,2})\$|identified|machine\s"
    r"|default\s{1,8}(?:login|account|port|password)|password[ \t(]|secret[ \t]|psk[ \t]|pw[ \t]|requirepass|masterauth"
    r"|iw(?:config)?[ \t]|wpa_pass|rabbitmqctl|<<<|vault[ \t]|ngrok|r[ow]community|user[ \t]{0,8}[=:]"
    r"|:[ \t]{1,8}(?:psk|xauth|eap|ntlm)[ \t]"
    r"|credential[\]:(]|setx|setenv|(?:add|append|put|set)[a-z_]{0,32}\([ \t]{0,4}[\"']"
)
LOOK_NAME = r"pass|kennwort|_pat(?![a-z])|pw|secret|token|credential|psk|auth|cookie|sig|containerid|connection|key"
LOOK_FORMS = (
    r"-u|sshpass|securestring|bearer|shared|basic|negotiate|ntlm|-----begin|private-lines|eyj|gh[oprsu]_|github_pat"
    r"|gl[a-z]{2,5}-|dckr_|sg\.|tskey-|sk-(?:proj|ant|svcacct|admin|[a-z0-9]{40})"
    r"|xox|xapp|npm_|pypi|hv[sb]\.|aiza|age-s|k_live_|q~|hooks?[./]|webhookb2/|\.org/[fb]|=(?<=[a-z0-9+/]{43}=)"
)
LOOK = (
    LOOK_NAME
    + r"|@|%|://|proxy|-u|user=|securestring|bearer|shared|basic|negotiate|ntlm|eyj|q~|private-lines|hooks?[./]|webhookb2/|\.org/[fb]|"
    + LOOK_COMMANDS
)
"""What every text in lower case holds that one of COMMANDS, NAME, one of FORMS, any secret is in (or it has a RUN).

A look spares most texts the rest. Its ways begin with a letter each and do not ignore case: such an expression takes a
tenth of the time of the others.
"""

NO_NAME, WORDS, ESCAPE = r"[^\w.-]", r"\S+", r"%([0-9A-Fa-f]{2})"
"""What no name holds, the words of a text, and a character in percent encoding."""

_SECRET_NAME = NAME + r"(?![\w.-]{0,64}" + PLAIN_END + r"\Z)"
_FLAGS = re.IGNORECASE | re.MULTILINE


def mask(value, name=None):
    """The value without its secrets, at any depth; ``name`` is the key that it stands under.

    ``{name: ..., value: ...}`` and ``{key: ..., value: ...}`` are a name and its value, too.
    """
    kind = _kind(_plain(name)) if isinstance(name, str) else None
    if isinstance(value, str):
        value = _plain(value)
    if isinstance(value, dict):
        if value.get("type") == "REG_BINARY":
            return dict(value)  # base64 of bytes, masked where they were read
        names = {"type": None, "value": value.get("name") or value.get("key") or name, "text": name}
        return {mask(key): mask(item, names.get(key, name if kind == "secret" else key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_listed(item, value[max(0, at - WORDS_BEFORE) : at], name) for at, item in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    if kind == "secret":
        return value if _find(r"\A" + HARMLESS + r"?\Z", str(value)) else MASK
    if not isinstance(value, str):
        return value
    if kind == "proxy" and ("@" in value or len(value.split()) < 2):
        return _unformed(mask_proxy(value))
    return _hidden_short(value) if len(value) <= _SHORT else _hidden(cut(value))


def _plain(text):
    """The text without NULs: of UTF-16 that was read as something else, they stand between all letters."""
    return text.replace("\0", "") if "\0" in text else text


def prepare():
    """Compiles the expressions. Else the first text that needs one pays for it, in each worker of a controller."""
    names = (NAME, PROXY_NAME, PROXY_TEXT, PROXY_BEGIN, PLACE, SCHEME, HOST, USER, _SECRET_NAME)
    for pattern in names + (WHOLE,) + NAMED + FORMS + COMMANDS:
        re.compile(pattern, _FLAGS)
    for pattern in (LOOK_NAME, LOOK, LOOK_FORMS, LOOK_COMMANDS, RUN, NO_NAME, WORDS, ESCAPE):
        re.compile(pattern)


def excerpt(text, limit):
    """The beginning of a text without its secrets. Cut last: half a secret is not known for one."""
    return mask(text)[:limit]


def mask_proxy(text):
    """A proxy, or a list of proxies or exceptions, made anew from scheme, host and port."""
    user, at, places = (text or "").rpartition("@")
    if not at:
        return re.sub(r"[^,;\s]+", _place, places)
    # Behind the credentials one place is sure to be a host; words after it may be anything.
    place, mark, rest = re.match(r"([^,;\s]*)([,;\s]*)([\s\S]*)", places).groups()
    return _find(PROXY_BEGIN, user).group() + MASK + at + re.sub(r"\S+", _place, place) + mark + (MASK if rest else "")


def cut(text):
    """The text with lines of MAX_LINE at most. A line ends with its last whole word: what is cut may be a secret."""
    if len(text) <= MAX_LINE:
        return text
    return "\n".join(line if len(line) <= MAX_LINE else _shortened(line) for line in text.split("\n"))


def _shortened(line):
    words = line[: MAX_LINE - 4].rsplit(None, 1)
    return (words[0] if len(words) > 1 else "") + " ..."


def _find(pattern, text):
    return re.search(pattern, text, _FLAGS)


def _replace(pattern, put, text):
    return re.sub(pattern, put, text, flags=_FLAGS)


@functools.lru_cache(maxsize=1024)
def _kind(name):
    if _find(PROXY_NAME, name):
        return "proxy"
    return "secret" if _may_hold(LOOK_NAME, name) and _find(_SECRET_NAME, name) else None


def _listed(item, before, name):
    """An item of a list; of the words of a command, those before may say that it is a secret."""
    masked = mask(item, name)
    if not isinstance(item, str) or not item:
        return masked
    item = _plain(item)
    words = [_plain(word) for word in before if isinstance(word, str) and len(word.split()) == 1]
    form = "{0}" if len(item.split()) == 1 else '"{0}"'
    if words:
        # They are not the beginning of a line, whose rest would be a value; and a bracket may close behind them.
        text = _hidden(cut(" ".join([".", *words, form.format(item)]) + "}"))
        if not text.endswith(form.format(masked) + "}"):
            return MASK + item[len(item.rstrip("})],;")) :]
        return masked if form == "{0}" else _replace(WHOLE, r"\1***", masked)
    return masked


# The same paths, names and words stand in a state, in its evidence and in those of other hosts.
_SHORT = 256


@functools.lru_cache(maxsize=4096)
def _hidden_short(text):
    return _hidden(text)


def _hidden(text):
    if not _may_hold(LOOK, text):
        return _without(LOOK_FORMS, FORMS, re.sub(RUN, _decoded, text)) if re.search(RUN, text) else text
    if "proxy" in text.lower():
        text = _replace(PROXY_TEXT, lambda m: m.group(1) + mask_proxy((m.group(2) or "") + m.group(3)), text)
    if "@" in text or "%" in text or "://" in text:
        text = re.sub(WORDS, _word, text)
    else:
        text = re.sub(RUN, _decoded, text)
    # A name alone, as most are, has no value.
    if re.search(NO_NAME, text) and _may_hold(LOOK_NAME, text) and _find(NAME, text):
        for rule in NAMED:
            text = _replace(rule, _without_secret, text)
    return _unformed(text)


def _may_hold(look, text):
    """Whether a look finds something in a text. Where case is ignored, a few letters beyond ASCII match some of it."""
    return re.search(look, text.lower()) or len(text) != len(text.encode("utf-8", "surrogatepass"))


def _unformed(text):
    """A text without what shows by itself that it is a secret, even where a host is expected."""
    return _without(LOOK_COMMANDS, COMMANDS, _without(LOOK_FORMS, FORMS, text))


def _without(look, rules, text):
    for rule in rules if _may_hold(look, text) else ():
        text = _replace(rule, _without_secret, text)
    return text


def _without_secret(found):
    """What a rule found, without the secret in it."""
    around = found.group(2) or ""
    return (found.group(1) or "") + around + MASK + around


def _word(found):
    """One word of a text: decoded where that shows a secret, and without credentials and parameters of addresses."""
    word = found.group()
    if "%" in word:
        plain = re.sub(ESCAPE, lambda code: chr(int(code.group(1), 16)), word)
        hidden = plain if plain == word else _hidden(plain)
        if hidden != plain:
            return hidden
    if len(word) >= 16:
        word = re.sub(RUN, _decoded, word)
    if "@" in word:
        word = _without_credentials(word)
    question = word.find("?", word.find("://")) if "://" in word else -1
    if question >= 0:
        word = word[: question + 1] + re.sub(r"[^&;#]+", _parameter, word[question + 1 :])
    return word


def _decoded(found):
    code = found.group().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = binascii.a2b_base64(code + "=" * (-len(code) % 4)).decode("ascii")
    except ValueError:
        return found.group()
    return MASK if not re.search(r"[^\s\x20-\x7e]", plain) and _hidden(plain) != plain else found.group()


def _without_credentials(word):
    before, at, after = word.rpartition("@")
    if not at:
        return word
    if re.search(r"\|\w{1,32}=", before):
        return "|".join(map(_without_credentials, word.split("|")))  # a record of fields, each of which may be one
    scheme = _find(SCHEME, before)
    if scheme:
        place, *path = re.split(r"[/?#]", before[scheme.end() :], maxsplit=1)
        # An at sign in the path of an address; but a password may hold a slash, before a host and its port.
        if path and _find(HOST, place) and not re.match(r"[\w.-]{1,255}:\d", after):
            return word
        return before[: scheme.end()] + MASK + at + after
    user = None if _find(NO_HOST, after) else _find(USER, before)
    return before[: user.start()] + MASK + at + after if user else word


def _parameter(found):
    name, sign, value = found.group().partition("=")
    if name.lower() in PARAMETERS or not (value or name).strip("*"):
        return found.group()
    return name + sign + MASK if sign else MASK


def _place(found):
    parts = _find(PLACE, found.group())
    if parts:
        return parts.group(1) + (MASK if parts.group(2) else "") + parts.group(3)
    return MASK if re.search(r"\w", found.group()) else found.group()
