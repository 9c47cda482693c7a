/** A mail server that takes everything and keeps it. */
import { once } from 'node:events';
import net from 'node:net';

export interface MailSink {
  /** `smtp://user:password@127.0.0.1:port`. */
  url: string;
  /** Messages as they came, headers and text. */
  messages: { from: string; to: string[]; text: string }[];
  close(): Promise<void>;
}

/** Starts it on a free port; `refuse` answers every message with a 550. */
export async function startMailSink(options: { refuse?: boolean } = {}): Promise<MailSink> {
  const messages: MailSink['messages'] = [];
  const server = net.createServer((socket) => {
    let message = { from: '', to: [] as string[], text: '' };
    let inText = false;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 sink');
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      rest += chunk;
      for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (inText && line !== '.') {
          message.text += `${line.replace(/^\./, '')}\n`;
        } else if (inText) {
          inText = false;
          messages.push(message);
          message = { from: '', to: [], text: '' };
          say('250 taken');
        } else if (/^EHLO/i.test(line)) say('250-sink\r\n250 AUTH PLAIN');
        else if (/^AUTH/i.test(line)) say('235 welcome');
        else if (/^MAIL FROM:/i.test(line)) {
          message.from = line.slice(10);
          say(options.refuse === true ? '550 no mail from you' : '250 ok');
        } else if (/^RCPT TO:/i.test(line)) {
          message.to.push(line.slice(8).replace(/[<>]/g, ''));
          say('250 ok');
        } else if (/^DATA/i.test(line)) {
          inText = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `smtp://gradewire%40school.example:p%40ss@127.0.0.1:${port}`,
    messages,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
