-- Payment terms: days after which an invoice that is sent is due. Of a subscription, else of its customer, else of the company.
ALTER TABLE "customer"."customers" ADD COLUMN     "days_until_due" INTEGER;
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "days_until_due" INTEGER;
ALTER TABLE customer.customers ADD CHECK (days_until_due BETWEEN 0 AND 365);
ALTER TABLE ordering.subscriptions ADD CHECK (days_until_due BETWEEN 0 AND 365);
