import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand,
  DeleteNamespaceCommand,
  DeleteServiceCommand,
  GetNamespaceCommand,
  GetOperationCommand,
  GetServiceCommand,
  ServiceDiscoveryClient,
  UpdateServiceCommand,
  type RecordType,
} from "@aws-sdk/client-servicediscovery";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): ServiceDiscoveryClient => of.client(ServiceDiscoveryClient);

const recordsOf = ({ dnsConfig }: Given<aws.servicediscovery.ServiceArgs>) =>
  (dnsConfig?.dnsRecords ?? []).map(({ type, ttl }) => ({ Type: type as RecordType, TTL: ttl }));

/** Names under which tasks find each other. */
export const discovery: ResourceTable = {
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": row<aws.servicediscovery.PrivateDnsNamespaceArgs>({
    replaceOn: "all",
    async create(of, { name, vpc }) {
      const { OperationId } = await client(of).send(
        new CreatePrivateDnsNamespaceCommand({ Name: name, Vpc: vpc, Tags: tagList(of.tags) }),
      );
      const { Operation } = await client(of).send(new GetOperationCommand({ OperationId }));
      return Operation?.Targets?.NAMESPACE ?? "";
    },
    async read(of, Id) {
      const { Namespace } = await client(of).send(new GetNamespaceCommand({ Id }));
      return Namespace && { arn: Namespace.Arn, name: Namespace.Name };
    },
    async delete(of, Id) {
      await client(of).send(new DeleteNamespaceCommand({ Id }));
    },
  }),
  "aws:servicediscovery/service:Service": row<aws.servicediscovery.ServiceArgs>({
    replaceOn: ["name", "namespaceId"],
    async create(of, inputs) {
      const { Service } = await client(of).send(
        new CreateServiceCommand({
          Name: inputs.name,
          DnsConfig: {
            NamespaceId: inputs.dnsConfig?.namespaceId,
            DnsRecords: recordsOf(inputs),
            RoutingPolicy: "MULTIVALUE",
          },
          Tags: tagList(of.tags),
        }),
      );
      return Service?.Id ?? "";
    },
    async read(of, Id) {
      const { Service } = await client(of).send(new GetServiceCommand({ Id }));
      return Service && { arn: Service.Arn, name: Service.Name };
    },
    async update(of, Id, inputs) {
      await client(of).send(
        new UpdateServiceCommand({ Id, Service: { DnsConfig: { DnsRecords: recordsOf(inputs) } } }),
      );
    },
    async delete(of, Id) {
      await client(of).send(new DeleteServiceCommand({ Id }));
    },
  }),
};
