import { figures } from "../../../service/contract/figures.ts";

/** A month is 730 hours: the growth plan's prices and the clouds' are both for that. */
export const hoursPerMonth = 730;
export const daysPerMonth = hoursPerMonth / 24;

/**
 * The growth plan's rates are those of its peak. Bills are for a month, so they are divided by this: the busiest hour is
 * taken to carry a tenth of a day, as a shop that sells in one country has it.
 */
export const peakToMean = 2.4;

/** Bytes that one answer puts on the wire, headers included: what the bundled shop's router counted under the plan's mix. */
const bytesPerAnswer = 1_900;

/** How much of a thing a month takes, and where that is known from. */
export interface Amount {
  readonly value: number;
  readonly basis: string;
}

/** What a shop uses in a month: all that a price can depend on beside the topology. */
export interface Usage {
  readonly users: Amount;
  readonly requestsPerMonth: Amount;
  readonly mailsPerMonth: Amount;
  readonly cacheCommandsPerMonth: Amount;
  readonly egressGiBPerMonth: Amount;
  readonly databaseGiB: Amount;
}

const nothing: Amount = { value: 0, basis: "not asked for" };

/** Of a price that is to depend on the topology alone. */
export const noUsage: Usage = {
  users: nothing,
  requestsPerMonth: nothing,
  mailsPerMonth: nothing,
  cacheCommandsPerMonth: nothing,
  egressGiBPerMonth: nothing,
  databaseGiB: nothing,
};

const { loadAt100k, growth, email } = figures;

/** The growth plan's traffic at 100,000 users, scaled linearly to so many. */
export function plannedUsage(users: number): Usage {
  const share = users / growth.targetUsers;
  const monthOfPeak = (perMinute: number): number => Math.round((perMinute * share * 60 * hoursPerMonth) / peakToMean);
  const requests = monthOfPeak(loadAt100k.requestsPerMinute);
  const plan = "the growth plan's at 100,000 users, scaled linearly";
  const atPeak = (perMinute: number): string =>
    `${plan}: ${perMinute.toLocaleString("en-US")} a minute at the peak, ÷ ${peakToMean} for the mean hour`;
  return {
    users: { value: users, basis: "as asked" },
    requestsPerMonth: { value: requests, basis: atPeak(loadAt100k.requestsPerMinute) },
    mailsPerMonth: {
      value: Math.round(email.perDayAt100k.total * share * daysPerMonth),
      basis: `${plan}: ${email.perDayAt100k.total.toLocaleString("en-US")} a day`,
    },
    cacheCommandsPerMonth: {
      value: monthOfPeak(loadAt100k.cacheOpsPerMinute),
      basis: `${atPeak(loadAt100k.cacheOpsPerMinute)}; one operation is one command`,
    },
    egressGiBPerMonth: {
      value: (requests * bytesPerAnswer) / 1_024 ** 3,
      basis: `${bytesPerAnswer.toLocaleString("en-US")} bytes an answer, as the bundled shop's router counts`,
    },
    databaseGiB: { value: loadAt100k.databaseGiB.most * share, basis: `${plan}: the upper end of its 5 to 10 GiB` },
  };
}

/** Usage of one user count at another: everything grows with the users. */
export function scaleUsage(usage: Usage, users: number): Usage {
  const factor = usage.users.value > 0 ? users / usage.users.value : 1;
  const scaled = ({ value, basis }: Amount): Amount => ({
    value: value * factor,
    basis: `${basis}; × ${factor.toFixed(2)} for the users`,
  });
  return {
    users: { value: users, basis: `as asked; ${usage.users.value} now` },
    requestsPerMonth: scaled(usage.requestsPerMonth),
    mailsPerMonth: scaled(usage.mailsPerMonth),
    cacheCommandsPerMonth: scaled(usage.cacheCommandsPerMonth),
    egressGiBPerMonth: scaled(usage.egressGiBPerMonth),
    databaseGiB: scaled(usage.databaseGiB),
  };
}
