/** Name and key prefix of the queue of mails; a job's id is the id of its mail in the outbox, and it holds nothing else. */
export const mailQueue = { name: "mail", prefix: "shop" } as const;

/** Where the queue's Redis keeps the name of its life. */
export const queueLifeKey = `${mailQueue.prefix}:${mailQueue.name}-life`;
