-- Up Migration
-- Mail that was promised together with something else, e.g. an order: written in the same transaction, handed to a
-- provider by the mail workers. This table is the truth; the queue in Redis only says who works on what, and can be
-- made again from here.
create table mail_outbox (
  -- Goes with the mail to the provider, so that one that is offered twice can be told from two.
  id uuid primary key default gen_random_uuid(),
  -- What the mail is about, e.g. order:17: at most one mail an event.
  event text unique,
  kind text not null,
  recipient text,
  subject text,
  body text,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  -- The life of the queue's Redis that the mail was offered to; one that lost its data begins another.
  offered_to text,
  offered_at timestamptz,
  -- The worker's hold on a mail that is being sent, and when that hold ends by itself.
  claim uuid,
  lease_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  -- Mails carry addresses and tokens: nothing of them stays once they are delivered.
  constraint mail_outbox_blank_when_sent check (case when state = 'sent'
    then recipient is null and subject is null and body is null
    else recipient is not null and subject is not null and body is not null end)
);
create index mail_outbox_open on mail_outbox (created_at) where state in ('waiting', 'sending');
create index mail_outbox_failed on mail_outbox (ended_at) where state = 'failed';
create index mail_outbox_sent on mail_outbox (ended_at) where state = 'sent';

-- Who writes a mail does not change what it says; only delivery blanks it.
grant select, insert, delete on mail_outbox to shop;
grant update (recipient, subject, body, state, attempts, due_at, offered_to, offered_at, claim, lease_until, last_error,
  ended_at) on mail_outbox to shop;
