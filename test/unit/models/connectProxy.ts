import { once } from 'node:events';
import { createServer, request as requestHttp } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface ConnectProxy {
  /** With a name and a password where it asks for them. */
  readonly url: string;
  readonly host: string;
  /** What it was asked to reach, as `CONNECT host:port` or `POST http://host/path`. */
  readonly asked: string[];
  close(): Promise<void>;
}

interface Behaviour {
  /** The port of this machine that every host stands for. */
  readonly leadsTo: number;
  /** Refuses everything with this status. */
  readonly refuses?: number;
  readonly password?: string;
}

/** A proxy of the kind that institutions run: tunnels by CONNECT, plain requests by their whole address.
 *  Source: https://www.rfc-editor.org/rfc/rfc9110#CONNECT */
export async function connectProxy({ leadsTo, refuses, password }: Behaviour): Promise<ConnectProxy> {
  const asked: string[] = [];
  const expected = password === undefined ? null : `Basic ${Buffer.from(`researcher:${password}`).toString('base64')}`;
  const refusalOf = (authorization: string | undefined) =>
    refuses ?? (expected !== null && authorization !== expected ? 407 : null);
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const refusal = refusalOf(request.headers['proxy-authorization']);
    if (refusal !== null) {
      response.writeHead(refusal).end('<html>The proxy says no.</html>');
      return;
    }
    const { pathname } = new URL(request.url ?? '');
    const { method, headers } = request;
    const onward = requestHttp({ host: '127.0.0.1', port: leadsTo, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
    response.once('close', () => onward.destroy());
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const refusal = refusalOf(request.headers['proxy-authorization']);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const [one, other] of [
      [onward, socket],
      [socket, onward],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${password === undefined ? '' : `researcher:${password}@`}${host}`,
    host,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
