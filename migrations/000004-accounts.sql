-- Who signs in. The four auth_ tables are better-auth's (its fields, our names; src/accounts/auth.ts maps them): they belong to
-- the instance, because somebody is looked up by e-mail before a workspace is known. What a person may do stands in `members`.
CREATE TABLE auth_users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  -- Lower case.
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Sessions. The cookie is the token and an HMAC of it under a key that is not in the database, so a copy of this table signs
-- nobody in.
CREATE TABLE auth_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Ours: noted at most once a minute.
  last_seen_at timestamptz
);
CREATE INDEX auth_sessions_user ON auth_sessions (user_id, created_at);

-- Ways to sign in: provider 'credential' holds a password (scrypt), others an account at an OpenID provider.
CREATE TABLE auth_accounts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX auth_accounts_user ON auth_accounts (user_id);

-- Short-lived values: the state of a single sign-on, links to set a password.
CREATE TABLE auth_verifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  identifier text NOT NULL UNIQUE,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Sign-ins that failed, by SHA-256 of the e-mail or address they were tried for; counted here and not in memory, so that more
-- processes are not more tries.
CREATE TABLE sign_in_failures (
  key bytea PRIMARY KEY,
  failures integer NOT NULL,
  since timestamptz NOT NULL
);

-- What a person may do in a workspace. No integration role: that is for programs, which have keys.
CREATE TABLE members (
  workspace integer NOT NULL REFERENCES workspaces (id),
  user_id uuid NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('admin', 'instructor', 'learner')),
  learner_id uuid,
  cohorts uuid[],
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz,
  PRIMARY KEY (workspace, user_id),
  CHECK (role <> 'learner' OR learner_id IS NOT NULL)
);
CREATE INDEX members_user ON members (user_id);

-- Open invitations; only SHA-256 of the link's token is kept. Gone once accepted or withdrawn.
CREATE TABLE invitations (
  workspace integer NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  -- Lower case.
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'instructor', 'learner')),
  learner_id uuid,
  cohorts uuid[],
  token_hash bytea NOT NULL,
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, email),
  CHECK (role <> 'learner' OR learner_id IS NOT NULL)
);
-- Looked up before the workspace is known.
CREATE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_email ON invitations (email);

-- Who did or read what. Names of learners are not kept here but looked up when it is read, so that an erased name is gone.
CREATE TABLE audit (
  workspace integer NOT NULL,
  at timestamptz NOT NULL,
  id uuid NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('member', 'key', 'system')),
  actor_id uuid,
  -- As it was then: who did it must stay legible after the member or the key is gone.
  actor_name text NOT NULL,
  action text NOT NULL,
  target_kind text,
  target_id text,
  details jsonb NOT NULL DEFAULT '{}',
  ip text,
  PRIMARY KEY (workspace, at, id)
);
CREATE INDEX audit_actor ON audit (workspace, actor_id, at);
CREATE INDEX audit_target ON audit (workspace, target_id, at);
