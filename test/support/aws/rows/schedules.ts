import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from "@aws-sdk/client-scheduler";
import type * as aws from "@pulumi/aws";
import type { Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): SchedulerClient => of.client(SchedulerClient);

/** What EventBridge Scheduler is told of a task that it starts. */
function told({
  scheduleExpression,
  target,
}: Given<aws.scheduler.ScheduleArgs>): Omit<CreateScheduleCommandInput, "Name"> {
  const { ecsParameters, arn, roleArn, input } = target;
  const network = ecsParameters?.networkConfiguration;
  return {
    ScheduleExpression: scheduleExpression,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: arn,
      RoleArn: roleArn,
      Input: input,
      EcsParameters: {
        TaskDefinitionArn: ecsParameters?.taskDefinitionArn,
        LaunchType: "FARGATE",
        NetworkConfiguration: {
          awsvpcConfiguration: {
            Subnets: [...(network?.subnets ?? [])],
            SecurityGroups: [...(network?.securityGroups ?? [])],
          },
        },
      },
    },
  };
}

/** What starts tasks by the clock. */
export const schedules: ResourceTable = {
  "aws:scheduler/schedule:Schedule": row<aws.scheduler.ScheduleArgs>({
    replaceOn: ["name"],
    named: {
      by: "name",
      maxLength: 64,
      page: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html",
    },
    async create(of, inputs) {
      const { name = "" } = inputs;
      await client(of).send(new CreateScheduleCommand({ Name: name, ...told(inputs) }));
      return name;
    },
    async read(of, id) {
      const { Arn, Name, State } = await client(of).send(new GetScheduleCommand({ Name: id }));
      return { arn: Arn, name: Name, state: State };
    },
    async update(of, id, inputs) {
      await client(of).send(new UpdateScheduleCommand({ Name: id, ...told(inputs) }));
    },
    async delete(of, id) {
      await client(of).send(new DeleteScheduleCommand({ Name: id }));
    },
  }),
};
