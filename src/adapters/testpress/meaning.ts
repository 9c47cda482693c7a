/** Testpress bodies → facts: chapter content where `chapter_content` is an object, else an exam. */
import type { Meaning } from '../../core/vocabulary.ts';
import type { ReceiptContent } from '../adapter.ts';
import * as read from '../read.ts';
import { meaningOfContent } from './content.ts';
import { meaningOfExam } from './exam.ts';

export function meaningOfTestpress(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    // The same question, asked the same way, decides which fields the hash must cover.
    const isContent = read.fieldsOf(body.chapter_content) !== null;
    return isContent ? meaningOfContent(body, content.receivedAt) : meaningOfExam(body, content.receivedAt);
  });
}
