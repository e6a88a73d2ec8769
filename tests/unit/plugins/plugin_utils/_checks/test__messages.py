# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error numbers of Windows in the writings in which programs print them."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks._messages import rows_for
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows._numbers import with_errors
from ansible_collections.vmbackup.azure.plugins.plugin_utils._knowledge import rows
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from windows_states import GONE, HEALTHY, agent_log, agent_says, edited, event, failed_run


@pytest.mark.parametrize(
    "text",
    [
        "0x800423F3",
        "hr = -2147212301",
        "ended with 2147754995.",
        "[hresult:800423f3]",
        "failed (800423F3)",
        "HRESULT = 0X800423F3L",
        "hr: 800423f3UL",
    ],
)
def test_a_number_names_its_cause_in_any_writing(text):
    assert [row.cause for row in rows_for(text)] == ["vss_writers"]


@pytest.mark.parametrize(
    "text",
    [
        "task 2147754995123",
        "version 1.2147754995",
        "disk 800423f3-4ab4-4d07-adb0-3bee2926fd7f",
        "hr = -9147212301",
        "at 0x1800423F3",
        "800423F3LL",
    ],
)
def test_other_numbers_name_nothing(text):
    assert [row.cause for row in rows_for(text)] == []


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("System.Net.WebException: TrustFailure", "storage_https_443"),
        ("System.Net.WebException: NameResolutionFailure", "dns_resolution"),
        ("System.Net.WebException: ProxyNameResolutionFailure", "proxy_reachable"),
        ("Skipping processing of extensions since execution of dependent extension A.B.C failed", "other_extensions"),
    ],
)
def test_words_of_no_language(text, cause):
    assert [row.cause for row in rows_for(text)] == [cause]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Le module a quitt\u00e9 (-1073741515)", "vcredist"),
        ("MSVCP140.dll was not found", "vcredist"),
        ("vcredist ended with 1618", "msiserver"),
        ("Exit code: 3010", "pending_reboot"),
        ("0x80070BC2", "pending_reboot"),
        ("hr 0x800711C7", "applocker"),
        ("(80090016)", "tenant_cert"),
        ("hr=0x80070430", "iaasvmprovider"),
        ("Ausnahme von HRESULT: 0x8007042C", "service_dependencies"),
        ("System.Management.ManagementException: Fehler beim Laden des Anbieters", "wmi"),
        ("0x80041013", "wmi"),
        ("0x80131700", "dotnet"),
        ("0x80042317", "shadow_storage"),
        ("800705AF", "page_file"),
        ("80040206", "comsysapp"),
        ("800700E1", "av_exclusion"),
        ("SecureChannelFailure", "strong_crypto"),
        ("VSS_E_HOLD_WRITES_TIMEOUT", "disk_iops"),
        ("Alphaleonis.Win32.Vss.VssProviderNotRegisteredException", "vss_provider"),
        ("VssSnapshotSetInProgressException", "other_backup_products"),
        ("VSS_E_INSUFFICIENT_STORAGE", "disk_space"),
        ("VssBadStateException", "vss_service"),
        ("VSS_E_UNEXPECTED", "vss_service"),
        ("VSS_E_UNEXPECTED_PROVIDER_ERROR", "vss_provider"),
        ("VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED", "shadow_storage"),
        ("UserErrorExtensionConfigParsingFailure", "machinekeys_acl"),
        ("0x80090326", "strong_crypto"),
        ("-2146762487", "storage_https_443"),
        ("0x8009200C", "tenant_cert"),
        ("80090010", "machinekeys_acl"),
        ("Der Befehl wurde beendet (-1073741502)", "desktop_heap"),
        ("vcredist ended with 1625", "msiserver"),
        ("0x8004E00F", "msdtc"),
        ("Installer exited with code 1455", "page_file"),
        ("System.ComponentModel.Win32Exception (1393): x", "disk_errors"),
        ("process exit code -1073741801", "memory_use"),
        ("NTSTATUS 0xC0000428", "applocker"),
        ("hr: 80092013", "storage_https_443"),
        ("System.DllNotFoundException", "plugin_files"),
        ("System.IO.InvalidDataException: Fin introuvable", "plugin_files"),
        ("0x8007045D", "disk_errors"),
        ("Cannot find anymore diff area candidates for volume E:", "shadow_storage"),
        ("System.Net.Sockets.SocketException (11004): x", "dns_resolution"),
        ("hr 80072EE7", "dns_resolution"),
        ("WebException: Impossibile risolvere il nome remoto: 'md-x.z1.blob.storage.azure.net'", "dns_resolution"),
        ("Não foi possível resolver o nome: 'acc.blob.core.chinacloudapi.cn'", "dns_resolution"),
        ("hr = -2146233052", "plugin_files"),
        ("SocketException (10061): x 20.60.1.4:443", "storage_https_443"),
        ("SocketException (10060): x 168.63.129.16:32526", "hostga_tcp_32526"),
        ("WinHttp 0x80072F06", "storage_https_443"),
        ("0x8007271D", "guest_firewall"),
        ("-2147014841", "memory_use"),
        ("CryptographicException: -2146893819", "tenant_cert"),
        ("CryptographicException (0x80070002): Le fichier est introuvable", "tenant_cert"),
        ("SEC_E 0x80090302", "strong_crypto"),
        ("SnapshotOperationRateExceeded", "other_backup_products"),
        ("System.ComponentModel.Win32Exception (225): x", "av_exclusion"),
        ("System.ComponentModel.Win32Exception (121): x", "disk_iops"),
        ("-2147467238", "comsysapp"),
        ("hr = 0x8004231E", "shadow_storage"),
        ("VSS_E_UNEXPECTED_WRITER_ERROR 0x80042315", "vss_writers"),
        ("ASR: 0x80042404", "vss_writers"),
        ("VssRebootRequiredException", "pending_reboot"),
        ("VSS_E_TRANSACTION_THAW_TIMEOUT", "disk_iops"),
        ("-2147212498", "csv_writer"),
        ("hr: 0x800701B1", "disk_errors"),
        ("NTSTATUS C000009C", "disk_errors"),
        ("exited with 14001", "vcredist"),
        ("0x80042311", "vss_writers"),
        ("0x80090019", "tenant_cert"),
        ("0x800B010F", "storage_https_443"),
        ("CopyFile: ERROR_HANDLE_DISK_FULL", "disk_space"),
        ("ERROR_NO_SYSTEM_RESOURCES", "memory_use"),
        ("ERROR_COMMITMENT_LIMIT", "page_file"),
        ("CO_E_SERVER_EXEC_FAILURE", "comsysapp"),
        ("CLSID {0B5A2C52-3EB9-470A-96E2-6C6D4570E40F}: REGDB_E_CLASSNOTREG 80040154", "vss_service"),
        ("CLSID {4E14FBA2-2E22-11D1-9964-00C04FBBB345}: 0x80040154", "comsysapp"),
        (
            r"UnauthorizedAccessException: Zugriff auf 'C:\ProgramData\Microsoft\Crypto\SystemKeys\1' x",
            "crypto_dirs_acl",
        ),
        (r"UnauthorizedAccessException: 'C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys'", "machinekeys_acl"),
    ],
)
def test_what_the_numbers_of_windows_name(text, cause):
    assert [row.cause for row in rows_for(text)] == [cause]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("CryptographicException: O conjunto de chaves não existe.", "tenant_cert"),
        ("CryptographicException: Le jeu de cl\u00e9s n\u2019existe\u00a0pas.", "tenant_cert"),
        (
            "CryptographicException: \u30ad\u30fc \u30bb\u30c3\u30c8\u304c\u3042\u308a\u307e\u305b\u3093\u3002",
            "tenant_cert",
        ),
        ("Win32Exception: Le fichier de pagination est insuffisant pour terminer cette opération", "page_file"),
        ("Win32Exception: O ARQUIVO DE PAGINAÇÃO É MUITO PEQUENO para que esta operação seja concluída", "page_file"),
        ("IOException: Spazio su disco insufficiente.", "disk_space"),
        ("Win32Exception: Ce programme est bloqué par une stratégie de groupe.", "applocker"),
        ("Win32Exception: o arquivo contém um vírus ou software potencialmente indesejado", "av_exclusion"),
        ("IOException: Datenfehler (CRC-Prüfung).", "disk_errors"),
        ("Ressources système insuffisantes pour terminer le service demandé", "memory_use"),
        ("IOException: Não há espaço suficiente no disco.", "disk_space"),
        ("WebException: Der Remotename konnte nicht aufgelöst werden: 'host'", "dns_resolution"),
        ("WebException: Le nom distant n'a pas pu être résolu: 'host'", "dns_resolution"),
        ("WebException: L'indirizzo remoto: Errore del server remoto: (407) x", "proxy_reachable"),
        ("The creation of a shadow copy is in progress", "other_backup_products"),
        ("The shadow copy provider timed out while holding writes to the volume", "disk_iops"),
        ("It has already reached the maximum number of supported shadow copies", "shadow_storage"),
    ],
)
def test_sentences_of_any_language_name_their_cause(text, cause):
    assert [row.cause for row in rows_for(text)] == [cause]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Für den geschützten SSL/TLS-Kanal konnte keine Vertrauensstellung hergestellt werden.", "storage_https_443"),
        ("Impossible d'établir une relation de confiance pour le canal sécurisé SSL/TLS.", "storage_https_443"),
        ("Richiesta annullata: Impossibile creare un canale sicuro SSL/TLS.", "strong_crypto"),
        ("Não foi possível criar um canal seguro para SSL/TLS.", "strong_crypto"),
    ],
)
def test_sentences_of_tls_name_their_cause_on_any_windows(text, cause):
    assert [row.cause for row in rows_for(text) if not row.found] == [cause]


@pytest.mark.parametrize(
    "text", ["Der Schlüsselsatz wurde erstellt", "Line (407)", "Auslagerungsdatei", "disco insuficiente"]
)
def test_other_sentences_name_nothing(text):
    assert [row.cause for row in rows_for(text)] == []


@pytest.mark.parametrize("row", rows("sentences"), ids=lambda row: row["means"])
def test_each_sentence_names_what_its_error_names(row):
    causes = {known.cause for known in rows_for(row["means"])}
    assert row["source"].startswith("https://")
    for text in row["texts"]:
        assert with_errors(f"x {text}.").endswith(f" {row['means']}")
        assert causes <= {known.cause for known in rows_for(f"x {text}.")}, text


def test_the_agents_log_tells_of_its_key_in_any_language():
    line = "[00000011] [11/23/2026 08:04:12.950] [ERROR] CryptographicException: El conjunto de claves no existe."
    assert diagnose(edited(agent_log(line)))["first_cause"] == "tenant_cert"


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (event(7000, "Distributed Transaction Coordinator", "%%1455", "MSDTC"), "memory_use"),
        (event(7024, "Volumeschattenkopie", "%%8", "VSS"), "memory_use"),
        (event(7000, "Distributed Transaction Coordinator", "%%1053", "MSDTC"), "msdtc"),
        (event(7000, "Contoso", "%%1455", "Contoso"), "msdtc"),
        (event(7000, "Distributed Transaction Coordinator", "%%1455", "MSDTC", time="2026-11-22T23:00:00Z"), "msdtc"),
    ],
)
def test_a_service_that_did_not_start_for_lack_of_memory(found, cause):
    name = {"VSS": "ExtensionFailedVssServiceInBadState"}.get(found["data"][-1], "ExtensionInstallationFailedMDTC")
    edits = {"services.MSDTC.state": "Stopped", "events.service_failures": [found], **failed_run(name)}
    assert diagnose(edited(edits))["first_cause"] == cause


def test_writers_fail_of_memory_that_the_run_lacked():
    broken = {"backup.writers.1.state": 7, **failed_run("VssWriterInBadState")}
    found = event(2020, provider="Srv")
    assert diagnose(edited({**broken, "events.memory_exhausted": [found]}))["first_cause"] == "memory_use"
    old = {**found, "time": "2026-11-22T08:00:30Z"}
    assert diagnose(edited({**broken, "events.memory_exhausted": [old]}))["first_cause"] == "vss_writers"


@pytest.mark.parametrize(
    "text",
    [
        "SocketException (10060): x 168.63.129.16:80",
        "SocketException (10048): x",
        "port 11001",
        "exit code 225",
        "exited with code 16180",
        "build 1618",
        "Exit code: 30",
        "kb 3010",
        "0x800710C7",
        "CLSID {00024500-0000-0000-C000-000000000046}: 0x80040154",
        "CLSID {E579AB5F-1CC4-44B4-BED9-DE0991FF0623}: ok",
    ],
)
def test_numbers_that_only_look_like_these(text):
    assert [row.cause for row in rows_for(text)] == []


@pytest.mark.parametrize(
    ("kind", "found", "cause"),
    [
        ("vss_errors", event(12289, "DeviceIoControl", "0x8007000e"), "memory_use"),
        ("vss_errors", event(8193, "x", "0x80042319"), "vss_writers"),
        ("volume_timeouts", event(6, "", "C:"), "memory_use"),
        ("volume_timeouts", event(15, "", "C:"), "memory_use"),
        ("volume_timeouts", event(9, "C:"), "disk_iops"),
        ("volume_timeouts", event(20, "", "C:"), "shadow_storage"),
        ("volume_timeouts", event(40, "", "C:", "D:"), "shadow_storage"),
        ("memory_exhausted", event(2020, provider="srv"), "memory_use"),
        ("disk_errors", event(154, "1", provider="disk"), "disk_errors"),
        ("dotnet_crashes", event(1026, "Application: IaasVmProvider.exe System.OutOfMemoryException"), "memory_use"),
        ("vss_errors", event(12292, "{b5946137-7b9f-4925-af80-51abd60b20d5}", "0x80040154"), "vss_provider"),
        ("vss_errors", event(13, "{e579ab5f-1cc4-44b4-bed9-de0991ff0623}", "IVssCoordinatorEx2", "x"), "vss_service"),
        ("vss_errors", event(12301, "{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}"), "vss_writers"),
        ("vss_errors", event(24583, "ICommandText::Execute", "0x80040e14", provider="SQLWRITER"), "vss_writers"),
        ("vss_errors", event(22, "{e579ab5f-1cc4-44b4-bed9-de0991ff0623}", "Coordinator", "0x80040154"), "vss_service"),
        ("service_failures", event(7000, "Fournisseur", "%%1083", "swprv"), "vss_service"),
        ("application_crashes", event(1000, "VSSVC.EXE", "10.0", "0x1", "ntdll.dll"), "vss_service"),
        ("application_crashes", event(1000, "DllHost.exe", "10.0", "0x1", "ntdll.dll"), "comsysapp"),
        ("application_crashes", event(1000, "dllhost.exe", "10.0", "0x1", "IaaSVmProvider.dll"), "vss_provider"),
        ("application_crashes", event(1000, "svchost.exe_EventSystem", "10.0", "0x1", "es.dll"), "comsysapp"),
        ("application_crashes", event(1000, "svchost.exe", "10.0", "0x1", "SWPRV.DLL"), "vss_service"),
        ("application_crashes", event(1000, "MSDTC.EXE", "10.0", "0x1", "ntdll.dll"), "msdtc"),
        ("application_crashes", event(1000, "svchost.exe_CryptSvc", "10.0", "0x1", "ntdll.dll"), "vss_writers"),
        ("service_failures", event(7031, "Infrastructure de gestion", "1", "0", "1", "x", "Winmgmt"), "wmi"),
        ("service_failures", event(7034, "CNG-Schl\u00fcsselisolation", "1", "KeyIso"), "keyiso"),
        ("service_failures", event(7034, "COM+-Ereignissystem", "1", "EventSystem"), "comsysapp"),
        ("service_failures", event(7000, "Windows Installer", "%%1058"), "msiserver"),
        ("service_failures", event(7034, "SQL Server VSS Writer", "1", "SQLWriter"), "vss_writers"),
        ("service_failures", event(7034, "Hyper-V Volume Shadow Copy Requestor", "1", "vmicvss"), "ext_status"),
        ("service_failures", event(7034, "Contoso VSS Provider", "1", "ContosoVss"), "ext_status"),
        ("service_failures", event(7023, "Volumeschattenkopie", "%%5", "VSS"), "vss_service"),
        ("vss_errors", event(22, "{4e14fba2-2e22-11d1-9964-00c04fbbb345}", "CEventSystem", "x"), "comsysapp"),
    ],
)
def test_an_event_of_the_run_names_the_cause(kind, found, cause):
    result = diagnose(edited({f"events.{kind}": [found], **failed_run("Snapshot command failed")}))
    assert result["first_cause"] == cause
    assert diagnose(edited({f"events.{kind}": [found]}))["verdict"] == "ready"
    earlier = {**found, "time": "2026-11-23T01:00:00Z"}
    result = diagnose(edited({f"events.{kind}": [earlier], **failed_run("Snapshot command failed")}))
    assert result["first_cause"] == "ext_status"


def test_a_crash_of_another_program_names_nothing():
    crash = {"events.dotnet_crashes": [event(1026, "Application: Shop.exe System.OutOfMemoryException")]}
    assert diagnose(edited({**crash, **failed_run("Snapshot command failed")}))["first_cause"] == "ext_status"


@pytest.mark.parametrize(
    ("code", "cause"), [("c0000006", "disk_errors"), ("0xc0000142", "desktop_heap"), ("c0000005", "av_exclusion")]
)
def test_the_number_with_which_the_extension_crashed_goes_before_the_crash(code, cause):
    crash = event(1000, "IaaSBcdrExtension.exe", "1", "0x1", "ntdll.dll", "10", "0x2", code)
    state = {"events.application_crashes": [crash], **failed_run("Snapshot command failed")}
    assert diagnose(edited(state))["first_cause"] == cause


@pytest.mark.parametrize(
    ("edits", "cause"),
    [
        ({}, "ext_status"),
        ({"load.cpu.percent": 99.0}, "cpu_load"),
        ({"load.memory.used_percent": 99.0, "load.memory.available_mib": 60}, "memory_use"),
    ],
)
def test_an_extension_that_does_not_answer_follows_from_a_guest_without_room(edits, cause):
    result = diagnose(edited({**agent_says("Unresponsive", message="no word for 10 minutes"), **edits}))
    assert result["first_cause"] == cause


def test_a_file_that_antivirus_holds_is_told_by_its_number():
    assert diagnose(edited(failed_run("(-2147024864)")))["first_cause"] == "av_exclusion"
    nothing = {"security.antivirus_filters": [], **failed_run("(-2147024864)")}
    assert diagnose(edited(nothing))["first_cause"] == "ext_status"


@pytest.mark.parametrize("own", [0, 1])
def test_a_socket_that_storage_closed_is_one_of_tls_where_that_is_old(own):
    old = {"dotnet.crypto_v4.native": {"SchUseStrongCrypto": own}}
    first = diagnose(edited({**old, **failed_run("System.Net.Sockets.SocketException (10054): x")}))["first_cause"]
    assert first == ("ext_status" if own else "strong_crypto")


def test_the_crash_of_another_program_that_names_the_agent_is_none_of_the_agent():
    path = r"C:\Tools\WindowsAzureGuestAgent.exe.dmp"
    crash = event(1000, "viewer.exe", "1", "0x1", "ntdll.dll", "10", "0x2", "c0000005", path)
    told = event(1026, f"Application: viewer.exe\nException Info: System.IO.IOException {path}")
    state = edited({"events.application_crashes": [crash], "events.dotnet_crashes": [told]})
    assert diagnose(state)["verdict"] == "ready"


def test_the_number_with_which_the_agent_crashed_names_its_cause():
    crash = event(1000, "WaAppAgent.exe", "1", "0x1", "ntdll.dll", "10", "0x2", "c0000017")
    down = {"services.RdAgent": {**HEALTHY["services"]["RdAgent"], "state": "Stopped"}}
    assert diagnose(edited({"events.application_crashes": [crash], **down}))["first_cause"] == "memory_use"


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ("System.OutOfMemoryException", "memory_use"),
        (
            r"System.Configuration.ConfigurationErrorsException: x (C:\Windows\x\Config\machine.config)",
            "machine_config",
        ),
        ("System.MissingMethodException", "agent_stable"),
        ("System.DllNotFoundException", "agent_stable"),
    ],
)
def test_the_exception_of_the_agent_names_its_cause(told, cause):
    crash = event(1026, f"Application: WindowsAzureGuestAgent.exe\nException Info: {told}")
    down = {**HEALTHY["services"]["WindowsAzureGuestAgent"], "state": "Stopped"}
    state = {"events.dotnet_crashes": [crash], "services.WindowsAzureGuestAgent": down}
    assert diagnose(edited(state))["first_cause"] == cause


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("ExtensionVCRedistInstallationFailure: exit code 1618", "msiserver"),
        ("ExtensionVCRedistInstallationFailure", "vcredist"),
        ("ExtensionFailedVssWriterInBadState (0x8007045D)", "disk_errors"),
        ("ExtensionSnapshotFailedCOM: 0x8007000E", "memory_use"),
        # The transaction manager follows from COM+, not the other way round.
        ("ExtensionSnapshotFailedCOM: MSDTC", "comsysapp"),
    ],
)
def test_the_number_of_an_error_goes_before_the_code_of_azure_backup(message, cause):
    assert diagnose(edited(failed_run(message)))["first_cause"] == cause


RIGHT_LOST = event(7041, "MSDTC", r"NT AUTHORITY\NetworkService")


@pytest.mark.parametrize(
    ("message", "events", "cause"),
    [
        ("Snapshot operation failed due to COM+ error", {"events.service_failures": [RIGHT_LOST]}, "msdtc"),
        (
            "Snapshot failed: COM+ system application",
            {"events.memory_exhausted": [event(2004, "w3wp.exe")]},
            "memory_use",
        ),
        ("Snapshot operation failed due to COM+ error", {"events.disk_errors": [event(153, "x")]}, "comsysapp"),
        ("Snapshot operation failed due to COM+ error", {}, "comsysapp"),
    ],
)
def test_an_event_of_the_run_goes_before_the_code_and_its_sentence(message, events, cause):
    assert diagnose(edited({**events, **failed_run(message)}))["first_cause"] == cause


def ended(code, state="Stopped"):
    return {"services.KeyIso.state": state, "services.exit_codes.KeyIso.exit_code": code}


@pytest.mark.parametrize(
    ("edits", "cause"),
    [
        (ended(1069), "keyiso"),
        (ended(1077), "ext_status"),
        (ended(0), "ext_status"),
        (ended(1069, "Running"), "ext_status"),
        ({**ended(1069), "services.exit_codes": GONE}, "ext_status"),
        ({"services": GONE}, "ext_status"),
    ],
)
def test_a_service_that_ended_with_an_error_is_named(edits, cause):
    assert diagnose(edited({**edits, **failed_run("Snapshot command failed")}))["first_cause"] == cause


def test_a_service_that_ended_before_a_run_that_succeeded_is_not_named():
    assert diagnose(edited(ended(1069)))["first_cause"] is None


def test_the_writer_of_shared_volumes_is_judged_by_its_own_check():
    node = {"services.ClusSvc": HEALTHY["services"]["VSS"], "backup.cluster.csv_volumes": 2}
    rejected = {"events.vss_errors": [event(8229, "{1072AE1C-E5A7-4EA1-9E4A-6F7964656570}")]}
    result = diagnose(edited({**node, **rejected, **failed_run("Snapshot command failed")}))
    assert result["first_cause"] == "csv_writer"


def test_one_of_several_causes_counts_where_its_check_finds_it():
    told = failed_run("ExtensionFailedTimeoutVMNetworkUnresponsive")
    assert diagnose(edited(told))["first_cause"] == "ext_status"
    assert diagnose(edited({**told, "load.cpu.percent": 97.0}))["first_cause"] == "cpu_load"
    full = {"load.memory.used_percent": 97.0, "load.memory.available_mib": 200}
    assert diagnose(edited({**told, **full}))["first_cause"] == "memory_use"
    refused = failed_run("403 AuthenticationFailed")
    assert diagnose(edited(refused))["first_cause"] == "ext_status"
    assert diagnose(edited({**refused, "fabric.wire_http.clock_offset_s": 7200.0}))["first_cause"] == "clock_skew"


def test_an_error_that_the_agent_repeats_names_its_cause():
    full = "[ERROR] System.IO.IOException: Espace insuffisant (0x80070070)"
    lines = [f"[1] [11/23/2026 08:0{minute}:01.1] {full}" for minute in range(1, 5)]
    assert diagnose(edited(agent_log(*lines)))["first_cause"] == "disk_space"
    assert diagnose(edited(agent_log(lines[0])))["verdict"] == "ready"


@pytest.mark.parametrize("code", ["0x80070005, Access is denied.", "0x8007045b, A system shutdown is in progress."])
def test_an_event_that_many_servers_have_names_nothing(code):
    events = {"events.vss_errors": [event(8193, "x", code), event(8194, code)]}
    assert diagnose(edited({**events, **failed_run("Snapshot command failed")}))["first_cause"] == "ext_status"
