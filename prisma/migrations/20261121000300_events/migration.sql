-- Outbox (D7): the subject's counter row is locked first, then its events are numbered and inserted, in the caller's
-- transaction. So ids of one subject rise in the order in which its transactions commit.
CREATE FUNCTION platform.append_events(p_company bigint, p_subject text, p_occurred_at timestamptz, p_events jsonb) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  added integer := jsonb_array_length(p_events);
  last integer;
BEGIN
  IF added = 0 THEN
    RETURN 0;
  END IF;

  INSERT INTO platform.event_subjects AS s (company_id, subject, last_seq) VALUES (p_company, p_subject, added)
  ON CONFLICT (company_id, subject) DO UPDATE SET last_seq = s.last_seq + added
  RETURNING s.last_seq INTO last;

  INSERT INTO platform.events (company_id, subject, subject_seq, type, payload, occurred_at)
  SELECT p_company, p_subject, last - added + e.nth::int, e.event ->> 'type', e.event -> 'payload', p_occurred_at
    FROM jsonb_array_elements(p_events) WITH ORDINALITY AS e (event, nth)
   ORDER BY e.nth;

  RETURN last;
END $$;

CREATE INDEX events_unpublished ON platform.events (id) WHERE position IS NULL;
