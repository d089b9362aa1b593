import { PolicyPack } from "@pulumi/policy";
import { policyRules } from "./rules.ts";

/** The rules as a policy pack: `pulumi preview --policy-pack dist/infra/policy`. */
new PolicyPack("shopctl-aws", {
  policies: policyRules.map(({ name, description, violation }) => ({
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: ({ type, name: resource, props }, report) => {
      const found = violation({ type, name: resource, props });
      if (found !== undefined) report(found);
    },
  })),
});
