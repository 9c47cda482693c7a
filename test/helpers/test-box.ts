import { secretBox } from '../../src/core/encryption.ts';

/** What tests without a server seal with. */
export const TEST_KEY = 'an encryption key that only tests know';
export const TEST_BOX = secretBox(TEST_KEY);
