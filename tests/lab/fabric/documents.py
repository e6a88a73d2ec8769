# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents the fabric hands out: goal state and configurations, manifests, instance metadata."""

from __future__ import annotations

import ipaddress
import json
import uuid
from typing import Any
from xml.sax.saxutils import quoteattr

from ..settings import NETWORK, STORAGE_NAME, WIRE_SERVER
from . import extension

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACE = uuid.UUID("5d2c1f0e-6c5b-4f6e-9a53-0c9e7f3b6a11")

VERSIONS = (
    _HEAD
    + """<Versions>
  <Preferred><Version>2015-04-05</Version></Preferred>
  <Supported><Version>2015-04-05</Version><Version>2012-11-30</Version></Supported>
</Versions>"""
)


def identity(address: str, role: str) -> str:
    """A stable id of a guest in one role (container, deployment, vm ...)."""
    return str(uuid.uuid5(_NAMESPACE, f"{address}/{role}"))


def goal_state(address: str, incarnation: int) -> str:
    """What shall be in force on the guest, and where the parts of it are."""
    container, deployment = identity(address, "container"), identity(address, "deployment")
    base = f"http://{WIRE_SERVER}:80/machine/{container}/{deployment}._guest?comp=config"
    links = "\n".join(
        f"        <{name}>{base}&amp;type={name[0].lower()}{name[1:]}&amp;incarnation={incarnation}</{name}>"
        for name in ("HostingEnvironmentConfig", "SharedConfig", "ExtensionsConfig", "FullConfig")
    )
    return f"""{_HEAD}<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Version>2012-11-30</Version>
  <Incarnation>{incarnation}</Incarnation>
  <Machine>
    <ExpectedState>Started</ExpectedState>
    <StopRolesDeadlineHint>300000</StopRolesDeadlineHint>
    <LBProbePorts><Port>16001</Port></LBProbePorts>
    <ExpectHealthReport>FALSE</ExpectHealthReport>
  </Machine>
  <Container>
    <ContainerId>{container}</ContainerId>
    <RoleInstanceList><RoleInstance>
      <InstanceId>{deployment}._guest</InstanceId>
      <State>Started</State>
      <Configuration>
{links}
        <ConfigName>{deployment}.0.{deployment}.0._guest.1.xml</ConfigName>
      </Configuration>
    </RoleInstance></RoleInstanceList>
  </Container>
</GoalState>"""


def hosting_environment(address: str, incarnation: int) -> str:
    deployment = identity(address, "deployment")
    braced = quoteattr("{" + deployment + "}")
    return f"""{_HEAD}<HostingEnvironmentConfig version="1.0.0.0" goalStateIncarnation="{incarnation}">
  <StoredCertificates/>
  <Deployment name="{deployment}" guid={braced} incarnation="0">
    <Service name="lab" guid="{{00000000-0000-0000-0000-000000000000}}"/>
    <ServiceInstance name="{deployment}.0" guid={braced}/>
  </Deployment>
  <Incarnation number="1" instance="guest" guid={braced}/>
  <Role guid={braced} name="guest" hostingEnvironmentVersion="1" software="" softwareType="ApplicationPackage"
        entryPoint="" parameters="" settleTimeSeconds="0"/>
  <HostingEnvironmentSettings name="full" Runtime="rd_fabric_stable"/>
  <ApplicationSettings/>
  <ResourceReferences/>
</HostingEnvironmentConfig>"""


def shared_config(address: str, incarnation: int) -> str:
    deployment = identity(address, "deployment")
    braced = quoteattr("{" + deployment + "}")
    return f"""{_HEAD}<SharedConfig version="1.0.0.0" goalStateIncarnation="{incarnation}">
  <Deployment name="{deployment}" guid={braced} incarnation="0" isNonCancellableTopologyChangeEnabled="false"/>
  <Incarnation number="1" instance="guest"/>
  <Role guid={braced} name="guest" settleTimeSeconds="0"/>
  <LoadBalancerSettings timeoutSeconds="0" waitLoadBalancerProbeCount="8"/>
  <Instances>
    <Instance id="guest" address="{address}">
      <FaultDomains randomId="0" updateId="0" updateCount="0"/>
    </Instance>
  </Instances>
</SharedConfig>"""


def extensions_config(address: str, incarnation: int, wanted: dict[str, Any] | None) -> str:
    """Which extensions the agent shall have, and where it shall put its status."""
    plugins = _plugins(address, wanted) if wanted else "<Plugins/>\n  <PluginSettings/>"
    return f"""{_HEAD}<Extensions version="1.0.0.0" goalStateIncarnation="{incarnation}">
  <GuestAgentExtension xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
    <GAFamilies><GAFamily>
      <Name>Prod</Name>
      <Uris><Uri>http://{STORAGE_NAME}/agent/manifest.xml</Uri></Uris>
    </GAFamily></GAFamilies>
  </GuestAgentExtension>
  {plugins}
  <StatusUploadBlob statusBlobType="BlockBlob">http://{STORAGE_NAME}/status/{address}?sig=lab</StatusUploadBlob>
  <InVMGoalStateMetaData inSvdGoalState="1" createdOnTicks="{638000000000000000 + incarnation}"
      activityId="{identity(address, "activity")}" correlationId="{identity(address, "correlation")}"/>
</Extensions>"""


def _plugins(address: str, wanted: dict[str, Any]) -> str:
    settings = extension.settings(identity(address, f"task{wanted['sequence']}"), wanted["behaviour"])
    name = f'name="{extension.NAME}" version="{extension.VERSION}"'
    place = f"http://{STORAGE_NAME}/extension/manifest.xml"
    return f"""<Plugins>
    <Plugin {name} location="{place}" failoverlocation="{place}" state="{wanted["state"]}"
        autoUpgrade="false" runAsStartupTask="false" isJson="true" useExactVersion="true"/>
  </Plugins>
  <PluginSettings>
    <Plugin {name}><RuntimeSettings seqNo="{wanted["sequence"]}">{json.dumps(settings)}</RuntimeSettings></Plugin>
  </PluginSettings>"""


def manifest(version: str | None = None, package: str = "") -> str:
    """The versions that storage holds of an agent or an extension; none where no version is given."""
    plugin = f"<Plugin><Version>{version}</Version><Uris><Uri>{package}</Uri></Uris></Plugin>" if version else ""
    return f"{_HEAD}<PluginVersionManifest><Plugins>{plugin}</Plugins></PluginVersionManifest>"


def instance_metadata(address: str) -> dict[str, Any]:
    """What the instance metadata service tells a guest about itself."""
    network = ipaddress.ip_network(NETWORK)
    subnet = {"address": str(network.network_address), "prefix": str(network.prefixlen)}
    addresses = [{"privateIpAddress": address, "publicIpAddress": ""}]
    return {
        "compute": {
            "location": "labregion",
            "name": "guest",
            "offer": "debian-12",
            "osType": "Linux",
            "placementGroupId": "",
            "platformFaultDomain": "0",
            "platformUpdateDomain": "0",
            "publisher": "Debian",
            "resourceGroupName": "lab",
            "sku": "12-gen2",
            "subscriptionId": identity("lab", "subscription"),
            "tags": "",
            "version": "0.20260101.0",
            "vmId": identity(address, "vm"),
            "vmScaleSetName": "",
            "vmSize": "Standard_B1s",
            "zone": "",
        },
        "network": {
            "interface": [
                {
                    "ipv4": {"ipAddress": addresses, "subnet": [subnet]},
                    "ipv6": {"ipAddress": []},
                    "macAddress": "",
                }
            ]
        },
    }
