-- Up Migration
-- Old attempts are found by time: to be cleared away, archived, or counted by day.
create index login_attempt_created_at on login_attempt (created_at);
