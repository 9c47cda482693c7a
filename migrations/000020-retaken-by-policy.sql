-- Figures of all policies at once are made of the indexes figure_attempts_<policy>_… as well, so nothing reads this one any more.
DROP INDEX figure_attempts_retaken;
