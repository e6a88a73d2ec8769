# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause

# Keeps secrets out of everything that leaves a guest: by the key that a value has, and by the form of a text. The same as
# _guest/masking.py, with the same expressions; what they are for is said there. Shared by the probe and by the modules that
# change a guest. Private to the collection.

Function Get-VmbMasking {
    # The expressions, compiled once in each runspace.
    $variables = $ExecutionContext.SessionState.PSVariable
    $masking = $variables.GetValue('global:VmbMasking')
    if ($masking) { return $masking }
    $masking = @{ kinds = @{}; words = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal) }
    $texts = Get-VmbMaskingText
    foreach ($name in $texts.Keys) {
        $masking[$name] = @(foreach ($text in $texts[$name]) { [regex]::new($text, 'IgnoreCase, Multiline, CultureInvariant') })
    }
    $variables.Set('global:VmbMasking', $masking)
    $masking
}

Function Get-VmbMaskingText {
    # The expressions by name. They stand here and in _guest/masking.py; a test compares the two.
    $name = '(?:(?<!no)pass(?:w(?:or)?[dt]|phrase|code)|kennwort|(?<![a-z])pass(?![a-z]|:[ \t]+-)|(?!(?-i:PWD)=/)pwd|secret|(?:db|root|user|admin' +
    '|smtp|sql|require|mail|ftp|ldap|jdbc|snmp|store|key)pass(?![a-z])|(?<=_)pat(?![a-z])|sshpass(?==)' +
    '|(?<![a-z])(?:bind|root)?pw(?![a-z])|masterauth(?![a-z])|' +
    '(?<!publickey)token|(?<!load)credential|(?<![a-z])psk(?![a-z])|authorization|(?<![a-z])auth(?![\w.-])|cookie|signature(?!s)' +
    '|(?<![a-z])sig(?![a-z])|containerid|connection[ _-]?string|(?<!public)[_-]key\d{0,2}(?![a-z])|(?:account|access|api|shared' +
    '|storage|private|encryption|signing|master|primary|secondary|session|function|subscription|client|auth)[ _-]?key(?![a-z])' +
    '|key[ _-]?material)'
    $plain_end = '(?:path|file(?:name)?|dir(?:ectory)?|folder|name|length|size|count|type|ur[il]|endpoint|expir(?:y|es|ed|ation)|timeout|ttl' +
    '|age|policy|algorithm|encryption|status|state|version|format|provider|required|enabled|disabled|cryptid|stdin|authentication' +
    '|ya?ml|json|conf|py)'
    $harmless = '(?:\w|yes|no|true|false|on|off|none|null|\(null\)|pass:|\d{1,2}|\*{3,}|[})\]]{1,4})'
    $quote = '(?:\\{0,4}[\"'']|&quot;)'
    $sign = '(?:\\{0,4}[\"''\]]|&quot;){0,2}[ \t]{0,8}(?:(?::=|=>|={1,3}(?![=>])|:(?!=))[ \t]{0,8}(?:[bnru](?=[\"'']))?|>(?=[^\s<])' +
    '|[\"'', \t][ \t]{0,4}[\"'']?value[\"'']?[ \t]{0,4}[:=][ \t]{0,4}|</(?:key|name)>\s{0,64}<(?:string|value|data)>(?=[^\s<])' +
    '|[ \t]{1,8}(?:(?:/t[ \t]{1,8})?reg_[a-z_]{2,16}[ \t]{1,8}(?:/d[ \t]{1,8})?(?!/d[ \t])|/d[ \t]{1,8}))'
    $begin = '(?:(?<![\w./-])|/(?![\w.-]{1,128}[\"'']?:(?:[ \t]|$)))[\w.-]{0,128}?'
    $end = { param ([string]$Stop) '(?![\w.-]{0,64}' + $plain_end + $Stop + ')[\w.-]{0,64}' }
    $key = $begin + $name + (& $end $sign) + $sign
    $value = '(?:(?<=[\w\"'']>)(?!' + $harmless + '<)[^<\r\n]+' +
    '|(?!(?:' + $quote + $harmless + $quote + '|' + $harmless + ')(?:[\s\"''\\&;,}\])<]|$))' +
    '(?:(' + $quote + ')(?:(?!\2)(?:\\.|[^\r\n]))*(?:\2[^\s,;}\])]*)?|\S+))'
    $json = (& $end $quote) + $quote + '\s{0,64}:\s{0,64}[bnru]?)(?!' + $quote + $harmless + $quote + '\s{0,64}[,}\]])' +
    '(' + $quote + ')(?:(?!\2[ \t]{0,8}(?:[,}\])]|$))(?:\\.|[^\r\n]))+(?:\2)?'
    $pair = (& $end $quote) + $quote + '\s{0,64},\s{0,64}[bnru]?)(?!' + $quote + '(?-i:[A-Z]?[a-z_ -]*)[\"''\\])' +
    '(' + $quote + ')(?!' + $harmless + '\2)(?:(?!\2)[^\r\n]){1,512}(?=\2\s{0,64}[)\]])'
    $says = '(?:(?:[ \t]{1,8}(?:for|of)[ \t]{1,8}\S{1,64})?[ \t]{1,8}(?:is|was)(?:[ \t]{0,4}:)?' +
    '|(?:[ \t]{1,8}(?:for|of)[ \t]{1,8}[^\s:=]{1,64}|[ \t]{0,8}\([^()\r\n]{1,64}\))[ \t]{0,4}[:=])[ \t]{1,8}'
    $said = '(?=[\"'']?[^\s\"'']{0,64}(?:\d|[!@#$%^&*](?=\w)))(?=[\"'']?[^\s\"'']{0,64}[a-z])(?=[\"'']?[^\s\"'']{6})' +
    '(?![\"'']?(?:(?:base|md|sha-?|oauth|utf-?|aes-?|rsa-?|v|0x[\da-f]*)\d' +
    '|\d{1,4}-?(?:bit|byte|char(?:acter)?|day|hour|minute|second|[km]?i?b)s?\b))'
    $brackets = '()(?!' + $harmless + '[ \t]{0,8}[,;})\]])(?![\\\"''&\s])[^\r\n]{1,512}?' +
    '(?=[ \t]{0,8}(?:[,;][ \t]{0,8}[\"'']?[\w.-]{1,64}[\"'']?[ \t]{0,4}[:=]|[})\]](?:[\s,;.})\]]|$)))'
    $rest = '()(?!' + $quote + '?' + $harmless + '[\"''\\&;,}\])<\s]{0,8}(?:[#\r\n]|$))(?=\S)[^\r\n]+'
    $block = '(?:[|>][-+0-9]{0,2})?[ \t]{0,8}(?:#[^\r\n]{0,256})?(?=\r?\n)(?:\r?\n(?:\3(?(4)[ \t]{3,64}|[ \t]{1,64})\S[^\r\n]*' +
    '|[ \t]{0,256}(?=\r?\n\3[ \t]{1,64}\S)))+'
    $word = '(?![-=}]|\*{3}|(?-i:\$\{?[A-Z_]{2,}|%[A-Z_]{2,}%))(?:([\"''])(?:(?!\2)[^\r\n])+\2?|[^\s\"'']\S*)'
    $arguments = '(?:\.exe)?[\"'']?(?=[ \t])[^\r\n|;&]{0,256}?[ \t][\"'']?'
    $look_commands = '(?:mysql|mariadb|7z|rar|sqlcmd|bcp|[ot]sql|ipmitool|zip|mongo|redis-cli|ldap[a-z]{3,8}|snmp[a-z]{2,10}|openssl|psexec' +
    '|schtasks|winrs|freerdp|smbclient|lftp|htpasswd|sqlplus|sqlldr|rman|expdp|impdp)[a-z\d-]{0,16}(?:\.exe)?[\"'']?[ \t]' +
    '|login[ \t]|useradd|usermod|net1?(?:\.exe)?[ \t]{1,4}use|(?:-u|user|username)[ \t=]{0,4}[\"'']?[\w.\\/@+-]{1,128}%|\' +
    '|[ \t]{0,4}(?:sudo|passwd|chpasswd|cryptsetup|kinit)|-stdin|phrase-fd|:(?:\*|\d?[56]\d3\d|6543|26257):|\$(?:[1567y]|2[abxy]?|gy|apr1|sha1' +
    '|argon2[id]{1,2})\$|identified|machine\s|default\s{1,8}(?:login|account|port|password)|password[ \t(]|secret[ \t]|psk[ \t]' +
    '|pw[ \t]|requirepass|masterauth' +
    '|iw(?:config)?[ \t]|wpa_pass|rabbitmqctl|<<<|vault[ \t]|ngrok|r[ow]community|user[ \t]{0,8}[=:]' +
    '|:[ \t]{1,8}(?:psk|xauth|eap|ntlm)[ \t]|credential[\]:(]|setx|setenv|(?:add|append|put|set)[a-z_]{0,32}\([ \t]{0,4}[\"'']'
    $proxy_begin = '\A[\"'']{0,2}(?:(?:https?|ftp|socks)=)?(?:[a-z][a-z0-9]{0,9}:/{1,3}|//|https?/{1,2})?'
    @{
        name = $name
        secret_name = $name + '(?![\w.-]{0,64}' + $plain_end + '\Z)'
        harmless = '\A' + $harmless + '?\Z'
        suspect = $name + '|[@%]|://|proxy|[\w+/-]{16}|-u|user=|sshpass|securestring|--proxy-user|bearer|shared|basic|negotiate|ntlm|eyJ' +
        '|wpa-|wep-|wireless-|Q~|private-lines|hooks?[./]|webhookb2/|\.org/[fb]|' + $look_commands
        named = @(
            '^(()([ \t]{0,256})(?:[#;][ \t#;]{0,8}|export[ \t]{1,8}|(-[ \t]{1,8}))?[\"'']?' + $key + ')(?:' + $block + '|' + $rest + ')'
            '^([ \t]{0,256}w(?:pa|ep|ireless)-[\w-]{0,64}?(?:psk|pass|key)[\w-]{0,64}[ \t]{1,32})' + $rest
            '((?:authorization|cookie)' + $sign + ')(?![\\\"''&])' + $rest
            '(' + $begin + $name + $json
            '((?<!\w)[(\[]\s{0,64}[bu]?' + $quote + $begin + $name + $pair
            '([{(\[,;][ \t]{0,8}[\"'']?' + $key + ')' + $brackets
            '(' + $key + ')' + $value
            '((?<![\w-])--?[\w.-]{0,128}?' + $name + (& $end '(?![\w-])') + '(?:[ \t]{1,8}|[ \t]{0,8}[\\`]\r?\n[ \t]{0,64}))(?![-\\`\r\n]|\([a-z]{2,16}-)' +
            $value
            '(' + $begin + $name + (& $end '(?![\w-])') + $says + ')' + $said + $value
            '((?:^(?=[ \t]{0,256}\S{1,256}[ \t]{1,32}\S{1,256}[ \t]{0,8}\r?$)[ \t]{0,256}' +
            '|(?<![\w.-])set(?:_network[ \t]{1,4}\d{1,4})?[ \t]{1,4})[\w.-]{0,128}?' + $name + (& $end '[ \t]') + '[ \t]{1,32})' + $said + $value
        )
        whole = '(' + $key + ')' + $rest
        forms = @(
            '((?<![\w-])(?:(?:-u|--(?:proxy-)?user)[ \t=]{1,4}|curl' + $arguments +
            '(?-i:-[uU])))(?![\"'']?(?:\d+:\d|[a-z]{2,8}://))(?:([\"''])[\w.\\@/+-]{1,128}:(?:(?!\2)[^\r\n])+\2?|[\w.\\@/+-]{1,128}:\S+)'
            '((?<![\w-])(?:bearer|sharedkey(?:lite)?|sharedaccesssignature)[ \t]{1,8})()(?!(?:tokens?|auth|authentication|authorization' +
            '|scheme|realm|error)(?:[\s=:.,;]|$)|\*{3})[^\s\"'']+'
            '((?<![\w-])(?:basic|negotiate|ntlm)[ \t]{1,8})()(?=[\w+/.=-]{0,256}(?:\d|[+/=]|(?-i:[a-z][A-Z])))[\w+/.=-]{6,}'
            '((?<![\w-])(?:sshpass[ \t]{1,8}-p|ConvertTo-SecureString(?:[ \t]{1,8}-(?:String|AsPlainText|Force)){0,3}' +
            '(?=[ \t]))[ \t]{0,8})()(?:\"[^\"\r\n]{1,1024}\"?|''[^''\r\n]{1,1024}''?|(?![\s\"''$(|:*})\]-])\S+)'
            '((?<![\w-])sshpass[ \t]{1,8}[\"'']-p)()[^\"''\r\n]{1,1024}'
            '(-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-Lines: \d{1,4})()(?!\*)[\sA-Za-z0-9+/=\\]+'
            '()()(?<![\w.-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?'
            '()()(?<![\w.-])(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[\w-]{16,}' +
            '|dckr_pat_[\w-]{20,}|(?-i:SG)\.[\w-]{16,}\.[\w-]{16,}|tskey-[a-z]{2,8}-[\w-]{16,}|sk-(?:proj|ant|svcacct|admin)-[\w-]{16,}' +
            '|sk-[A-Za-z0-9]{40,}|xox[a-z]-[\w-]{12,}|xapp-[\w-]{12,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[\w-]{16,}|hv[sb]\.[\w-]{20,}|AIza[\w-]{30,}' +
            '|AGE-SECRET-KEY-1\w{16,}|[rs]k_live_\w{16,}|[\w~.-]{3}\dQ~[\w~.-]{30,})'
            '((?<![\w-])(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{1,20}/' +
            '|[\w-]{1,63}\.webhook\.office\.com/webhookb2/|api\.telegram\.org/(?:file/)?bot\d{1,16}:))()[^\s\"''<>*]+'
            '()()(?<![\w+/=])[A-Za-z0-9+/]{43}(?:[A-Za-z0-9+/]{43}=)?=(?![\w+/=])'
        )
        commands = @(
            '((?<![\w.-])(?:(?:mysql(?:dump|admin|import|check|show|pump|slap|sh)?|mariadb(?:-[a-z]{1,16})?|7z[azr]?|(?:un)?rar)' + $arguments +
            '(?-i:-p)|(?:sqlcmd|bcp|[ot]sql|ipmitool|(?:un)?zip)' + $arguments +
            '(?-i:-P)[ \t]{0,4}|(?:mongo(?:sh|dump|restore|export|import|stat|top|files)?|(?:docker|podman|buildah|skopeo' +
            '|helm[ \t]{1,4}registry|oc|az(?:[ \t]{1,4}acr)?)[ \t]{1,4}login|user(?:add|mod)|psexec(?:64)?)' + $arguments +
            '(?-i:-p)[ \t=]{0,4}|ldap[a-z]{3,8}' + $arguments + '(?-i:-w)[ \t]{0,4}|redis-cli' + $arguments +
            '(?-i:-a)[ \t]{1,4}|snmp[a-z]{2,10}' + $arguments + '(?-i:-[cAX])[ \t]{1,4}|openssl' + $arguments + '-k[ \t]{1,4}|iw(?:config)?' + $arguments +
            '(?:key|enc(?:ryption)?)[ \t]{1,4}(?:(?:open|restricted)[ \t]{1,4})?(?:\[\d\][ \t]{1,4})?(?!(?:on|off|open|restricted' +
            '|\[?\d\]?)(?![\w:-]))|wpa_passphrase[ \t]{1,4}(?:\"[^\"\r\n]{1,64}\"|[^\s\"]{1,64})[ \t]{1,4}|rabbitmqctl' + $arguments +
            '(?:add_user|change_password|authenticate_user)[ \t]{1,4}\S{1,128}[ \t]{1,4}' +
            '|(?:(?:ch)?passwd(?!\.)|sudo|su|cryptsetup|kinit|smbclient)' + $arguments + '<<<[ \t]{0,4}|schtasks' +
            $arguments + '/rp[ \t]{1,4}|(?:[xw]freerdp3?|winrs)' + $arguments +
            '[/-]p:|smbclient[ \t]{1,4}[\"'']?(?://|\\{2,8})\S{1,256}[ \t]{1,4}|lftp' + $arguments +
            '-u[ \t]{1,4}[^\s,]{1,128},|htpasswd[ \t]{1,4}-(?:[a-z]{0,4}(?:nb|bn)[a-z]{0,4}' +
            '|[a-z]{0,4}b[a-z]{0,4}[ \t]{1,4}\S{1,256})[ \t]{1,4}\S{1,128}[ \t]{1,4}|net1?' +
            '(?:\.exe)?[ \t]{1,4}use[ \t]{1,4}(?:[a-z*]:?[ \t]{1,4})?(?:\\{2,8}\S{1,256}|\\{0,4}\"\\{2,8}[^\"\r\n]{1,256}\")[ \t]{1,4}' +
            '(?:(?:/[a-z]{1,16}(?::(?:\\{0,4}\"[^\"\r\n]{1,128}\"|(?!\\{0,4}\")\S{1,128}))?|\\{0,4}\"/[^\"\r\n]{1,128}\")[ \t]{1,4}){0,4}' +
            '(?![/*]|\\{0,4}\"/)))' + $word
            '((?<![\w.-])net1?(?:\.exe)?[ \t]{1,4}user[ \t]{1,4}(?:\"[^\"\r\n]{1,128}\"|[^\s\"/]\S{0,127})[ \t]{1,4})' +
            '(?![/*])([\"'']?)[^\s\"'']+\2(?=[ \t]{0,8}(?:$|[\"''&|;)}\r]|/[a-z]))'
            '((?<![\w-])(?:(?-i:-U)[ \t]{0,4}|--user[ \t=]{1,4}|user(?:name)?=(?![^\s%]{1,128}%(?:40|5c|2[0bcdef5]' +
            '|c3)))[\"'']?[\w.\\/@+-]{1,128}%)()(?!\w{1,64}%|\*{3})[^\s\"'',;]{4,}'
            '((?<![\w.-])(?:(?:sqlplus|sqlldr|rman|expdp|impdp)' + $arguments + '(?:userid=)?)[\w$#]{1,64}/)()(?!\*{3})[^\s@\"''/]{1,128}(?=@)'
            '((?<![\w.-])(?:echo|printf)[ \t]{1,4}(?:-[ne]{1,2}[ \t]{1,4})?)()(?![$*]|-[ne]{1,2}[ \t])[^\r\n|]{1,256}?' +
            '(?=[ \t]{0,4}\|[ \t]{0,4}(?:(?:sudo[ \t]{1,4})?(?:(?:ch)?passwd|cryptsetup|kinit)(?![\w.])' +
            '|sudo[ \t]{1,4}(?-i:-S)|[^\r\n|]{0,128}--(?:password-stdin|passphrase-fd)))'
            '((?<![\w.*:-])(?:[\w.*-]{1,255}):(?:\*|\d?[56]\d3\d|6543|26257):[\w.*$-]{1,64}:[\w.*$@-]{1,64}:)()(?!\*{3})(?:\\[^\r\n]' +
            '|[^\s\\\"'':])+(?![^\s\"''])'
            '()()\$(?:[1567y]|2[abxy]?|gy|apr1|sha1|argon2(?:id?|d))\$[\w./,=+-]{1,64}\$[\w./$,=+-]{20,}'
            '((?<![\w.-])(?:create|alter|grant)[ \t][^\r\n;]{1,256}?[ \t]identified[ \t]{1,4}(?:with[ \t]{1,4}\S{1,64}[ \t]{1,4})?(?:by' +
            '|as)[ \t]{1,4}(?:password[ \t]{1,4})?(?=[\"'']))' + $word
            '((?<![\w.-])(?:machine\s{1,8}\S{1,255}|default)(?:(?:\s{1,8}(?:login|account' +
            '|port)\s{1,8}\S{1,255}){1,3}\s{1,8}password\s{1,8}|\s{1,8}password\s{1,8}(?=\S{1,255}\s{1,8}(?:login|account)\s)))' + $value
            '((?<![\w.-])(?:user(?:name)?|login|connect)[ \t]{1,8}\S{1,128}[ \t]{1,8}(?:password|secret)[ \t]{1,8}(?:\d[ \t]{1,8})?)' + $said + $value
            '((?<![\w.-])(?:vault[ \t]{1,4}(?:operator[ \t]{1,4})?(?:login|unseal)(?:[ \t]{1,4}-[\w=-]{1,64}){0,4}|ngrok' + $arguments +
            '(?:add-)?authtoken|mysqladmin' + $arguments + 'password|^[ \t]{0,256}r[ow]community6?)[ \t]{1,4})' + $said + $value
            '((?<!\w):[ \t]{1,8}(?-i:PSK|XAUTH|EAP|NTLM)[ \t]{1,8})(?=\")' + $value
            '^([ \t]{0,256}(?:proxy-)?user[ \t]{0,8}[=:][ \t]{0,8}[\"'']?[\w.\\@+-]{1,128}:)()' + $said + '[^\s\"'']+(?=[\"'']?[ \t]{0,8}\r?$)'
            '((?<![\w.-])[\w-]{1,64}\.(?:[\w-]{1,32}-)?(?:psk|password)[ \t]{1,8})' + $said + $value
            '((?<![\w.-])(?:with[ \t]{1,4}(?:encrypted[ \t]{1,4})?password[ \t]{1,4}|(?-i:PASSWORD)\()(?=[\"'']))' + $value
            '((?:(?<![\w.-])set(?:x|env)(?:\.exe)?[ \t]{1,4}(?:/m[ \t]{1,4})?|(?<![a-z])(?:add|append|put' +
            '|set)[a-z_]{0,32}\([ \t]{0,4}[\"''])[\w.-]{0,128}?' + $name + (& $end '[\"'' \t]') +
            '(?:[\"''],[ \t]{0,4}(?=[\"''])|[ \t]{1,4}))' + $value
            '(credential(?:\]?::new)?\([ \t]{0,4}(?:\"[^\"\r\n]{0,128}\"|''[^''\r\n]{0,128}''|[$\w.]{1,64}),[ \t]{0,4}(?=[\"'']))' + $value
        )
        look_commands = $look_commands
        proxy_begin = $proxy_begin
        place = '(' + $proxy_begin + '(?:[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}|\[[0-9a-f:.]{2,45}\]|[\w.*<>-]{1,255})' +
        '(?::\d{1,5}(?!\d))?(?:/\d{1,3}(?!\d)|/)?)([\s\S]*?)([\"'')\]}]{0,4})\Z'
        proxy_name = '\A(?:(?:(?:https?|all|ftp|no)_)?proxy|httpproxy\.host|proxyserver|proxy_(?:host|32))\Z'
        proxy_text = '(?<![\w.-])((?:(?:https?|all|ftp)_proxy|httpproxy\.host)[\"'']?[ \t]{0,8}[=:][ \t]{0,8})([^\r\n]{0,4096}@)?([^\s,;\\]*)'
        scheme = '(?<![a-z])(?!file:)[a-z][a-z0-9+.-]{0,20}://+|(?<![\w/.:])//+|(?<![a-z])(?:https?|ftp|socks\d?)(?::/|//?)'
        host = '\A(?:[\w-]{1,63}(?:\.[\w-]{1,63}){1,32}|localhost|\[[0-9a-f:.]{2,45}\])?(?::\d{1,5})?\Z'
        user = '(?<![^\"''=,;([{<|&>/])(?!(?:mailto|e?-?mail|from|to|cc|bcc|reply-to|sender|contact|sips?|xmpp|acct):|[a-z]:[\\/])' +
        '[^:/@\"''=,;()\[\]{}<>|&]{1,256}:(?!/)'
        no_host = '\A(?:[\w.:\\-]{0,256}\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)(?:\(\d\))?\W{0,8}\Z' +
        '|sha\d{3}:)'
        parameters = '\A(?:amp|comp|restype|type|kind|api-version|version|format|incarnation|timeout|prefix|delimiter|resource|view|tabs' +
        '|sv|ss|sr|srt|sp|spr|st|se|si|sip)\Z'
    }
}

Function Hide-VmbSecret {
    # The text without its secrets.
    param ([string]$Text, [System.Collections.IDictionary]$Masking = (Get-VmbMasking))
    Hide-VmbText (Limit-VmbLine (Get-VmbPlainText $Text)) $Masking
}

Function Get-VmbPlainText {
    # The text without NULs: of UTF-16 that was read as something else, they stand between all letters.
    param ([string]$Text)
    if ($Text.IndexOf([char]0) -lt 0) { $Text } else { $Text.Replace([string][char]0, '') }
}

Function Hide-VmbTree {
    # The value without its secrets, at any depth; -Name is the key that it stands under. What only brings back a state goes.
    param ($Value, $Name, [System.Collections.IDictionary]$Masking = (Get-VmbMasking))
    if ($Value -is [psobject]) { $Value = $Value.PSObject.BaseObject }
    if ($Value -is [string]) { $Value = Get-VmbPlainText $Value }
    $kind = if ($Name -is [string]) { Get-VmbSecretKind (Get-VmbPlainText $Name) $Masking }
    if ($Value -is [System.Collections.IDictionary]) {
        $hidden = [ordered]@{}
        $own = if ($Value['name']) { $Value['name'] } elseif ($Value['key']) { $Value['key'] } else { $Name }
        foreach ($pair in $Value.GetEnumerator()) {
            if ($pair.Key -eq 'exact') { continue }
            $key = switch ($pair.Key) {
                'type' { '' }
                'value' { $own }
                'text' { $Name }
                default { if ($kind -eq 'secret') { $Name } else { $pair.Key } }
            }
            # REG_BINARY: base64 of bytes, masked where they were read. The rest is what most facts are, for less than a call.
            $is_plain = $null -eq $pair.Value -or $Value['type'] -eq 'REG_BINARY' -or ($Masking.kinds[$key] -eq '' -and ($pair.Value -is [ValueType] -or
                    ($pair.Value -is [string] -and $pair.Value.Length -le 4096 -and $pair.Value.IndexOf([char]0) -lt 0 -and
                        -not $Masking.suspect[0].IsMatch($pair.Value))))
            $shown = if ($Masking.suspect[0].IsMatch((Get-VmbPlainText $pair.Key))) { Hide-VmbSecret $pair.Key $Masking } else { $pair.Key }
            $hidden[$shown] = if ($is_plain) { $pair.Value } else { Hide-VmbTree $pair.Value $key $Masking }
        }
        return $hidden
    }
    if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string]) {
        $hidden = [System.Collections.ArrayList]::new()
        $before = @()
        foreach ($item in $Value) {
            $masked = Hide-VmbTree $item $Name $Masking
            # Of the words of a command, those before may say that it is a secret.
            $words = @($before | Where-Object { $_ -is [string] -and $_ -match '^\s*\S+\s*$' })
            $form = if ($item -match '^\s*\S+\s*$') { '{0}' } else { '"{0}"' }
            # They are not the beginning of a line, whose rest would be a value; and a bracket may close behind them.
            $text = (Get-VmbPlainText (@(@('.') + $words + ($form -f $item)) -join ' ')) + '}'
            if ($words -and $item -is [string] -and $item -and $Masking.suspect[0].IsMatch($text)) {
                if (-not (Hide-VmbSecret $text $Masking).EndsWith(($form -f $masked) + '}')) {
                    $masked = '***' + $item.Substring($item.TrimEnd('})],;'.ToCharArray()).Length)
                }
                elseif ($form -ne '{0}') { $masked = $Masking.whole[0].Replace($masked, '$1***') }
            }
            $null = $hidden.Add($masked)
            $before += , $item
            if ($before.Count -gt 8) { $before = $before[1..8] }
        }
        return , $hidden.ToArray()
    }
    if ($null -eq $Value -or $Value -is [bool]) { return $Value }
    if ($kind -eq 'secret') { return $(if ($Masking.harmless[0].IsMatch([string]$Value)) { $Value } else { '***' }) }
    if ($Value -isnot [string]) { return $Value }
    if ($kind -eq 'proxy' -and ($Value.Contains('@') -or $Value.Trim() -notmatch '\s')) { return Hide-VmbForm (Hide-VmbProxy $Value $Masking) $Masking }
    if ($Value.Length -gt 4096 -or $Masking.suspect[0].IsMatch($Value)) { Hide-VmbSecret $Value $Masking } else { $Value }
}

Function Hide-VmbProxy {
    # A proxy, or a list of proxies or exceptions, made anew from scheme, host and port.
    param ([string]$Text, [System.Collections.IDictionary]$Masking = (Get-VmbMasking))
    $at = $Text.LastIndexOf('@')
    $begin = if ($at -ge 0) { $Masking.proxy_begin[0].Match($Text.Substring(0, $at)).Value + '***@' }
    $pieces = @([regex]::Split($Text.Substring($at + 1), '([,;\s]+)'))
    # Behind the credentials one place is sure to be a host; words after it may be anything.
    if ($begin -and $pieces.Count -gt 2) { $pieces = @($pieces[0], $pieces[1], $(if ($pieces.Count -gt 3 -or $pieces[2]) { '***' })) }
    $places = foreach ($piece in $pieces) {
        $parts = $Masking.place[0].Match([string]$piece)
        if ($parts.Success) { $parts.Groups[1].Value + $(if ($parts.Groups[2].Length) { '***' }) + $parts.Groups[3].Value }
        elseif ($piece -match '\w') { '***' }
        else { $piece }
    }
    $begin + (-join $places)
}

Function Hide-VmbBlob {
    # The bytes of WinHttpSettings or DefaultConnectionSettings with the texts in them masked, and their lengths made true.
    param ([byte[]]$Bytes)
    $latin1 = [System.Text.Encoding]::GetEncoding(28591)
    $text = $latin1.GetString($Bytes)
    $offset = [Math]::Min(12, $text.Length)
    $hidden = $text.Substring(0, $offset)
    while ($offset + 4 -le $text.Length) {
        $length = [BitConverter]::ToUInt32($Bytes, $offset)
        if ($length -gt $text.Length - $offset - 4) { break }
        $part = $text.Substring($offset + 4, $length)
        # A script's address is no proxy.
        $part = if ($part -match '://[^/]*/.') { Hide-VmbSecret $part } else { Hide-VmbProxy $part }
        $hidden += $latin1.GetString([BitConverter]::GetBytes([uint32]$part.Length)) + $part
        $offset += 4 + $length
    }
    , $latin1.GetBytes($hidden + ($text.Substring($offset) -replace '[\x21-\x7e]', '*'))
}

Function Limit-VmbText {
    # The beginning of a text without its secrets. Cut last: half a secret is not known for one.
    param ([string]$Text, [int]$Length)
    $text = Hide-VmbSecret $Text
    if ($text.Length -gt $Length) { $text.Substring(0, $Length) } else { $text }
}

Function Limit-VmbLine {
    # The text with lines of 4096 characters at most. A line ends with its last whole word: what is cut may be a secret.
    param ([string]$Text)
    if ($Text.Length -le 4096) { return $Text }
    $lines = foreach ($line in $Text.Split([char]10)) {
        if ($line.Length -le 4096) { $line; continue }
        $line = $line.Substring(0, 4092).TrimEnd()
        $line.Substring(0, [Math]::Max(0, $line.LastIndexOfAny(" `t".ToCharArray()))).TrimEnd() + ' ...'
    }
    $lines -join "`n"
}

Function Get-VmbSecretKind {
    # What a key says of its value: secret, proxy, or nothing.
    param ([string]$Name, [System.Collections.IDictionary]$Masking)
    $kind = $Masking.kinds[$Name]
    if ($null -eq $kind) {
        $kind = if ($Masking.proxy_name[0].IsMatch($Name)) { 'proxy' } elseif ($Masking.secret_name[0].IsMatch($Name)) { 'secret' } else { '' }
        $Masking.kinds[$Name] = $kind
    }
    $kind
}

Function Hide-VmbText {
    # A text of short lines without its secrets.
    param ([string]$Text, [System.Collections.IDictionary]$Masking)
    $text = $Text
    if ($text -match 'proxy') {
        $text = $Masking.proxy_text[0].Replace($text, { param ($found) $found.Groups[1].Value + (Hide-VmbProxy ($found.Groups[2].Value + $found.Groups[3].Value)) })
    }
    $marks = '@%?'.ToCharArray()
    $words = foreach ($word in [regex]::Split($text, '(\s+)')) {
        if ($word.Length -lt 16 -and $word.IndexOfAny($marks) -lt 0) { $word; continue }
        # A log repeats its words, and a call costs more than all else.
        $hidden = $Masking.words[$word]
        if ($null -eq $hidden) {
            if ($Masking.words.Count -gt 4096) { $Masking.words.Clear() }
            $hidden = Hide-VmbWord $word $Masking
            if ($word.Length -lt 1024) { $Masking.words[$word] = $hidden }
        }
        $hidden
    }
    $text = -join $words
    if ($Masking.name[0].IsMatch($text)) { foreach ($rule in $Masking.named) { $text = $rule.Replace($text, '$1$2***$2') } }
    Hide-VmbForm $text $Masking
}

Function Hide-VmbForm {
    # A text without what shows by itself that it is a secret, even where a host is expected.
    param ([string]$Text, [System.Collections.IDictionary]$Masking)
    $text = $Text
    foreach ($rule in $Masking.forms) { $text = $rule.Replace($text, '$1$2***$2') }
    if ($Masking.look_commands[0].IsMatch($text)) { foreach ($rule in $Masking.commands) { $text = $rule.Replace($text, '$1$2***$2') } }
    $text
}

Function Hide-VmbWord {
    # One word of a text: decoded where that shows a secret, and without credentials and parameters of addresses.
    param ([string]$Word, [System.Collections.IDictionary]$Masking)
    $text = $Word
    if ($text.Contains('%')) {
        $plain = [regex]::Replace($text, '%([0-9A-Fa-f]{2})', { param ($code) [string][char][Convert]::ToInt32($code.Groups[1].Value, 16) })
        $hidden = if ($plain -ceq $text) { $plain } else { Hide-VmbText $plain $Masking }
        if ($hidden -cne $plain) { return $hidden }
    }
    if ($text -match '[\w+/-]{16}') { $text = [regex]::Replace($text, '[\w+/-]{16,}={0,2}', { param ($code) Hide-VmbCode $code.Value }) }
    if ($text.Contains('@')) { $text = Hide-VmbCredential $text $Masking }
    $scheme = $text.IndexOf('://')
    $question = if ($scheme -ge 0) { $text.IndexOf('?', $scheme) } else { -1 }
    if ($question -lt 0) { return $text }
    $text.Substring(0, $question + 1) + [regex]::Replace($text.Substring($question + 1), '[^&;#]+', { param ($pair) Hide-VmbParameter $pair.Value })
}

Function Hide-VmbCode {
    # base64 of a text that holds a secret.
    param ([string]$Code)
    $plain_code = $Code.TrimEnd('=').Replace('-', '+').Replace('_', '/')
    if ($plain_code -notmatch '^[A-Za-z0-9+/]+$' -or $plain_code.Length % 4 -eq 1) { return $Code }
    $bytes = [Convert]::FromBase64String($plain_code + '=' * ((4 - $plain_code.Length % 4) % 4))
    $plain = [System.Text.Encoding]::GetEncoding(28591).GetString($bytes)
    if ($plain -notmatch '[^\s\x20-\x7e]' -and (Hide-VmbText $plain (Get-VmbMasking)) -cne $plain) { '***' } else { $Code }
}

Function Hide-VmbCredential {
    param ([string]$Word, [System.Collections.IDictionary]$Masking)
    $at = $Word.LastIndexOf('@')
    if ($at -lt 0) { return $Word }
    # A record of fields, each of which may be one.
    if ($Word.Substring(0, $at) -match '\|\w{1,32}=') { return @(foreach ($field in $Word.Split('|')) { Hide-VmbCredential $field $Masking }) -join '|' }
    $before, $after = $Word.Substring(0, $at), $Word.Substring($at + 1)
    $scheme = $Masking.scheme[0].Match($before)
    if ($scheme.Success) {
        $begin = $before.Substring(0, $scheme.Index + $scheme.Length)
        $place = $before.Substring($begin.Length)
        $end = $place.IndexOfAny('/?#'.ToCharArray())
        # An at sign in the path of an address; but a password may hold a slash, before a host and its port.
        if ($end -ge 0 -and $Masking.host[0].IsMatch($place.Substring(0, $end)) -and $after -notmatch '^[\w.-]{1,255}:\d') { return $Word }
        return "$begin***@$after"
    }
    if ($Masking.no_host[0].IsMatch($after)) { return $Word }
    $user = $Masking.user[0].Match($before)
    if ($user.Success) { $before.Substring(0, $user.Index) + "***@$after" } else { $Word }
}

Function Hide-VmbParameter {
    param ([string]$Pair)
    $name, $value = $Pair -split '=', 2
    $told = if ($value) { $value } else { $name }
    if ((Get-VmbMasking).parameters[0].IsMatch($name) -or -not $told.Trim('*')) { return $Pair }
    if ($Pair.Contains('=')) { "$name=***" } else { '***' }
}

Export-ModuleMember -Function '*-Vmb*'
