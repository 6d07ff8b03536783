-- D8, the rest of it: a final invoice is not deleted and does not become a draft again; its lines stay with it, and none
-- is added.
ALTER TABLE finance.invoices ADD CONSTRAINT invoice_final_never_draft CHECK (status <> 'draft' OR finalised_at IS NULL);

CREATE FUNCTION finance.refuse_removal_of_final_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'invoice % is final: it may not be deleted', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoices_kept BEFORE DELETE ON finance.invoices
  FOR EACH ROW WHEN (OLD.finalised_at IS NOT NULL) EXECUTE FUNCTION finance.refuse_removal_of_final_invoice();

CREATE OR REPLACE FUNCTION finance.refuse_change_of_final_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM finance.invoices i WHERE i.company_id = OLD.company_id AND i.id = OLD.invoice_id AND i.finalised_at IS NOT NULL) THEN
    RAISE EXCEPTION 'invoice % is final: its lines may not change', OLD.invoice_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF EXISTS (SELECT FROM finance.invoices i WHERE i.company_id = NEW.company_id AND i.id = NEW.invoice_id AND i.finalised_at IS NOT NULL) THEN
    RAISE EXCEPTION 'invoice % is final: its lines may not change', NEW.invoice_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Once per statement: every order inserts lines.
CREATE FUNCTION finance.refuse_lines_for_final_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  final bigint;
BEGIN
  SELECT i.id INTO final FROM added a JOIN finance.invoices i ON i.company_id = a.company_id AND i.id = a.invoice_id
   WHERE i.finalised_at IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'invoice % is final: no line may be added', final USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_added AFTER INSERT ON finance.invoice_lines
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION finance.refuse_lines_for_final_invoice();
