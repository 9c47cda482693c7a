-- Vacuum gives back empty pages at a table's end under an ACCESS EXCLUSIVE lock, for which it tries up to five seconds; these two grow and
-- empty all day long, so it would try at every vacuum, in the way of who claims and who adds, and give back what is needed again at once.

ALTER TABLE receipt_queue SET (vacuum_truncate = off);
ALTER TABLE delivery_queue SET (vacuum_truncate = off);
