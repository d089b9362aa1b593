/** The boundaries of ARCHITECTURE.md: imports point one way. */
const pureFolders = "^(infra/topology|cli/(phases|planning|advice)|service/shop)/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "service-stands-alone",
      comment: "The service is deployed without shopctl, so it knows nothing of it.",
      severity: "error",
      from: { path: "^service/" },
      to: { path: "^(infra|cli|dashboards|test|scripts)/" },
    },
    {
      name: "contract-is-a-leaf",
      comment: "The contract is names, numbers and schemas; both sides import it, it imports neither.",
      severity: "error",
      from: { path: "^service/contract/" },
      to: { pathNot: ["^service/contract/", "^node_modules/zod/"] },
    },
    {
      name: "storefront-is-a-client",
      comment: "The storefront runs in browsers: of the service it knows the contract, and no package comes with it.",
      severity: "error",
      from: { path: "^service/storefront/" },
      to: { pathNot: "^service/(storefront|contract)/" },
    },
    {
      name: "service-serves-files",
      comment: "The service sends the built storefront as bytes; it never runs its code.",
      severity: "error",
      from: { path: "^service/(?!storefront/)" },
      to: { path: "^service/storefront/" },
    },
    {
      name: "infra-knows-only-the-contract",
      comment: "Infrastructure starts the service as a process; it never imports its code.",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^(service/(?!contract/)|cli/|dashboards/|test/|scripts/)" },
    },
    {
      name: "cli-knows-only-the-contract",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^(service/(?!contract/)|dashboards/|test/|scripts/)" },
    },
    {
      name: "engine-is-no-part-of-a-target",
      comment: "Engines run any program; targets are programs. Neither imports the other.",
      severity: "error",
      from: { path: "^infra/engine/" },
      to: { path: "^infra/(local|environment|topology)/" },
    },
    {
      name: "targets-stand-apart",
      comment:
        "A target knows the topology and the contract, and nothing of another target. The provider plugin is one for both: its list has a type of each, and what a type is stands beside it.",
      severity: "error",
      from: { path: "^infra/(local|aws)/", pathNot: "^infra/local/provider/resources/index[.]ts$" },
      to: { path: "^infra/(local|aws)/", pathNot: ["^infra/$1/", "^infra/local/provider/resource-handler[.]ts$"] },
    },
    {
      name: "provider-starts-light",
      comment: "The provider plugin and the program are started by the engine and do not contain one.",
      severity: "error",
      from: { path: "^infra/(local/(provider|components)/|program[.]ts)" },
      to: { path: "^infra/engine/(embedded|pulumi-cli)/" },
    },
    {
      name: "phases-are-the-floor",
      comment: "commands → rollout → planning, advice → phases.",
      severity: "error",
      from: { path: "^cli/phases/" },
      to: { path: "^cli/(?!phases/)" },
    },
    {
      name: "planning-and-advice-below-rollout",
      severity: "error",
      from: { path: "^cli/(planning|advice)/" },
      to: { path: "^cli/(rollout|commands|adapters|render|load|demo)/" },
    },
    {
      name: "rollout-below-commands",
      severity: "error",
      from: { path: "^cli/(rollout|adapters|render|load)/" },
      to: { path: "^cli/(commands|demo)/" },
    },
    {
      name: "pure-core",
      comment: "Topology, steps, planning, advice and the shop's rules take I/O, clocks and randomness as arguments.",
      severity: "error",
      from: { path: pureFolders },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-tests-in-products",
      severity: "error",
      from: { path: "^(service|infra|cli|dashboards)/" },
      to: { path: "^test/" },
    },
    {
      name: "declared-dependencies",
      comment: "What runs in production stands in package.json's dependencies.",
      severity: "error",
      from: { path: "^(service|infra|cli)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "unknown", "undetermined"],
        dependencyTypesNot: ["type-only"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
