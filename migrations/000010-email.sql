-- Addresses that want no more mail. Keyed hashes (HMAC-SHA256 under a key derived from the encryption key): the list must
-- outlive the learner it came from, and must not tell who is on it.
CREATE TABLE email_unsubscribes (
  workspace integer NOT NULL,
  address_hash bytea NOT NULL,
  unsubscribed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, address_hash)
);

-- Mails to learners of the last hour, so that the bound per learner and hour holds over restarts and in several processes.
CREATE TABLE email_sent (
  workspace integer NOT NULL,
  delivery_id uuid NOT NULL,
  address_hash bytea NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, delivery_id)
);
CREATE INDEX email_sent_address ON email_sent (workspace, address_hash, sent_at);
CREATE INDEX email_sent_old ON email_sent (workspace, sent_at);
