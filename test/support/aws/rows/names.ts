import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type ResourceRecordSet,
  type RRType,
} from "@aws-sdk/client-route-53";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

type RecordInputs = Given<aws.route53.RecordArgs>;

/** The change of records that runs: moto loses one of two at a time. */
let changing: Promise<unknown> = Promise.resolve();

async function change(of: Aws, action: "UPSERT" | "DELETE", inputs: RecordInputs): Promise<void> {
  const changed = changing.then(async () => await changeNow(of, action, inputs));
  changing = changed.catch(() => undefined);
  await changed;
}

async function changeNow(of: Aws, Action: "UPSERT" | "DELETE", inputs: RecordInputs): Promise<void> {
  const [alias] = inputs.aliases ?? [];
  await of.client(Route53Client).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: inputs.zoneId,
      ChangeBatch: {
        Changes: [
          {
            Action,
            ResourceRecordSet: {
              Name: inputs.name,
              Type: inputs.type as RRType,
              ...(alias === undefined
                ? {
                    TTL: inputs.ttl,
                    ResourceRecords: (inputs.records ?? []).map((value) => ({ Value: quoted(inputs.type, value) })),
                  }
                : {
                    AliasTarget: {
                      DNSName: alias.name,
                      HostedZoneId: alias.zoneId,
                      EvaluateTargetHealth: alias.evaluateTargetHealth,
                    },
                  }),
            },
          },
        ],
      },
    }),
  );
}

async function existing(of: Aws, inputs: RecordInputs): Promise<ResourceRecordSet | undefined> {
  const found = await of.client(Route53Client).send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: inputs.zoneId,
      StartRecordName: inputs.name,
      StartRecordType: inputs.type as RRType,
    }),
  );
  return found.ResourceRecordSets?.find(
    ({ Name = "", Type }) => Name.replace(/\.$/, "") === inputs.name.replace(/\.$/, "") && Type === inputs.type,
  );
}

/** The provider puts a text into quotes; the API wants them. */
function quoted(type: string, value: string): string {
  return type === "TXT" ? JSON.stringify(value) : value;
}

/** Names and the certificates for them. */
export const names: ResourceTable = {
  "aws:route53/record:Record": row<aws.route53.RecordArgs>({
    replaceOn: ["zoneId", "name", "type"],
    // Not CREATE: moto takes a record that was deleted for one that is there, where its zone has any other.
    async create(of, inputs) {
      if (inputs.allowOverwrite !== true && (await existing(of, inputs)) !== undefined)
        throw new Error(`Tried to create resource record set ${inputs.name} ${inputs.type} but it already exists`);
      await change(of, "UPSERT", inputs);
      return `${inputs.zoneId}_${inputs.name}_${inputs.type}`;
    },
    async read(of, _id, inputs) {
      const record = await existing(of, inputs);
      return (
        record && { fqdn: inputs.name.replace(/\.$/, ""), ...(record.TTL === undefined ? {} : { ttl: record.TTL }) }
      );
    },
    async update(of, _id, inputs) {
      await change(of, "UPSERT", inputs);
    },
    async delete(of, _id, inputs) {
      await change(of, "DELETE", inputs);
    },
  }),
  "aws:acm/certificate:Certificate": row<aws.acm.CertificateArgs>({
    replaceOn: ["domainName", "subjectAlternativeNames", "validationMethod", "region"],
    async create(of, { domainName, subjectAlternativeNames = [] }) {
      const made = await of.client(ACMClient).send(
        new RequestCertificateCommand({
          DomainName: domainName,
          ...(subjectAlternativeNames.length === 0 ? {} : { SubjectAlternativeNames: [...subjectAlternativeNames] }),
          ValidationMethod: "DNS",
          Tags: tagList(of.tags),
        }),
      );
      return made.CertificateArn ?? "";
    },
    async read(of, CertificateArn) {
      const { Certificate: found } = await of
        .client(ACMClient)
        .send(new DescribeCertificateCommand({ CertificateArn }));
      return (
        found && {
          arn: CertificateArn,
          domainValidationOptions: (found.DomainValidationOptions ?? []).map(({ DomainName, ResourceRecord }) => ({
            domainName: DomainName,
            resourceRecordName: ResourceRecord?.Name,
            resourceRecordType: ResourceRecord?.Type,
            resourceRecordValue: ResourceRecord?.Value,
          })),
        }
      );
    },
    async delete(of, CertificateArn) {
      await of.client(ACMClient).send(new DeleteCertificateCommand({ CertificateArn }));
    },
  }),
  // Waits in the real provider until ACM has seen the record.
  "aws:acm/certificateValidation:CertificateValidation": row<aws.acm.CertificateValidationArgs>({
    replaceOn: "all",
    async create(_of, { certificateArn }) {
      return certificateArn;
    },
    async read(of, CertificateArn) {
      await of.client(ACMClient).send(new DescribeCertificateCommand({ CertificateArn }));
      return { certificateArn: CertificateArn };
    },
    async delete() {},
  }),
};
