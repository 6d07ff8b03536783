-- What customers are searched by, folded by the operations: small letters without diacritics, so that "anh" finds "Ánh".
ALTER TABLE customer.customers ADD COLUMN search_text text NOT NULL DEFAULT '';
UPDATE customer.customers SET search_text = lower(concat_ws(' ', name, email, phone));
