/** Texts in German that the first page needs: the frame and Live. The rest is in more.ts. */
import common from './common.json';
import live from './live.json';

export const messages = { common, live };
