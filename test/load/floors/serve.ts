import express, { type Express } from "express";

/** Express as `npm init` leaves it, in production mode: the floor under every row has nothing of the shop's. */
export function serve(prepare: (app: Express) => void): void {
  const app = express();
  prepare(app);
  app.listen(Number(process.env["FLOOR_PORT"]), "127.0.0.1");
}
