-- Up Migration
-- Where attempts go that are older than the shop looks back (90 days). A table and not a file: a row moves in one statement,
-- so that it is never in both places and never in none; backups have it, and the way back is the same statement.
-- The same columns in the same order as login_attempt: a migration that adds one there adds it here. Without a primary
-- key, because nobody looks a row up: a b-tree on id alone would take a third of the table's size again.
create table login_attempt_archive (like login_attempt);
-- Rows come in the order of their time, so that a year is found by 32 kB of index instead of 22 bytes a row.
create index login_attempt_archive_created_at on login_attempt_archive using brin (created_at);
-- Nothing of the shop reads it: no rights for the role `shop`.
