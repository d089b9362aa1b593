import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A budget that says so when the month is going to cost more. */
export class Spending extends pulumi.ComponentResource {
  constructor(
    name: string,
    { usdPerMonth, address }: { readonly usdPerMonth: number; readonly address: string },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:Spending", name, {}, options);
    const notice = (notificationType: "ACTUAL" | "FORECASTED"): aws.types.input.budgets.BudgetNotification => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      threshold: 100,
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: [address],
    });
    new aws.budgets.Budget(
      name,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: usdPerMonth.toFixed(2),
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: [`user:environment$${name}`] }],
        notifications: [notice("ACTUAL"), notice("FORECASTED")],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
