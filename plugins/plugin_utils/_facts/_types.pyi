# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Generated from the declarations by `make docs`. Do not edit.

from typing import Any, Generic, Literal, TypeVar, overload

from .._engine._state import Facts, GuestState

T = TypeVar("T")

class Record(Facts):
    # Nothing but what is declared has a name here: a misspelt fact is an error.
    __getattr__: None  # type: ignore[assignment, misc]

class Named(Facts, Generic[T]):
    # Names are data.
    def __getattr__(self, name: str) -> T: ...
    def __getitem__(self, name: str) -> T: ...
    @overload
    def get(self, name: str, default: None = None) -> T | None: ...
    @overload
    def get(self, name: str, default: T) -> T: ...

class State(GuestState, Record):
    captured: str
    privileged: bool

class AgentLogCurrentEntry(Record):
    text: str
    detail: str | None
    set_off: str | None
    count: int
    age_s: int | None

class AgentLogRepeated(Record):
    level: Literal["error", "warning"]
    text: str
    detail: str | None
    set_off: str | None
    count: int
    every_s: int
    age_s: int
    since_success: bool

class AgentLog(Record):
    size: int
    last_line: int | None
    last_line_age_s: int | None
    last_start_age_s: int | None
    last_heartbeat_age_s: int | None
    handler_starts: int
    version: str | None
    current: Named[AgentLogCurrentEntry]
    earlier: Named[AgentLogCurrentEntry]
    repeated: list[AgentLogRepeated]

class AgentPaths(Record):
    lib_dir: str
    log_dir: str
    pid_file: str

class AgentBinary(Record):
    path: str
    executable: bool
    mode: str

class AgentUnitConditions(Record):
    name: str
    value: str
    holds: bool | None
    found: str | None

class AgentUnitRequires(Record):
    name: str
    exists: bool | None
    masked: bool

class AgentUnitBefore(Record):
    name: str
    value: str

class AgentUnitConfinement(Record):
    name: str
    value: str

class AgentUnit(Record):
    name: str
    kind: Literal["systemd", "upstart", "openrc", "sysvinit"]
    load: str | None
    masked_by: str | None
    enabled: str | None
    active: str | None
    sub: str | None
    result: str | None
    main_pid: int | None
    exit_code: int | None
    exit_status: int | None
    restarts: int | None
    condition_result: bool | None
    fragment: str | None
    drop_ins: list[str]
    exec: list[str]
    restart: str | None
    restart_s: float | None
    start_limit_burst: int | None
    start_limit_s: float | None
    conditions: list[AgentUnitConditions]
    requires: list[AgentUnitRequires]
    before: list[AgentUnitBefore]
    confinement: list[AgentUnitConfinement]

class AgentDefaultGate(Record):
    required: bool
    value: str | None
    present: bool

class AgentStartFiles(Record):
    path: str
    age_s: int

class AgentDaemon(Record):
    pid: int
    command: list[str]
    executable: str | None
    state: str | None
    frozen: bool
    age_s: int | None
    context: str | None

class AgentHandler(Record):
    pid: int
    command: list[str]
    executable: str | None
    state: str | None
    frozen: bool
    age_s: int | None
    context: str | None

class AgentModules(Record):
    path: str
    python: str
    python_exists: bool
    version: str | None

class AgentInterpreterSpoiltBy(Record):
    name: str

class AgentInterpreter(Record):
    command: str
    path: str | None
    resolved: str | None
    version: str | None
    exists: bool
    imports: bool
    error: str | None
    spoilt_by: list[AgentInterpreterSpoiltBy]
    lacks: list[str] | None
    package_elsewhere: str | None

class AgentInstalled(Record):
    version: str

class AgentPackage(Record):
    name: str
    version: str | None
    status: str | None

class AgentDownloaded(Record):
    version: str
    complete: bool
    blacklisted: bool
    failure_count: int
    was_fatal: bool
    reason: str | None
    last_failure: int | None

class AgentVersion(Record):
    value: str | None
    of: Literal["running", "next start", "log"]

class AgentPidFile(Record):
    pid: int | None
    alive: bool
    is_agent: bool

class AgentLogDir(Record):
    exists: bool
    leads_to: str | None
    is_directory: bool
    read_only: bool | None
    owner: int
    mode: str

class AgentStatus(Record):
    age_s: int

class AgentSystemLogCrash(Record):
    text: str
    over: bool | None

class AgentSystemLog(Record):
    current: Named[AgentLogCurrentEntry]
    crash: AgentSystemLogCrash | None
    silent_s: int | None
    newest_in: str | None
    universal: bool

class AgentGoalStateFiles(Record):
    count: int
    lowest: int | None
    highest: int | None
    incarnation: int | None
    placeholders: bool
    current_is_there: bool | None

class AgentProvisioningCloudInit(Record):
    installed: bool
    off_by: str | None

class AgentProvisioningUdf(Record):
    line: str

class AgentProvisioning(Record):
    agent: str | None
    legacy: Named[str | None]
    provisioned: bool
    ovf_env: bool
    cloud_init: AgentProvisioningCloudInit
    udf: AgentProvisioningUdf | None

class AgentOpensslConfigUnset(Record):
    line: int
    variable: str

class AgentOpenssl(Record):
    exists: bool
    executable: bool
    version: str | None
    error: str | None
    key: bool
    key_error: str | None
    config: str | None
    config_exists: bool | None
    config_unset: AgentOpensslConfigUnset | None
    transport_cert: bool

class AgentCaFile(Record):
    path: str
    exists: bool

class AgentCaDirectory(Record):
    path: str
    exists: bool

class AgentCa(Record):
    file: AgentCaFile | None
    directory: AgentCaDirectory | None
    bundles: list[str]
    directories: list[str]

class AgentCgroups(Record):
    controllers: list[str]

class Agent(Record):
    log: AgentLog | None
    paths: AgentPaths
    binary: AgentBinary | None
    unit: AgentUnit | None
    other_units: list[str]
    default_gate: AgentDefaultGate | None
    start_files: list[AgentStartFiles]
    daemon: AgentDaemon | None
    daemons: int
    handler: AgentHandler | None
    handlers: int
    modules: list[AgentModules]
    interpreter: AgentInterpreter | None
    installed: AgentInstalled | None
    package: AgentPackage | None
    downloaded: list[AgentDownloaded]
    uses_downloads: bool
    version: AgentVersion
    pid_file: AgentPidFile | None
    log_is_file: bool | None
    log_dir: AgentLogDir
    status: AgentStatus | None
    system_log: AgentSystemLog | None
    disabled_by: str | None
    goal_state_files: AgentGoalStateFiles
    provisioning: AgentProvisioning
    openssl: AgentOpenssl
    ca: AgentCa
    cgroups: AgentCgroups | None

class ClockSynchronised(Record):
    value: bool
    max_error_s: float

class Clock(Record):
    now: float
    synchronised: ClockSynchronised
    kept_by: str | None

class ConfAgentError(Record):
    reason: str
    line: int | None

class ConfSettingsEntry(Record):
    value: Any
    text: str | None
    line: int | None

class ConfRemarks(Record):
    kind: Literal["byte_order_mark", "indented", "indented_comment", "blanks_around_equals", "inline_comment", "equals_in_value", "quote_before_carriage_return", "quotes_kept", "unknown_key", "not_y_or_n", "not_an_integer", "duplicate"]
    key: str | None
    value: str | None
    line: int
    other_lines: list[int]

class ConfExtensionError(Record):
    reason: str
    line: int | None

class ConfExtension(Record):
    path: str
    error: ConfExtensionError | None
    proxy_host: str | None
    proxy_port: str | None

class Conf(Record):
    path: str
    path_from: str
    kind: Literal["file", "missing", "dangling link", "directory", "fifo", "socket", "device"]
    size: int | None
    modified: int | None
    agent_error: ConfAgentError | None
    settings: Named[ConfSettingsEntry]
    remarks: list[ConfRemarks]
    extension: ConfExtension

class DhcpInterfacesAddresses(Record):
    address: str
    prefix: int
    secondary: bool

class DhcpInterfaces(Record):
    name: str
    index: int | None
    mac: str | None
    up: bool
    addresses: list[DhcpInterfacesAddresses]
    virtual_function: bool

class DhcpPrimary(Record):
    interface: str
    mac: str | None
    addresses: list[str] | None
    client: Literal["netplan", "networkd", "networkmanager", "ifcfg", "ifupdown", "dhcpcd"] | None
    method: Literal["dhcp", "static"] | None
    static_addresses: list[str]
    waits: str | None
    on_trial: str | None
    why: str

class DhcpLease(Record):
    client: str
    option_245: str | None
    keeps_options: bool
    address: str | None
    expires: str | None
    expired: bool | None

class DhcpPinnedMacs(Record):
    mac: str

class DhcpCachedEndpoint(Record):
    value: str

class DhcpCachedProtocol(Record):
    value: str

class Dhcp(Record):
    interfaces: list[DhcpInterfaces]
    primary: DhcpPrimary
    lease: DhcpLease | None
    pinned_macs: list[DhcpPinnedMacs]
    cached_endpoint: DhcpCachedEndpoint | None
    cached_protocol: DhcpCachedProtocol | None

class ExtensionLibDir(Record):
    path: str

class ExtensionHandlers(Record):
    name: str | None
    version: str | None
    state: str | None
    status: str | None
    code: int | None
    message: str | None
    result: str | None
    result_code: int | None
    result_message: str | None
    result_age_s: int | None

class ExtensionInstalledStatus(Record):
    status: str | None
    code: int | None
    message: str | None

class ExtensionInstalledManifest(Record):
    error: str | None
    absent: list[str]

class ExtensionInstalledHelpers(Record):
    path: str
    size: int
    executable: bool

class ExtensionInstalled(Record):
    version: str
    path: str
    state: str | None
    status: ExtensionInstalledStatus | None
    launcher: bool
    program: bool
    manifest: ExtensionInstalledManifest | None
    environment: bool
    log_dir: str
    helpers: list[ExtensionInstalledHelpers]

class ExtensionInterpreterCandidates(Record):
    path: str
    version: str | None
    lacks: list[str] | None
    error: str | None
    tried: bool

class ExtensionInterpreter(Record):
    candidates: list[ExtensionInterpreterCandidates]
    usable: str | None
    needs: list[str]
    complete: bool
    tries_each: bool

class ExtensionSettings(Record):
    sequence: int
    age_s: int | None
    enabled_age_s: int | None
    readable: bool
    public: bool
    protected: bool
    thumbprint: str | None

class ExtensionCertificate(Record):
    thumbprint: str
    crt: bool
    prv: bool

class ExtensionStatus(Record):
    code: int | None
    word: str | None
    reported_word: str | None
    message: str | None
    host_pre_snapshot: int | None
    host_do_snapshot: int | None
    sequence: int
    written: int | None

class ExtensionLastRunFailures(Record):
    step: Literal["fifreeze", "fithaw", "open", "stat", "directory"]
    mount: str
    error: str

class ExtensionLastRun(Record):
    started: str | None
    ended: str | None
    code: int | None
    word: str | None
    mounts: list[str] | None
    freezing: bool
    frozen: bool
    thawed: bool
    failures: list[ExtensionLastRunFailures]
    pre_snapshot: int | None
    do_snapshot: int | None
    errors: list[str]
    crash: str | None
    signatures: list[str]

class ExtensionLaunch(Record):
    returned: int
    no_python: bool

class ExtensionCommand(Record):
    module: str | None
    denied: bool
    detail: str | None

class ExtensionAgentLog(Record):
    exit_status: int | None
    refused: str | None
    denied: bool
    module: str | None
    detail: str | None
    no_status: bool
    version: str | None
    at: str | None

class ExtensionConf(Record):
    error: str | None
    options: Named[str | None]
    unreadable: list[str]
    elsewhere: list[str]
    lsblk_user: str | None

class ExtensionMisplaced(Record):
    options: Named[str]

class ExtensionLockHolder(Record):
    pid: int
    name: str | None
    backup: bool

class ExtensionLock(Record):
    exists: bool
    holder: ExtensionLockHolder | None

class ExtensionScriptsHostConf(Record):
    path: str
    exists: bool
    owner: int | None
    mode: str | None

class ExtensionScriptsScriptConf(Record):
    path: str
    exists: bool
    owner: int | None
    mode: str | None

class ExtensionScriptsPre(Record):
    path: str
    exists: bool
    owner: int | None
    mode: str | None

class ExtensionScriptsPost(Record):
    path: str
    exists: bool
    owner: int | None
    mode: str | None

class ExtensionScripts(Record):
    host_conf: ExtensionScriptsHostConf | None
    script_conf: ExtensionScriptsScriptConf | None
    pre: ExtensionScriptsPre | None
    post: ExtensionScriptsPost | None
    continue_on_failure: bool
    timeout: int | None
    error: str | None

class ExtensionWorkload(Record):
    name: str

class ExtensionPolicy(Record):
    enabled: bool
    exists: bool
    error: str | None
    listed_only: bool
    listed: bool
    signature_required: bool

class ExtensionOtherProducts(Record):
    name: str
    sign: str

class Extension(Record):
    versions: list[str]
    lib_dir: ExtensionLibDir
    handlers: list[ExtensionHandlers]
    wrong_os: list[str]
    installed: ExtensionInstalled | None
    interpreter: ExtensionInterpreter
    settings: ExtensionSettings | None
    certificate: ExtensionCertificate | None
    status: ExtensionStatus | None
    last_sequence: int | None
    last_run: ExtensionLastRun | None
    launch: ExtensionLaunch | None
    command: ExtensionCommand | None
    agent_log: ExtensionAgentLog | None
    conf: ExtensionConf | None
    misplaced: ExtensionMisplaced | None
    lock: ExtensionLock
    scripts: ExtensionScripts | None
    workload: ExtensionWorkload | None
    policy: ExtensionPolicy
    other_products: list[ExtensionOtherProducts]

class FabricWireHttp(Record):
    connected: bool
    error: str | None
    seconds: float | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    is_version_list: bool
    clock_offset_s: float | None

class FabricHostPlugin(Record):
    connected: bool
    error: str | None
    seconds: float | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    is_version_list: bool

class FabricImdsInstanceComputeDisks(Record):
    name: str | None
    role: Literal["os", "data"]
    sku: str | None
    write_accelerator: bool
    ephemeral: bool
    unmanaged: bool

class FabricImdsInstanceCompute(Record):
    resource_id: str | None
    vm_id: str | None
    location: str | None
    size: str | None
    computer_name: str | None
    security_type: str | None
    disks: list[FabricImdsInstanceComputeDisks]

class FabricImdsInstance(Record):
    os_type: str | None
    primary_address: str | None
    further_addresses: list[str]
    primary_mac: str | None
    compute: FabricImdsInstanceCompute

class FabricImds(Record):
    connected: bool
    error: str | None
    seconds: float | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    instance: FabricImdsInstance | None

class FabricRoute(Record):
    source: str | None
    error: str | None
    interface: str | None
    gateway: str | None
    explicit: str | None
    default_interface: str | None
    addressed_interfaces: list[str]
    source_secondary: bool

class FabricStorage(Record):
    connected: bool
    error: str | None
    seconds: float | None
    endpoint: str
    addresses: list[str]
    dns_error: str | None
    tls_error: str | None

class FabricProxies(Record):
    connected: bool
    error: str | None
    seconds: float | None
    proxy: str
    clients: list[str]
    target: str
    target_is_storage: bool
    status: int | None
    answer: str | None
    tls_error: str | None

class FabricFirewallBlocking(Record):
    address: str
    port: int
    verdict: Literal["drop", "reject", "redirect", "snat"]
    chain: str
    rule: str
    certain: bool
    inbound: bool
    agents_own_table: bool

class FabricFirewall(Record):
    blocking: list[FabricFirewallBlocking]

class FabricPinnedNames(Record):
    name: str
    address: str

class Fabric(Record):
    wire_http: FabricWireHttp
    host_plugin: FabricHostPlugin
    imds: FabricImds
    route: FabricRoute
    storage: FabricStorage
    proxies: list[FabricProxies]
    firewall: FabricFirewall
    saved_routes: list[str]
    pinned_names: list[FabricPinnedNames]

class IdentityOs(Record):
    id: str
    id_like: list[str]
    version_id: str | None
    name: str | None

class IdentityVmId(Record):
    value: str | None

class IdentityAzure(Record):
    value: bool
    chassis_asset_tag: str | None

class Identity(Record):
    os: IdentityOs | None
    hostname: str
    vm_id: IdentityVmId
    machine_uuid: str | None
    azure: IdentityAzure
    init: str | None
    kernel: str
    machine: str
    uptime_s: float

class LoadCpu(Record):
    cores: int
    load_1m: float
    load_5m: float
    load_15m: float
    load_per_core: float

class LoadMemory(Record):
    total_mib: int
    available_mib: int
    used_percent: float
    swap_total_mib: int
    swap_free_mib: int

class LoadPressureCpu(Record):
    some_avg60: float
    some_avg300: float
    full_avg60: float
    full_avg300: float

class LoadPressureMemory(Record):
    some_avg60: float
    some_avg300: float
    full_avg60: float
    full_avg300: float

class LoadPressureIo(Record):
    some_avg60: float
    some_avg300: float
    full_avg60: float
    full_avg300: float

class Load(Record):
    cpu: LoadCpu
    memory: LoadMemory
    pressure_cpu: LoadPressureCpu | None
    pressure_memory: LoadPressureMemory | None
    pressure_io: LoadPressureIo | None

class ProxyEtcEnvironmentVariables(Record):
    name: str
    value: str

class ProxyEtcEnvironment(Record):
    variables: list[ProxyEtcEnvironmentVariables]
    not_exempt: list[str]

class ProxyService(Record):
    variables: list[ProxyEtcEnvironmentVariables]
    not_exempt: list[str]

class ProxyProcess(Record):
    variables: list[ProxyEtcEnvironmentVariables]
    not_exempt: list[str]

class ProxyNoProxy(Record):
    entry: str
    kind: Literal["wildcard", "network", "address", "suffix"]

class ProxyPackageManager(Record):
    manager: str
    proxy: str | None

class ProxyPathsAgent(Record):
    via: Literal["direct", "proxy"]
    proxy: str | None
    reason: str
    source: Literal["conf", "environment"] | None
    problem: str | None

class ProxyPathsHostPlugin(Record):
    via: Literal["direct", "proxy"]
    proxy: str | None
    reason: str
    source: Literal["conf", "environment"] | None
    problem: str | None

class ProxyPathsHostPluginBefore2215(Record):
    via: Literal["direct", "proxy"]
    proxy: str | None
    reason: str
    source: Literal["conf", "environment"] | None
    problem: str | None

class ProxyPathsSnapshotExtension(Record):
    via: Literal["direct", "proxy"]
    proxy: str | None
    reason: str
    source: Literal["conf", "environment"] | None
    problem: str | None

class ProxyPaths(Record):
    agent: ProxyPathsAgent
    host_plugin: ProxyPathsHostPlugin
    host_plugin_before_2_2_15: ProxyPathsHostPluginBefore2215
    snapshot_extension: ProxyPathsSnapshotExtension

class Proxy(Record):
    etc_environment: ProxyEtcEnvironment | None
    service: ProxyService | None
    process: ProxyProcess | None
    no_proxy: list[ProxyNoProxy]
    package_manager: ProxyPackageManager | None
    paths: ProxyPaths

class SecurityFips(Record):
    enabled: bool

class SecuritySelinux(Record):
    mode: str
    configured: str | None

class SecurityDenials(Record):
    time: int | None
    action: str
    name: str | None
    command: str | None
    context: str | None
    count: int

class Security(Record):
    fips: SecurityFips
    selinux: SecuritySelinux
    denials: list[SecurityDenials]
    refused_files: list[str]
    guards: list[str]

class StorageLibDirMount(Record):
    target: str
    source: str
    fstype: str
    device: str | None
    root: str | None
    options: str

class StorageLibDir(Record):
    path: str
    exists: bool
    leads_to: str | None
    is_directory: bool | None
    immutable: bool | None
    owner: int | None
    mode: str | None
    mount: StorageLibDirMount | None
    noexec: bool
    read_only: bool

class StorageSpaceEntries(Record):
    path: str
    count: int

class StorageSpaceLargest(Record):
    path: str
    mib: float

class StorageSpace(Record):
    paths: list[str]
    mount: str
    total_mib: float
    free_mib: float
    root_free_mib: float
    used_percent: float
    inodes: int | None
    free_inodes: int | None
    inodes_used_percent: float | None
    entries: StorageSpaceEntries | None
    largest: StorageSpaceLargest | None

class StorageLsblk(Record):
    path: str | None
    error: str | None
    answers: bool | None
    complete: bool

class StorageFrozen(Record):
    target: str
    source: str
    fstype: str
    device: str | None
    root: str | None
    options: str
    errors: int | None
    suspended: bool | None
    open_error: str | None
    turned_read_only: bool

class StorageTwice(Record):
    device: str
    targets: list[str]

class StorageNetwork(Record):
    target: str
    fstype: str
    source: str
    answers: bool | None

class Storage(Record):
    mounts_from: str
    zfs: list[str]
    lib_dir: StorageLibDir
    space: list[StorageSpace]
    lsblk: StorageLsblk
    frozen: list[StorageFrozen]
    twice: list[StorageTwice]
    network: list[StorageNetwork]

class LinuxState(State):
    agent: Agent
    clock: Clock
    conf: Conf
    dhcp: Dhcp
    extension: Extension
    fabric: Fabric
    identity: Identity
    load: Load
    proxy: Proxy
    security: Security
    storage: Storage

class AgentLog_(Record):
    path: str
    last: str | None
    lines: list[str]

class AgentVersions(Record):
    folder: str
    wa_app_agent: str | None
    guest_agent: str | None

class AgentInstaller(Record):
    name: str
    version: str | None

class AgentInstallerMessages(Record):
    message: str
    number: str

class AgentUpdateState(Record):
    version: str
    code: str
    state: str
    message: str

class AgentUpdateLog(Record):
    path: str
    last: str | None
    lines: list[str]

class AgentProcessesEntryForeignModules(Record):
    file: str
    company: str

class AgentProcessesEntry(Record):
    id: int
    path: str | None
    modules_readable: bool
    foreign_modules: list[AgentProcessesEntryForeignModules]

class AgentAggregateHandlers(Record):
    name: str | None
    version: str | None
    status: str | None
    code: Any
    message: str | None
    result: str | None
    result_code: Any
    result_message: str | None
    result_age_s: int | None

class AgentAggregate(Record):
    path: str
    modified: str
    version: str | None
    status: str | None
    message: str | None
    written: str | None
    uploaded: str | None
    handlers: list[AgentAggregateHandlers]

class AgentCertificates(Record):
    subject: str
    issuer: str
    friendly_name: str | None
    thumbprint: str
    not_before: str
    not_after: str
    has_private_key: bool

class AgentAcl(Record):
    machine_keys: str | None
    keys: str | None
    rsa: str | None
    system_keys: str | None
    windows_azure: str | None
    packages: str | None

class Agent_(Record):
    log: AgentLog_ | None
    guest: Named[Any] | None
    folder_exists: bool
    versions: list[AgentVersions]
    installer: list[AgentInstaller]
    installer_messages: list[AgentInstallerMessages]
    update_state: list[AgentUpdateState]
    update_log: AgentUpdateLog | None
    processes: Named[list[AgentProcessesEntry]]
    aggregate: AgentAggregate | None
    certificates: list[AgentCertificates]
    acl: AgentAcl

class BackupBcdrAgentEntry(Record):
    type: str
    value: Any

class BackupProviders(Record):
    id: str
    name: str | None
    type: int | None

class BackupVolumeFilters(Record):
    names: list[str]

class BackupVcRuntimes(Record):
    name: str
    version: str | None

class BackupCluster(Record):
    csv_writer: int | None
    csv_volumes: int

class BackupSqlInstances(Record):
    name: str
    version: str | None
    edition: str | None

class BackupOtherProducts(Record):
    name: str
    sign: str
    state: str | None

class BackupWriters(Record):
    id: str
    state: int

class Backup(Record):
    bcdr_agent: Named[BackupBcdrAgentEntry] | None
    bcdr_agent_wow64: Named[BackupBcdrAgentEntry] | None
    bcdr_persistent: Named[BackupBcdrAgentEntry] | None
    providers: list[BackupProviders]
    volume_filters: BackupVolumeFilters | None
    classes_acl: str | None
    msdtc_account_sid: str | None
    vc_runtimes: list[BackupVcRuntimes]
    cluster: BackupCluster
    sql_instances: list[BackupSqlInstances]
    other_products: list[BackupOtherProducts]
    writers: list[BackupWriters]

class ClockSource(Record):
    type: str | None
    servers: str | None

class Clock_(Record):
    now: float
    source: ClockSource
    host_provider: int | None

class DhcpInterfacesAddresses_(Record):
    address: str
    prefix: int

class DhcpInterfaces_(Record):
    name: str
    index: int | None
    mac: str | None
    up: bool
    addresses: list[DhcpInterfacesAddresses_]
    description: str
    id: str
    gateways: list[str]
    dns: list[str]

class DhcpPrimary_(Record):
    interface: str
    mac: str
    addresses: list[str]
    client: str
    method: Literal["dhcp", "static"]
    static_addresses: list[str]
    static_dns: str | None
    lease_address: str | None
    lease_server: str | None

class Dhcp_(Record):
    interfaces: list[DhcpInterfaces_]
    primary: DhcpPrimary_ | None
    absent_adapters: int
    skip_as_source: Named[bool | None]

class DotnetCryptoV4(Record):
    native: Named[Any] | None
    wow64: Named[Any] | None

class DotnetCryptoV2(Record):
    native: Named[Any] | None
    wow64: Named[Any] | None

class DotnetMachineConfig(Record):
    path: str
    size: int
    xml_error: str | None
    wcf_debugging: bool
    default_proxy: str | None

class DotnetAgentConfigs(Record):
    service: str
    path: str
    xml_error: str | None

class Dotnet(Record):
    release: int | None
    enable64bit: int | None
    crypto_v4: DotnetCryptoV4
    crypto_v2: DotnetCryptoV2
    machine_config: DotnetMachineConfig | None
    agent_configs: list[DotnetAgentConfigs]

class EventsServiceFailures(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsMemoryExhausted(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsDesktopHeap(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsDiskErrors(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsVolumeStates(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsCryptoErrors(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsVolumeTimeouts(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsClusterBackup(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsApplicationCrashes(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsDotnetCrashes(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsVssErrors(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsInstallerErrors(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsSqlBackups(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsApplockerBlocks(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsApplockerScriptBlocks(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsCodeIntegrityBlocks(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class EventsDefenderBlocks(Record):
    provider: str | None
    id: int
    time: str | None
    data: list[str]

class Events(Record):
    service_failures: list[EventsServiceFailures]
    memory_exhausted: list[EventsMemoryExhausted]
    desktop_heap: list[EventsDesktopHeap]
    disk_errors: list[EventsDiskErrors]
    volume_states: list[EventsVolumeStates]
    crypto_errors: list[EventsCryptoErrors]
    volume_timeouts: list[EventsVolumeTimeouts]
    cluster_backup: list[EventsClusterBackup]
    application_crashes: list[EventsApplicationCrashes]
    dotnet_crashes: list[EventsDotnetCrashes]
    vss_errors: list[EventsVssErrors]
    installer_errors: list[EventsInstallerErrors]
    sql_backups: list[EventsSqlBackups]
    applocker_blocks: list[EventsApplockerBlocks]
    applocker_script_blocks: list[EventsApplockerScriptBlocks]
    code_integrity_blocks: list[EventsCodeIntegrityBlocks]
    defender_blocks: list[EventsDefenderBlocks]

class ExtensionVersionsStatus(Record):
    path: str
    sequence: int
    modified: str
    status: str | None
    operation: str | None
    code: Any
    message: str | None
    time: str | None
    error: str | None

class ExtensionVersionsHeartbeat(Record):
    status: str | None
    code: Any

class ExtensionVersionsManifest(Record):
    error: str | None
    absent: list[str]

class ExtensionVersionsEnvironment(Record):
    error: str | None
    absent: list[str]

class ExtensionVersions(Record):
    version: str
    folder: str
    sequence: int | None
    status: ExtensionVersionsStatus | None
    heartbeat: ExtensionVersionsHeartbeat | None
    executable: bool
    provider: bool
    manifest: ExtensionVersionsManifest | None
    environment: ExtensionVersionsEnvironment | None
    storage_library: str | None

class ExtensionHandlerState(Record):
    name: str
    version: str
    state: str | None
    status: str | None
    sequence: str

class ExtensionOtherHandlers(Record):
    name: str
    version: str
    state: str | None
    status: str | None
    sequence: str

class ExtensionSharedAssemblies(Record):
    name: str
    version: str

class ExtensionLog(Record):
    path: str
    lines: list[str]
    last: str | None

class Extension_(Record):
    versions: list[ExtensionVersions]
    handler_state: list[ExtensionHandlerState]
    other_handlers: list[ExtensionOtherHandlers]
    shared_assemblies: list[ExtensionSharedAssemblies]
    log: ExtensionLog | None

class FabricWireHttp_(Record):
    connected: bool
    error: str | None
    seconds: float | None
    error_code: int | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    is_version_list: bool
    clock_offset_s: float | None

class FabricHostPlugin_(Record):
    connected: bool
    error: str | None
    seconds: float | None
    error_code: int | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    is_version_list: bool

class FabricImds_(Record):
    connected: bool
    error: str | None
    seconds: float | None
    error_code: int | None
    address: str
    port: int
    status: int | None
    answer_error: str | None
    via: str | None
    instance: FabricImdsInstance | None

class FabricRoute_(Record):
    source: str | None
    error: str | None

class FabricStorage_(Record):
    connected: bool
    error: str | None
    seconds: float | None
    error_code: int | None
    endpoint: str
    addresses: list[str]
    dns_error: str | None
    tls_error: str | None

class FabricProxies_(Record):
    connected: bool
    error: str | None
    seconds: float | None
    error_code: int | None
    proxy: str
    clients: list[str]
    target: str
    target_is_storage: bool
    status: int | None
    answer: str | None
    tls_error: str | None

class Fabric_(Record):
    wire_http: FabricWireHttp_
    host_plugin: FabricHostPlugin_
    imds: FabricImds_
    route: FabricRoute_
    storage: FabricStorage_
    proxies: list[FabricProxies_]
    pinned_names: list[FabricPinnedNames]
    persistent_routes: list[str]

class FirewallProfilesDomainProfile(Record):
    local: Named[Any] | None
    policy: Named[Any] | None

class FirewallProfilesStandardProfile(Record):
    local: Named[Any] | None
    policy: Named[Any] | None

class FirewallProfilesPublicProfile(Record):
    local: Named[Any] | None
    policy: Named[Any] | None

class FirewallProfiles(Record):
    DomainProfile: FirewallProfilesDomainProfile
    StandardProfile: FirewallProfilesStandardProfile
    PublicProfile: FirewallProfilesPublicProfile

class FirewallOutboundRules(Record):
    name: str
    rule: str

class FirewallActiveProfiles(Record):
    interface: int | None
    category: int | None

class Firewall(Record):
    profiles: FirewallProfiles
    outbound_rules: list[FirewallOutboundRules]
    active_profiles: list[FirewallActiveProfiles]

class IdentityOs_(Record):
    id: str
    name: str | None
    version: str | None
    build: int
    revision: int | None
    edition: str | None
    installation_type: str | None
    product_type: str | None

class IdentityAzure_(Record):
    value: bool

class IdentityPendingReboot(Record):
    component_servicing: bool
    windows_update: bool
    file_renames: int

class Identity_(Record):
    os: IdentityOs_
    hostname: str
    vm_id: IdentityVmId
    machine_uuid: str | None
    azure: IdentityAzure_
    boot_time: str | None
    pending_reboot: IdentityPendingReboot
    safe_mode: int | None
    bits64: bool
    language: str

class LoadCpu_(Record):
    cores: int
    percent: float
    sample_s: float

class LoadMemory_(Record):
    total_mib: int
    available_mib: int
    used_percent: float
    commit_limit_mib: int | None
    commit_free_mib: int | None

class LoadDesktopHeap(Record):
    shared_kib: int
    interactive_kib: int
    services_kib: int

class Load_(Record):
    cpu: LoadCpu_
    memory: LoadMemory_
    desktop_heap: LoadDesktopHeap | None
    page_files: list[str]

class ProxyWinhttp(Record):
    type: str
    value: Any

class ProxyWinhttpWow64(Record):
    type: str
    value: Any

class ProxySystemAccountDefaultConnectionSettings(Record):
    type: str
    value: Any

class ProxySystemAccount(Record):
    ProxyEnable: Any
    ProxyServer: Any
    ProxyOverride: Any
    AutoConfigURL: Any
    DefaultConnectionSettings: ProxySystemAccountDefaultConnectionSettings | None

class ProxyMachine(Record):
    ProxyEnable: Any
    ProxyServer: Any
    ProxyOverride: Any
    AutoConfigURL: Any
    DefaultConnectionSettings: ProxySystemAccountDefaultConnectionSettings | None

class Proxy_(Record):
    winhttp: ProxyWinhttp | None
    winhttp_wow64: ProxyWinhttpWow64 | None
    system_account: ProxySystemAccount
    machine: ProxyMachine
    per_user: int | None
    environment: Named[str]

class SecurityCipherSuites(Record):
    names: list[str]

class SecurityApplockerEntry(Record):
    enforcement: int | None
    rules: list[str]

class SecurityCommands(Record):
    path: str | None
    finds_system: bool
    comspec: str | None
    debuggers: Named[str]

class SecurityCodeIntegrity(Record):
    kernel: int | None
    user_mode: int | None

class Security_(Record):
    fips: int | None
    tls12_client: Named[Any] | None
    cipher_suites: SecurityCipherSuites | None
    applocker: Named[SecurityApplockerEntry]
    commands: SecurityCommands
    defender_exclusions: list[str]
    antivirus_filters: list[str]
    code_integrity: SecurityCodeIntegrity

class ServicesExitCodesEntry(Record):
    exit_code: int | None
    specific_code: int | None
    process_id: int | None

class ServicesEntry(Record):
    state: str | None
    start: int | None
    delayed: bool
    triggered: bool
    account: str | None
    image: str | None
    image_exists: bool
    library: str | None
    library_exists: bool
    depends_on: list[str]
    failure_actions: str | None
    acts_on_errors: bool
    delete_flag: bool

class Services(Named[ServicesEntry | None]):
    exit_codes: Named[ServicesExitCodesEntry]

class StorageDrives(Record):
    name: str
    ready: bool
    free: int | None
    size: int | None
    format: str | None

class StorageBitlocker(Record):
    name: str | None
    protection: int | None

class Storage_(Record):
    pools: list[str]
    system_drive: str
    drives: list[StorageDrives]
    bitlocker: list[StorageBitlocker]

class Wmi(Record):
    std_reg_prov: int | None

class WindowsState(State):
    agent: Agent_
    backup: Backup
    clock: Clock_
    dhcp: Dhcp_
    dotnet: Dotnet
    events: Events
    extension: Extension_
    fabric: Fabric_
    firewall: Firewall
    identity: Identity_
    load: Load_
    proxy: Proxy_
    security: Security_
    services: Services
    storage: Storage_
    wmi: Wmi

class AzureAgentHandlers(Record):
    type: str
    version: str | None
    status: str
    code: str | None
    message: str | None

class AzureAgent(Record):
    version: str
    status: str
    message: str | None
    time: str | None
    handlers: list[AzureAgentHandlers]

class AzureDenials(Record):
    assignment: str
    name: str
    definition: str
    effect: str | None
    scope: str
    compliance: str | None
    about: str | None

class AzureDisks(Record):
    name: str
    id: str | None
    role: Literal["os", "data"]
    lun: int | None
    sku: str | None
    created: str | None
    size_gb: int | None
    unmanaged: bool
    ephemeral: bool
    write_accelerator: bool
    being_detached: bool
    shares: int | None
    data_access: str | None
    network_access: str | None
    public_access: str | None
    state: str | None
    security_type: str | None
    encryption_set: str | None
    encryption_key_url: str | None

class AzureEncryptionSetsKey(Record):
    found: bool
    enabled: bool | None
    expires: str | None

class AzureEncryptionSets(Record):
    id: str
    provisioning_state: str | None
    rotation_error: str | None
    key_url: str | None
    key: AzureEncryptionSetsKey | None

class AzureEncryptionAde(Record):
    vault_id: str | None
    vault_location: str | None
    vault_subscription: str | None
    readable: bool | None

class AzureEncryption(Record):
    sets: list[AzureEncryptionSets]
    ade: AzureEncryptionAde | None

class AzureExtensions(Record):
    name: str
    type: str
    version: str | None
    provisioning_state: str | None
    message: str | None
    reported: str | None

class AzureJobsErrors(Record):
    code: str | None
    number: str | None
    title: str | None
    message: str | None
    recommendations: list[str]

class AzureJobsTasks(Record):
    name: str
    status: str

class AzureJobs(Record):
    id: str
    operation: str
    status: str
    started: str | None
    ended: str | None
    seconds: float | None
    errors: list[AzureJobsErrors]
    tasks: list[AzureJobsTasks]

class AzureLocks(Record):
    id: str
    name: str
    level: str
    scope: str

class AzureNetworkInterfacesDenies(Record):
    group: str
    name: str
    priority: int
    protocol: str
    destinations: list[str]
    ports: list[str]

class AzureNetworkInterfacesAllows(Record):
    group: str
    name: str
    priority: int
    protocol: str
    destinations: list[str]
    ports: list[str]

class AzureNetworkInterfacesRoutes(Record):
    table: str
    name: str
    prefix: str
    hop: str
    address: str | None

class AzureNetworkInterfaces(Record):
    id: str
    addresses: list[str]
    subnet: str | None
    security_groups: list[str]
    denies: list[AzureNetworkInterfacesDenies]
    allows: list[AzureNetworkInterfacesAllows]
    routes: list[AzureNetworkInterfacesRoutes]

class AzureNetwork(Record):
    interfaces: list[AzureNetworkInterfaces]

class AzurePointsCollections(Record):
    id: str
    resource_group: str
    of_backup: bool
    provisioning_state: str | None
    count: int | None
    oldest: str | None

class AzurePoints(Record):
    collections: list[AzurePointsCollections]

class AzurePolicy(Record):
    id: str
    name: str
    type: str
    consistency: str | None
    frequency: str | None
    times: list[str]
    time_zone: str | None
    interval_hours: float | None
    instant_days: int | None
    points_prefix: str | None
    points_suffix: str | None

class AzureProtectionItemsHealth(Record):
    code: str | None
    title: str | None
    message: str | None
    recommendations: str | None

class AzureProtectionItems(Record):
    id: str
    vault_id: str
    policy_id: str | None
    policy: str | None
    source_id: str
    protection_state: str | None
    protection_status: str | None
    health_status: str | None
    health: list[AzureProtectionItemsHealth]
    last_status: str | None
    last_time: str | None
    last_point: str | None
    excluded_disks: list[str]
    soft_deleted: bool

class AzureProtectionFormer(Record):
    id: str
    vault_id: str
    policy_id: str | None
    policy: str | None
    source_id: str
    protection_state: str | None
    protection_status: str | None
    health_status: str | None
    health: list[AzureProtectionItemsHealth]
    last_status: str | None
    last_time: str | None
    last_point: str | None
    excluded_disks: list[str]
    soft_deleted: bool

class AzureProtection(Record):
    items: list[AzureProtectionItems]
    former: list[AzureProtectionFormer]

class AzureVault(Record):
    id: str
    name: str
    location: str
    subscription: str
    redundancy: str | None
    redundancy_locked: bool | None
    public_access: str | None
    immutability: str | None
    soft_delete: str | None
    key_status: str | None
    used: int | None
    limit: int | None

class AzureVmProxyAgent(Record):
    wire_server: str | None
    imds: str | None

class AzureVmImage(Record):
    publisher: str | None
    offer: str | None
    sku: str | None

class AzureVm(Record):
    id: str
    name: str
    resource_group: str
    subscription: str
    location: str
    vm_id: str | None
    size: str
    created: str | None
    provisioning_state: str | None
    power: str | None
    os_type: str | None
    computer_name: str | None
    allow_extensions: bool | None
    provision_agent: bool | None
    security_type: str | None
    proxy_agent: AzureVmProxyAgent | None
    image: AzureVmImage | None
    tags: Named[str | None]
    claimed: bool
    addresses: list[str]

class AzureState(State):
    guest: GuestState | None
    agent: AzureAgent | None
    denials: list[AzureDenials]
    disks: list[AzureDisks]
    encryption: AzureEncryption
    extensions: list[AzureExtensions]
    jobs: list[AzureJobs]
    locks: list[AzureLocks]
    network: AzureNetwork
    points: AzurePoints
    policy: AzurePolicy | None
    protection: AzureProtection
    vault: AzureVault | None
    vm: AzureVm
