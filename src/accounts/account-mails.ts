/** What is mailed about accounts. Plain sentences: the link, what it does, and how long. */
import type { MailMessage } from '../mail/mailer.ts';

/** An invitation. */
export function invitationMessage(to: string, workspace: string, url: string, expiresAt: Date): MailMessage {
  return {
    to,
    subject: `Your invitation to ${oneLine(workspace)} on Gradewire`,
    text: `You are invited to ${oneLine(workspace)} on Gradewire.

Open this link to choose a password and sign in. It works once, until ${expiresAt.toUTCString()}:

${url}

If you do not expect this, you can ignore it.
`,
  };
}

/** A link to set a new password. */
export function passwordMessage(user: { email: string; name: string }, url: string): MailMessage {
  return {
    to: user.email,
    subject: 'Set a new password for Gradewire',
    text: `Hello ${oneLine(user.name)},

somebody asked for a new password for your Gradewire account. If that was you, open this link within an hour:

${url}

If it was not you, ignore this; your password stays as it is.
`,
  };
}

/** Names come from people: a line break in one must not begin another header or paragraph. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
