import { expect, it } from "vitest";
import { retryFailedMails } from "../../../infra/mails.ts";
import type { Target } from "../../../infra/target.ts";
import { baseline } from "../../../infra/topology/topology.ts";

const id = "6f1c8a52-94d1-4c7e-9d0e-2f6f0c3a7b11";

/** Of a shop without a mail worker: how many mails it has failed, and how many wait that somebody sends them. */
function shop(failed: number, waiting: number) {
  const target: Pick<Target, "runMails" | "deliverOutbox"> = {
    runMails: async () => {
      const retried = Array.from({ length: failed }, () => id);
      [failed, waiting] = [0, waiting + failed];
      return { retried };
    },
    deliverOutbox: async () => {
      const sent = waiting;
      waiting = 0;
      return { schema: "shop.delivery/1", sent, failed: 0 };
    },
  };
  return { target: target as Target, environment: "shop" };
}

it("a failed mail is sent where no worker does", async () => {
  expect(await retryFailedMails(shop(1, 0), baseline, { id })).toMatchObject({ retried: [id], delivery: { sent: 1 } });
});

it("the same retry again sends what one that was killed between its tasks left waiting", async () => {
  const mails = shop(1, 0);
  await mails.target.runMails(["retry", id]);
  expect(await retryFailedMails(mails, baseline, { id })).toMatchObject({ retried: [], delivery: { sent: 1 } });
});

it("a mail that is not there is refused", async () => {
  await expect(retryFailedMails(shop(0, 0), baseline, { id })).rejects.toMatchObject({
    code: "unknown-mail",
    message: expect.stringContaining(`no failed mail ${id}`),
  });
});
