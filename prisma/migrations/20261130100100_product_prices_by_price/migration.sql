-- Lists of products by their prices in another currency than their own.
CREATE INDEX product_prices_by_price ON product.product_prices (company_id, currency, price, product_id);
