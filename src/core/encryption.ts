/** Encryption of stored secrets: AES-256-GCM, a key derived from GRADEWIRE_ENCRYPTION_KEY, the row's id as associated data. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface SecretBox {
  /** Nonce (12 bytes), tag (16 bytes), ciphertext. `about` must be given again to open it: the id of the row. */
  seal(plain: string, about: string): Buffer;
  /** Throws when the bytes were changed, belong to another row, or were sealed with another key. */
  open(sealed: Uint8Array, about: string): string;
}

/** A box for the instance's encryption key (any text of at least 32 characters). */
export function secretBox(encryptionKey: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, 'gradewire', 'stored secrets v1', 32));
  return {
    seal(plain, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
