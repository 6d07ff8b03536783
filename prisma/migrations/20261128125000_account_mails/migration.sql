-- When a user has shown that the address is theirs, by a link that was mailed to it.
ALTER TABLE customer.users ADD COLUMN email_verified_at timestamptz(3);

-- People of the company have no customer record, and are written to all the same.
ALTER TABLE platform.notices
  ALTER COLUMN customer_id DROP NOT NULL,
  ADD COLUMN user_id bigint,
  ADD CONSTRAINT notices_company_id_user_id_fkey FOREIGN KEY (company_id, user_id) REFERENCES customer.users (company_id, id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT notice_has_recipient CHECK (customer_id IS NOT NULL OR user_id IS NOT NULL);

-- How often somebody was written to about their account; most notices are about no account.
CREATE INDEX notices_of_users ON platform.notices (company_id, user_id, id) WHERE user_id IS NOT NULL;
