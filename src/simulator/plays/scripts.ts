/** Which script plays which platform. */
import type { Provider } from '../../core/vocabulary.ts';
import type { PlayScript } from '../play.ts';
import { playEasygenerator } from './easygenerator.ts';
import { playInstruqt } from './instruqt.ts';
import { playQuizapi } from './quizapi.ts';
import { playStandard } from './standard.ts';
import { playSynap } from './synap.ts';
import { playTestpress } from './testpress.ts';

export const SCRIPTS: Readonly<Record<Provider, PlayScript>> = {
  quizapi: playQuizapi,
  testpress: playTestpress,
  synap: playSynap,
  instruqt: playInstruqt,
  easygenerator: playEasygenerator,
  standard: playStandard,
};
