-- Which request gave a clock its last target, so that a repeat of it after an unclear answer is answered as made.
ALTER TABLE ordering.test_clocks ADD COLUMN aimed_by text;
