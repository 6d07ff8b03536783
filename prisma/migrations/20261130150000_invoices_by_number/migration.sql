-- Invoices are found by their number whatever its capitals.
CREATE INDEX invoices_company_id_upper_invoice_number_idx ON finance.invoices (company_id, upper(invoice_number)) WHERE invoice_number IS NOT NULL;
