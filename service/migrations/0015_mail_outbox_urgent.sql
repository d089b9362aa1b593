-- Up Migration
-- Mails that are handed to the queue before confirmations of orders, which the day's quota may hold back by the ten thousand.
create index mail_outbox_urgent on mail_outbox (created_at)
  where state in ('waiting', 'sending') and kind <> 'order-confirmation';
