-- What a category is filtered by: folded as search text is (domain/search/search-rules.ts), so that "thoi trang" finds
-- "Thời trang". In `lower` the letters of Latin are plain by then, whatever the locale of the database.
ALTER TABLE product.products ADD COLUMN category_text text;
UPDATE product.products
   SET category_text = btrim(regexp_replace(normalize(replace(lower(regexp_replace(normalize(
         replace(category, 'Đ', 'đ'), NFD), '[\u0300-\u036f]', '', 'g')), 'đ', 'd'), NFC), '\s+', ' ', 'g'))
 WHERE category IS NOT NULL;
DROP INDEX product.products_company_id_category_idx;
CREATE INDEX products_company_id_category_text_idx ON product.products (company_id, category_text);

-- Customers are found by the digits of their telephone number, however it is written.
UPDATE customer.customers SET search_text = search_text || ' ' || regexp_replace(phone, '\D', '', 'g')
 WHERE phone ~ '\d\D+\d' AND length(search_text) < 400;
