import * as pulumi from "@pulumi/pulumi";
import type { QueryPlan } from "../../../service/contract/query-plans.ts";
import type { QueryTime } from "../../../service/contract/query-times.ts";

type Options = pulumi.CustomResourceOptions;

/** The resource types of the provider `shopctl` as the program sees them; their inputs and behaviour are in `provider/resources/`. */
class Resource extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs, options: Options) {
    super(`shopctl:local:${type}`, name, inputs, options);
  }
}

export class Supervisor extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Supervisor", name, inputs, options);
  }
}

export class Release extends Resource {
  declare readonly folder: pulumi.Output<string>;
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Release", name, { folder: undefined, ...inputs }, options);
  }
}

export class PostgresServer extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("PostgresServer", name, inputs, options);
  }
}

export class PostgresReplica extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("PostgresReplica", name, inputs, options);
  }
}

export class Replication extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Replication", name, inputs, options);
  }
}

export class ReplicationGuard extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("ReplicationGuard", name, inputs, options);
  }
}

export class Schema extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Schema", name, inputs, options);
  }
}

export class Indexes extends Resource {
  declare readonly plans: pulumi.Output<readonly QueryPlan[]>;
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Indexes", name, { plans: undefined, ...inputs }, options);
  }
}

export class Queries extends Resource {
  declare readonly times: pulumi.Output<readonly QueryTime[]>;
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Queries", name, { times: undefined, ...inputs }, options);
  }
}

export class PgBouncer extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("PgBouncer", name, inputs, options);
  }
}

export class Redis extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Redis", name, inputs, options);
  }
}

export class QueueRedis extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("QueueRedis", name, inputs, options);
  }
}

export class MailWorker extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("MailWorker", name, inputs, options);
  }
}

export class MailSink extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("MailSink", name, inputs, options);
  }
}

export class ServiceInstance extends Resource {
  declare readonly instance: pulumi.Output<string>;
  declare readonly httpPort: pulumi.Output<number>;
  declare readonly internalPort: pulumi.Output<number>;
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super(
      "ServiceInstance",
      name,
      { instance: undefined, httpPort: undefined, internalPort: undefined, ...inputs },
      options,
    );
  }
}

export class Router extends Resource {
  declare readonly url: pulumi.Output<string>;
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Router", name, { url: undefined, ...inputs }, options);
  }
}

export class Cdn extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Cdn", name, inputs, options);
  }
}

export class CdnControl extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("CdnControl", name, inputs, options);
  }
}

export class CdnPurge extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("CdnPurge", name, inputs, options);
  }
}

export class FaultSink extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("FaultSink", name, inputs, options);
  }
}

export class GrafanaFiles extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("GrafanaFiles", name, inputs, options);
  }
}

export class BackupSchedule extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("BackupSchedule", name, inputs, options);
  }
}

export class Archive extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Archive", name, inputs, options);
  }
}

export class Partitions extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Partitions", name, inputs, options);
  }
}

export class TaskSchedule extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("TaskSchedule", name, inputs, options);
  }
}

export class Exporter extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Exporter", name, inputs, options);
  }
}

export class Alertmanager extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Alertmanager", name, inputs, options);
  }
}

export class Prometheus extends Resource {
  constructor(name: string, inputs: pulumi.Inputs, options: Options) {
    super("Prometheus", name, inputs, options);
  }
}
