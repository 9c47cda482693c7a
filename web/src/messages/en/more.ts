/** Texts in English of every page but Live; one file an area of the app. */
import activities from './activities.json';
import classes from './classes.json';
import endpoints from './endpoints.json';
import explain from './explain.json';
import learners from './learners.json';
import overview from './overview.json';
import settings from './settings.json';
import signIn from './signIn.json';
import sources from './sources.json';

export const more = {
  activities,
  classes,
  endpoints,
  explain,
  learners,
  overview,
  settings,
  signIn,
  sources,
};
