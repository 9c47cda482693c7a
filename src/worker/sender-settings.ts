/** What the sender's thread tells its desk's at its start. */
export interface DeskSettings {
  databaseUrl: string;
}

/** What the server tells the sender's thread at its start. */
export interface SenderSettings {
  databaseUrl: string;
  logLevel: string;
  /** Opens the secrets of endpoints, and makes pseudonyms. */
  encryptionKey: string;
  publicUrl: string;
  smtpUrl: string | null;
  /** GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS. */
  allowPrivate: boolean | readonly string[];
  /** The program's version, for user-agent. */
  version: string;
}
