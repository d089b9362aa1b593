import * as pulumi from "@pulumi/pulumi";
import type { ShopSecret } from "./shop-secret.ts";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  /** Environment variables without secrets. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variables that are secrets. */
  readonly secrets: Readonly<Record<string, Pick<ShopSecret, "valueFrom">>>;
  readonly ports: readonly number[];
  /** Command whose exit code says whether the container is well. */
  readonly healthCheck?: readonly string[];
  /** A sidecar may end without its task. */
  readonly essential: boolean;
}

/** Longest time that Fargate grants between SIGTERM and SIGKILL. */
export const stopTimeoutSeconds = 120;

/** The only path that a container may write to, a volume of its own. Root's alone unless the image says VOLUME there. */
export const writablePath = "/tmp";

/** The volumes that the containers mount: one each, for the first image that mounts a volume says whose it is. */
export function volumesOf(containers: readonly Container[]): { readonly name: string }[] {
  return containers.map(({ name }) => ({ name: volumeOf(name) }));
}

/** The container definitions of a task as ECS takes them: no root, nothing writable but `writablePath`. */
export function containerDefinitions(
  containers: readonly Container[],
  { logGroup, region }: { readonly logGroup: pulumi.Input<string>; readonly region: string },
): pulumi.Output<string> {
  return pulumi.jsonStringify(
    containers.map(({ name, image, command, variables, secrets, ports, healthCheck, essential }) => ({
      name,
      image,
      essential,
      ...(command === undefined ? {} : { command: [...command] }),
      user: "10001:10001",
      readonlyRootFilesystem: true,
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
      mountPoints: [{ sourceVolume: volumeOf(name), containerPath: writablePath }],
      environment: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
      secrets: Object.entries(secrets).map(([key, { valueFrom }]) => ({ name: key, valueFrom })),
      portMappings: ports.map((containerPort) => ({ containerPort, protocol: "tcp" })),
      stopTimeout: stopTimeoutSeconds,
      ...(healthCheck === undefined
        ? {}
        : { healthCheck: { command: ["CMD", ...healthCheck], interval: 10, timeout: 5, retries: 3, startPeriod: 60 } }),
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": logGroup, "awslogs-region": region, "awslogs-stream-prefix": name },
      },
    })),
  );
}

function volumeOf(container: string): string {
  return `${container}-tmp`;
}
