# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent: its program, service, processes, versions, log and state. Null: looked, nothing there."""

from __future__ import annotations

from ._kinds import (
    NULL,
    Fact,
    data,
    differs,
    flag,
    linux,
    mapping,
    number,
    one_of,
    record,
    records,
    text,
    texts,
    whole,
    windows,
)

PROCESS = {
    "pid": whole("Process id."),
    "command": texts("Command line."),
    "executable": text("The program file; null where it may not be read.", NULL),
    "state": text("State letter; T is halted by a signal.", NULL),
    "age_s": whole("Seconds since it began.", NULL),
    "context": text("Security context.", NULL),
}
PLACE = {"path": text("Path."), "exists": flag("It exists.")}


def messages(about: str) -> Fact:
    return mapping(
        about,
        record(
            "A message.",
            text=text("The last such line, secrets masked."),
            count=whole("How often the log's end has it."),
            age_s=whole("Age of that line.", NULL),
        ),
    )


def tail(about: str, lines: str) -> Fact:
    return record(about, NULL, path=text("File."), lines=texts(lines), last=text("The very last line.", NULL))


SECTION = record(
    __doc__,
    log=differs(
        linux=record(
            "The end of waagent.log.",
            NULL,
            size=whole("Bytes."),
            last_line_age_s=whole("Age of the last line.", NULL),
            last_start_age_s=whole("Age of the last start of the daemon.", NULL),
            last_heartbeat_age_s=whole("Age of the last heartbeat.", NULL),
            handler_starts=whole("Starts of the handler since it last worked."),
            version=text("Version of the agent that wrote last.", NULL),
            current=messages("Known messages that nothing later ends."),
            earlier=messages("Known messages that are history."),
        ),
        windows=tail("The end of WaAppAgent.log.", "Last lines of trouble and of the search for the fabric."),
    ),
    **linux(
        "Windows tells the state of services (section services), and versions of folders.",
        paths=record(
            "Paths that waagent.conf or the agent's defaults give.",
            lib_dir=text("Lib.Dir."),
            log_dir=text("Extension.LogDir."),
            pid_file=text("Pid.File."),
        ),
        binary=record(
            "The agent's program.",
            NULL,
            path=text("Path."),
            executable=flag("Any execute bit is set."),
            mode=text("Mode, octal."),
        ),
        unit=record(
            "The agent's service: its unit, or its start script in the same words.",
            NULL,
            name=text("Name, aliases resolved."),
            kind=one_of("What starts it.", "systemd", "upstart", "openrc", "sysvinit"),
            load=text("loaded, masked, not-found ...", NULL),
            masked_by=text("The link or empty file that masks it.", NULL),
            enabled=text("systemctl is-enabled, by the same words for scripts.", NULL),
            active=text("ActiveState; missing without a manager.", NULL),
            sub=text("SubState.", NULL),
            result=text("Result.", NULL),
            main_pid=whole("Process id of the main process.", NULL),
            exit_code=whole("ExecMainCode.", NULL),
            exit_status=whole("ExecMainStatus.", NULL),
            restarts=whole("NRestarts.", NULL),
            condition_result=flag(
                "Whether the conditions held at the last start; null when there was none since boot.", NULL
            ),
            fragment=text("File that defines it.", NULL),
            drop_ins=texts("Drop-ins in force."),
            exec=texts("Command that it starts."),
            restart=text("Restart=.", NULL),
            restart_s=number("Seconds before a restart.", NULL),
            start_limit_burst=whole("Starts that the limit allows.", NULL),
            start_limit_s=number("Seconds of the start limit.", NULL),
            conditions=records(
                "Condition*= lines in force.",
                name=text("Name."),
                value=text("Value as written."),
                holds=flag("Null where the probe cannot say.", NULL),
                found=text("What is there instead.", NULL),
            ),
        ),
        other_units=texts("Further units of the agent that are no alias."),
        default_gate=record(
            "WALINUXAGENT_ENABLED.",
            NULL,
            required=flag("The start script obeys it."),
            value=text("Its value.", NULL),
            present=flag("The file exists."),
        ),
        daemon=record("The daemon.", NULL, **PROCESS),
        daemons=whole("Number of daemons."),
        handler=record("The extension handler.", NULL, **PROCESS),
        handlers=whole("Number of extension handlers."),
        modules=records(
            "Where the Python package azurelinuxagent lies.",
            path=text("Directory."),
            python=text("Python version of the directory, as in its name."),
            version=text("Version of the agent there.", NULL),
        ),
        interpreter=record(
            "The Python of the agent's service.",
            NULL,
            command=text("As the unit or shebang names it."),
            path=text("Path found for it.", NULL),
            resolved=text("Path behind all links.", NULL),
            version=text("Version by the name of that file.", NULL),
            exists=flag("It exists."),
            imports=flag("It can load the agent; proved by the running daemon, or tried."),
            error=text("Last line of the error.", NULL),
            package_elsewhere=text("Place of the agent's package when that belongs to another Python only.", NULL),
        ),
        installed=record("Version of the installed agent.", NULL, version=text("Version.")),
        package=record(
            "The package in dpkg's own records.",
            NULL,
            name=text("Name."),
            version=text("Version.", NULL),
            status=text("Status.", NULL),
        ),
        downloaded=records(
            "Versions that the agent fetched, the newest first.",
            version=text("Version."),
            complete=flag("Its manifest is there."),
            blacklisted=flag("The agent gave it up."),
            failure_count=whole("Failures."),
            was_fatal=flag("One was fatal."),
            reason=text("Last line of the reason.", NULL),
            last_failure=whole("Time of the last failure, seconds since the epoch.", NULL),
        ),
        uses_downloads=flag("The daemon may start downloaded versions."),
        version=record(
            "The version that handles goal states.",
            value=text("Version.", NULL),
            of=one_of("Whether it runs, would run, or only wrote the log.", "running", "next start", "log"),
        ),
        pid_file=record(
            "The daemon's pid file.",
            NULL,
            pid=whole("Number in it.", NULL),
            alive=flag("A process of that number lives."),
            is_agent=flag("It is the agent's daemon."),
        ),
        log_dir=record(
            "Directory of the extensions' logs.",
            exists=flag("It exists."),
            is_directory=flag("It is a directory."),
            owner=whole("User id."),
            mode=text("Mode, octal."),
        ),
        status=record("The newest status file.", NULL, age_s=whole("Age.")),
    ),
    **linux(
        "The agent of Windows has no such marker, file or step.",
        disabled_by=text("The marker disable_agent.", NULL),
        goal_state_files=record(
            "Goal states cached by number, as old agents do.",
            count=whole("Files."),
            lowest=whole("Lowest number.", NULL),
            highest=whole("Highest number.", NULL),
            incarnation=whole("The one in force.", NULL),
            placeholders=flag("All of them are empty, as agents since 2.8 write them."),
            current_is_there=flag("Its file exists.", NULL),
        ),
        provisioning=record(
            "Provisioning.",
            agent=text("Provisioning.Agent.", NULL),
            legacy=mapping("Keys of old agents.", text("Value.", NULL)),
            provisioned=flag("The marker exists."),
            ovf_env=flag("ovf-env.xml exists."),
            cloud_init=record(
                "cloud-init.", installed=flag("It is installed."), off_by=text("What keeps it from running.", NULL)
            ),
            udf=record("What keeps the kernel from reading the provisioning disc.", NULL, line=text("The line.")),
        ),
        openssl=record(
            "The openssl program that the agent calls.",
            exists=flag("It exists."),
            executable=flag("It is executable."),
            version=text("What it says; null when it fails.", NULL),
            error=text("Its error.", NULL),
            config=text("OPENSSL_CONF of the unit.", NULL),
            config_exists=flag("That file exists.", NULL),
        ),
        ca=record(
            "Authorities that Python can find.",
            file=record("SSL_CERT_FILE of the unit.", NULL, **PLACE),
            directory=record("SSL_CERT_DIR of the unit.", NULL, **PLACE),
            bundles=texts("Bundles that are not empty."),
            directories=texts("Directories with certificates."),
        ),
        cgroups=record("Controllers of the kernel.", NULL, controllers=texts("Names.")),
    ),
    **windows(
        "Linux tells of the unit, of processes and of files (unit, daemon, installed, status).",
        guest=mapping("Values that the agent writes below Virtual Machine\\Guest.", data("Data of the value."), NULL),
        folder_exists=flag("The folder WindowsAzure is there and not empty."),
        versions=records(
            "Folders with programs of the agent.",
            folder=text("Path."),
            wa_app_agent=text("Version of WaAppAgent.exe.", NULL),
            guest_agent=text("Version of WindowsAzureGuestAgent.exe.", NULL),
        ),
        installer=records("Installation by package.", name=text("Name."), version=text("Version.", NULL)),
        installer_messages=records("Errors of VmAgentInstaller.xml.", message=text("Text."), number=text("Number.")),
        update_state=records(
            "The agent's updates of itself.",
            version=text("Version."),
            code=text("Result code."),
            state=text("State."),
            message=text("Text."),
        ),
        update_log=tail("The end of TransparentInstaller.log.", "Last lines of trouble."),
        processes=mapping(
            "Running programs of the agent by name.",
            records(
                "Processes.",
                id=whole("Identifier."),
                path=text("Program.", NULL),
                modules_readable=flag("Its modules could be listed."),
                foreign_modules=records(
                    "Modules not of Microsoft.", file=text("Path."), company=text("Company in its version resource.")
                ),
            ),
        ),
        aggregate=record(
            "The newest status that the agent wrote.",
            NULL,
            path=text("File."),
            modified=text("Last change of the file, UTC."),
            version=text("Version of the agent.", NULL),
            status=text("Ready or what it calls itself.", NULL),
            message=text("Text.", NULL),
            written=text("Time inside the status, UTC.", NULL),
            uploaded=text("Last upload, UTC.", NULL),
            handlers=records(
                "Extensions.",
                name=text("Name.", NULL),
                version=text("Version.", NULL),
                status=text("Status.", NULL),
                code=data("Code."),
                message=text("Text.", NULL),
            ),
        ),
    ),
    **windows(
        "On Linux root owns what the agent writes, and its certificates are files (extension.certificate).",
        certificates=records(
            "Certificates of the agent in LocalMachine\\My.",
            subject=text("Subject."),
            issuer=text("Issuer."),
            friendly_name=text("Friendly name.", NULL),
            thumbprint=text("Thumbprint."),
            not_before=text("Valid from, UTC."),
            not_after=text("Valid until, UTC."),
            has_private_key=flag("The private key is there."),
        ),
        acl=record(
            "Owner and access rights as SDDL, null where the folder does not exist.",
            machine_keys=text("Crypto\\RSA\\MachineKeys.", NULL),
            keys=text("Crypto\\Keys.", NULL),
            rsa=text("Crypto\\RSA.", NULL),
            system_keys=text("Crypto\\SystemKeys.", NULL),
            windows_azure=text("WindowsAzure.", NULL),
            packages=text("Packages.", NULL),
        ),
    ),
)
