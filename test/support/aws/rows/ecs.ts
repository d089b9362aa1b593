import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
  type RegisterTaskDefinitionCommandInput,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import type * as aws from "@pulumi/aws";
import type { Aws } from "../aws-access.ts";
import { refuseFargateTask } from "../refusals/fargate.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";
import { bringTasksTo, type TasksWanted } from "../service-tasks.ts";

const client = (of: Aws): ECSClient => of.client(ECSClient);
const ecsTags = ({ tags }: Aws): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));
const page = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html";

/** What may change of a service while it runs. */
function changeable(inputs: Given<aws.ecs.ServiceArgs>): Omit<UpdateServiceCommandInput, "service"> {
  const { deploymentCircuitBreaker: breaker, networkConfiguration: network } = inputs;
  return {
    cluster: inputs.cluster,
    taskDefinition: inputs.taskDefinition,
    desiredCount: inputs.desiredCount,
    deploymentConfiguration: {
      ...(breaker === undefined ? {} : { deploymentCircuitBreaker: breaker }),
      minimumHealthyPercent: inputs.deploymentMinimumHealthyPercent,
      maximumPercent: inputs.deploymentMaximumPercent,
    },
    ...(network === undefined
      ? {}
      : {
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: [...network.subnets],
              securityGroups: [...(network.securityGroups ?? [])],
              assignPublicIp: network.assignPublicIp === true ? "ENABLED" : "DISABLED",
            },
          },
        }),
    ...(inputs.healthCheckGracePeriodSeconds === undefined
      ? {}
      : { healthCheckGracePeriodSeconds: inputs.healthCheckGracePeriodSeconds }),
  };
}

/** The tasks that a service has. */
function tasksOf(inputs: Given<aws.ecs.ServiceArgs>, service = ""): TasksWanted {
  return {
    cluster: inputs.cluster,
    service,
    taskDefinition: inputs.taskDefinition,
    count: inputs.desiredCount ?? 1,
    networkConfiguration: changeable(inputs).networkConfiguration,
    targetGroups: (inputs.loadBalancers ?? []).map(({ targetGroupArn }) => targetGroupArn),
  };
}

/** Its containers; to run them, moto needs their own memory, which containers of a Fargate task need not have. */
function containersOf({ containerDefinitions, memory }: Given<aws.ecs.TaskDefinitionArgs>): ContainerDefinition[] {
  const containers = JSON.parse(containerDefinitions) as ContainerDefinition[];
  return containers.map((each) => ({ memoryReservation: Number(memory) / containers.length, ...each }));
}

/** Tasks. */
export const ecs: ResourceTable = {
  "aws:ecs/cluster:Cluster": row<aws.ecs.ClusterArgs>({
    replaceOn: ["name"],
    named: {
      by: "name",
      maxLength: 255,
      page: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html",
    },
    async create(of, { name, settings = [] }) {
      const { cluster } = await client(of).send(
        new CreateClusterCommand({
          clusterName: name,
          settings: settings.map(({ value }) => ({ name: "containerInsights", value })),
          tags: ecsTags(of),
        }),
      );
      return cluster?.clusterArn ?? "";
    },
    async read(of, id) {
      const { clusters: [found] = [] } = await client(of).send(new DescribeClustersCommand({ clusters: [id] }));
      return found?.status === "ACTIVE" ? { arn: found.clusterArn, name: found.clusterName } : undefined;
    },
    async delete(of, cluster) {
      await client(of).send(new DeleteClusterCommand({ cluster }));
    },
  }),
  "aws:ecs/taskDefinition:TaskDefinition": row<aws.ecs.TaskDefinitionArgs>({
    replaceOn: "all",
    refuse: refuseFargateTask,
    async create(of, inputs) {
      const { taskDefinition } = await client(of).send(
        new RegisterTaskDefinitionCommand({
          family: inputs.family,
          cpu: inputs.cpu,
          memory: inputs.memory,
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          runtimePlatform: inputs.runtimePlatform as RegisterTaskDefinitionCommandInput["runtimePlatform"],
          executionRoleArn: inputs.executionRoleArn,
          taskRoleArn: inputs.taskRoleArn,
          volumes: (inputs.volumes ?? []).map(({ name }) => ({ name })),
          containerDefinitions: containersOf(inputs),
          tags: ecsTags(of),
        }),
      );
      return taskDefinition?.taskDefinitionArn ?? "";
    },
    async read(of, id) {
      const { taskDefinition: found } = await client(of).send(
        new DescribeTaskDefinitionCommand({ taskDefinition: id }),
      );
      return {
        arn: found?.taskDefinitionArn,
        family: found?.family,
        revision: found?.revision,
        cpu: found?.cpu,
        memory: found?.memory,
      };
    },
    async delete(of, taskDefinition, { skipDestroy }) {
      if (skipDestroy !== true) await client(of).send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
    },
  }),
  "aws:ecs/service:Service": row<aws.ecs.ServiceArgs>({
    replaceOn: ["name", "cluster", "launchType", "schedulingStrategy"],
    named: { by: "name", maxLength: 255, page },
    async create(of, inputs) {
      const { service } = await client(of).send(
        new CreateServiceCommand({
          ...changeable(inputs),
          serviceName: inputs.name,
          launchType: "FARGATE",
          loadBalancers: (inputs.loadBalancers ?? []).map(({ targetGroupArn, containerName, containerPort }) => ({
            targetGroupArn,
            containerName,
            containerPort,
          })),
          ...(inputs.serviceRegistries === undefined
            ? {}
            : { serviceRegistries: [{ registryArn: inputs.serviceRegistries.registryArn }] }),
          propagateTags: "SERVICE",
          enableECSManagedTags: inputs.enableEcsManagedTags,
          enableExecuteCommand: inputs.enableExecuteCommand,
          tags: ecsTags(of),
        }),
      );
      await bringTasksTo(of, tasksOf(inputs, service?.serviceName));
      return service?.serviceArn ?? "";
    },
    async read(of, id, { cluster }) {
      const { services: [found] = [] } = await client(of).send(
        new DescribeServicesCommand({ cluster, services: [id] }),
      );
      return found?.status === "ACTIVE"
        ? { arn: id, name: found.serviceName, desiredCount: found.desiredCount, taskDefinition: found.taskDefinition }
        : undefined;
    },
    // As the provider does: a number of tasks that is not another is not said, so that autoscaling's stays.
    async update(of, service, inputs, before) {
      const { desiredCount, ...others } = changeable(inputs);
      const count = desiredCount === before.desiredCount ? {} : { desiredCount };
      const { service: updated } = await client(of).send(new UpdateServiceCommand({ service, ...others, ...count }));
      await bringTasksTo(of, { ...tasksOf(inputs, updated?.serviceName), count: updated?.desiredCount ?? 1 });
    },
    async delete(of, service, inputs) {
      await bringTasksTo(of, { ...tasksOf(inputs, service.split("/").at(-1)), count: 0 });
      const { cluster } = inputs;
      await client(of).send(new DeleteServiceCommand({ service, cluster, force: true }));
    },
  }),
};
