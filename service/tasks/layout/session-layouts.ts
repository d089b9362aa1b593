/** The table of sessions that takes the other's place when it has all of its rows. */
export const next = "user_session_next";
/** The one whose place was taken, until it is dropped. */
export const former = "user_session_old";

/** With eight, each of half a million sessions' partitions has its indexes in memory; a lookup by token asks all eight. */
export const sessionPartitions = 8;

const foreignKey = `alter table ${next} add constraint ${next}_account_id_fkey
  foreign key (account_id) references account (id) on delete cascade`;
const family = `create index ${next}_family on ${next} (family_hash) where family_hash is not null`;
const grants = `grant select, insert, update, delete on ${next} to shop`;
const columns = "like user_session including defaults including constraints";

/** Statements that make `user_session_next`, empty, in a layout. */
export const sessionLayouts: Readonly<Record<"plain" | "partitioned", readonly string[]>> = {
  plain: [
    `create table ${next} (${columns})`,
    `alter table ${next} add constraint ${next}_pkey primary key (token_hash)`,
    `create index ${next}_account on ${next} (account_id)`,
    family,
    foreignKey,
    grants,
  ],
  partitioned: [
    `create table ${next} (${columns}) partition by hash (account_id)`,
    ...Array.from(
      { length: sessionPartitions },
      (_, at) =>
        `create table user_session_p${at} partition of ${next} for values with (modulus ${sessionPartitions}, remainder ${at})`,
    ),
    `alter table ${next} add constraint ${next}_pkey primary key (account_id, token_hash)`,
    `create index ${next}_token on ${next} (token_hash)`,
    family,
    foreignKey,
    grants,
  ],
};

/**
 * What happens to a session happens to its copy, in the same transaction and with the rights of whoever does it. A session
 * that is not copied yet comes with its next change; the copying leaves one that is there alone.
 */
export const follow: readonly string[] = [
  `create or replace function user_session_follow() returns trigger language plpgsql set search_path = public as $$
   begin
     if tg_op <> 'INSERT' then
       delete from ${next} where account_id = old.account_id and token_hash = old.token_hash;
     end if;
     if tg_op <> 'DELETE' then
       insert into ${next} select (new).* on conflict do nothing;
     end if;
     return null;
   end $$`,
  `create trigger user_session_follow after insert or update or delete on user_session
     for each row execute function user_session_follow()`,
];
