-- What people search for, folded by the operations (domain/catalogue/search-rules.ts): small letters without diacritics,
-- so that "ao thun" finds "Áo thun" on any database locale and without extensions.
ALTER TABLE product.products ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE product.plans ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE product.features ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE product.addons ADD COLUMN search_text text NOT NULL DEFAULT '';

-- The orders in which products are listed. A full-text or trigram index would lie idle: under row-level security only
-- leakproof operators may use one. A search walks these instead and stops when its page is full.
CREATE INDEX products_by_price ON product.products (company_id, price, id);
CREATE INDEX products_by_name ON product.products (company_id, search_text COLLATE "C", id);

-- A trial has days and days have a trial; a draft of a plan is priced later, but never below nothing.
ALTER TABLE product.plans ADD CONSTRAINT plans_trial_has_days CHECK (trial_enabled = (trial_days > 0));

-- The ledger of stock is written once, by the code and by hand.
REVOKE UPDATE ON ordering.inventory_movements FROM bmms_app;
