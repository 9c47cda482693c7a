/** All texts in German; one file an area of the app. */
import activities from './activities.json';
import classes from './classes.json';
import common from './common.json';
import endpoints from './endpoints.json';
import explain from './explain.json';
import learners from './learners.json';
import live from './live.json';
import overview from './overview.json';
import settings from './settings.json';
import signIn from './signIn.json';
import sources from './sources.json';

export const messages = {
  common,
  live,
  overview,
  learners,
  activities,
  explain,
  classes,
  sources,
  settings,
  signIn,
  endpoints,
};
