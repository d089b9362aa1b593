-- Up Migration
-- Mails a day that a provider takes where the shop's operator has said so, e.g. after buying a larger plan. Here and not in the
-- configuration, so that it counts at once, for every process, and stays through releases.
create table mail_quota (
  transport text primary key,
  per_day integer not null check (per_day > 0)
);
grant select on mail_quota to shop;
