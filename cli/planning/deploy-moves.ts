/**
 * The two moves of a deployment: the new release beside the one that runs, for a share of the requests, with its
 * migrations; then the new one alone. A rollback is the second one, turned round.
 */
export const deployMoves = ["deploy-canary", "deploy-rest"] as const;
export type DeployMove = (typeof deployMoves)[number];

export function isDeployMove(text: string): text is DeployMove {
  return deployMoves.some((id) => id === text);
}
