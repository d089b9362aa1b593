/** Where shoppers come from: homes have an address each, an office one for all that sit in it. */
export interface Offices {
  readonly count: number;
  /** Share of shoppers that sit in an office, 0..1. */
  readonly share: number;
}

/**
 * Requests a minute of one office. 67% of them fall under the limit of the API: 150 a minute, over the base limit of 100
 * and four standard deviations under the raised 200; 60 searches and 15 logins stay inside even the base limits.
 */
const officeRequestsPerMinute = 225;
/** The most that sits in offices by default. */
const officeShare = 0.18;

/** As many offices as the traffic fills; none where one office would be more than a fifth of it. */
export function officesFor(ratePerSecond: number): Offices {
  const perMinute = ratePerSecond * 60;
  const count = Math.floor((perMinute * officeShare) / officeRequestsPerMinute);
  return { count, share: (count * officeRequestsPerMinute) / perMinute };
}

/** An office's address: 127.16.0.1 and up. */
export function officeAddress(office: number): string {
  return loopback(16, office + 1);
}

/** A home's address, one for each user: 127.32.0.1 and up. */
export function homeAddress(user: number): string {
  return loopback(32, user);
}

/** Where the catalogue is read from before the traffic: another address than any shopper's, so that no limit of theirs is used up. */
export function surveyAddress(chance: number): string {
  return loopback(48, 1 + Math.floor(chance * 65_000));
}

function loopback(block: number, number: number): string {
  return `127.${block + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}`;
}

/** Whether a URL is on this host: the driver sends to nothing else. */
export function isLoopbackUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === "http:" && /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(parsed.hostname);
}
