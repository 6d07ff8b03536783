-- A subscription that had used a code several times, and was never paid, gave one use back and kept the others counted: all
-- are counted anew. Uses are counted under the lock of their promotion, so nobody uses or returns one meanwhile.
DO $$
BEGIN
  PERFORM 1 FROM product.promotions ORDER BY id FOR NO KEY UPDATE;
END
$$;

UPDATE product.promotions p SET used = r.uses
  FROM (SELECT p.id, count(r.id) AS uses FROM product.promotions p
          LEFT JOIN product.promotion_redemptions r ON r.company_id = p.company_id AND r.promotion_id = p.id AND r.released_at IS NULL
         GROUP BY p.id) r
 WHERE r.id = p.id AND p.used <> r.uses;

UPDATE product.promotion_codes c SET used = r.uses
  FROM (SELECT c.id, count(r.id) AS uses FROM product.promotion_codes c
          LEFT JOIN product.promotion_redemptions r ON r.company_id = c.company_id AND r.promotion_code_id = c.id AND r.released_at IS NULL
         GROUP BY c.id) r
 WHERE r.id = c.id AND c.used <> r.uses;

UPDATE product.promotion_customers u SET used = r.uses
  FROM (SELECT u.company_id, u.promotion_id, u.customer_id, count(r.id) AS uses FROM product.promotion_customers u
          LEFT JOIN product.promotion_redemptions r ON r.company_id = u.company_id AND r.promotion_id = u.promotion_id
           AND r.customer_id = u.customer_id AND r.released_at IS NULL
         GROUP BY u.company_id, u.promotion_id, u.customer_id) r
 WHERE r.company_id = u.company_id AND r.promotion_id = u.promotion_id AND r.customer_id = u.customer_id AND u.used <> r.uses;
