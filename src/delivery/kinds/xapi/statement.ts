/** Statements of xAPI 1.0.3, as far as we make them. */

export interface Agent {
  objectType: 'Agent';
  name?: string;
  mbox?: string;
  account?: { homePage: string; name: string };
}

export interface Activity {
  objectType: 'Activity';
  id: string;
  definition: {
    type: string;
    name?: Record<string, string>;
    interactionType?: 'choice' | 'fill-in' | 'long-fill-in' | 'other';
  };
}

export interface StatementRef {
  objectType: 'StatementRef';
  id: string;
}

export interface Score {
  scaled?: number;
  raw?: number;
  max?: number;
}

export interface Result {
  completion?: boolean;
  success?: boolean;
  score?: Score;
  response?: string;
  duration?: string;
}

export interface Context {
  registration?: string;
  platform?: string;
  contextActivities?: { parent?: Activity[]; grouping?: Activity[] };
  extensions?: Record<string, string | boolean>;
}

export interface Statement {
  id: string;
  actor: Agent;
  verb: { id: string; display: Record<string, string> };
  object: Activity | StatementRef;
  result?: Result;
  context?: Context;
  timestamp: string;
}
