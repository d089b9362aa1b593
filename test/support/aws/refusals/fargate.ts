import { refusals, type Refusal } from "../refusal.ts";

const page = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";

/** Memory in MiB that Fargate sells with so many CPU units. */
const memoryOf: Readonly<Record<string, readonly number[]>> = {
  "256": [512, 1_024, 2_048],
  "512": gibibytes(1, 4),
  "1024": gibibytes(2, 8),
  "2048": gibibytes(4, 16),
  "4096": gibibytes(8, 30),
  "8192": gibibytes(16, 60, 4),
  "16384": gibibytes(32, 120, 8),
};

interface TaskDefinition {
  readonly cpu?: string;
  readonly memory?: string;
  readonly networkMode?: string;
  readonly containerDefinitions?: string;
}

/** Sizes that Fargate does not have, and a container that stops more slowly than Fargate waits. */
export function refuseFargateTask(inputs: TaskDefinition): readonly Refusal[] {
  const { cpu, memory, networkMode, containerDefinitions } = inputs;
  const sizes = cpu === undefined ? undefined : (memoryOf[cpu] ?? []);
  return refusals(
    sizes !== undefined &&
      memory !== undefined &&
      !sizes.includes(Number(memory)) && {
        property: "cpu",
        reason: `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory`,
        page,
      },
    networkMode !== "awsvpc" && { property: "networkMode", reason: "Fargate takes only awsvpc", page },
    stopTimeouts(containerDefinitions).some((seconds) => seconds > 120) && {
      property: "containerDefinitions",
      reason: "Fargate waits at most 120 s for a container to stop",
      page: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    },
  );
}

function stopTimeouts(definitions: string | undefined): readonly number[] {
  if (definitions === undefined) return [];
  const containers = JSON.parse(definitions) as readonly { readonly stopTimeout?: number }[];
  return containers.map(({ stopTimeout = 30 }) => stopTimeout);
}

function gibibytes(from: number, to: number, step = 1): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, at) => (from + at * step) * 1_024);
}
