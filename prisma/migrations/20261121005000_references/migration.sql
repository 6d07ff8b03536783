-- References that could have named another company's row (D6).
ALTER TABLE "finance"."invoice_lines" ADD CONSTRAINT "invoice_lines_company_id_product_id_fkey"
  FOREIGN KEY ("company_id", "product_id") REFERENCES "product"."products" ("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ordering"."inventory_movements" ADD CONSTRAINT "inventory_movements_company_id_order_id_fkey"
  FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders" ("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
