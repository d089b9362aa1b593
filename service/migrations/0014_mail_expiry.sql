-- Up Migration
-- When what a mail says is of no use any more, e.g. because its code has ended: null for mails that are good for ever.
alter table mail_outbox add column expires_at timestamptz;
