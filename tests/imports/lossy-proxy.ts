import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface LossyProxy {
  url: string;
  /** Cuts the connection of so many of the next requests with this method, once the answer to them is there. */
  lose(method: string, times: number): void;
  /** Methods and paths that went through. */
  requests: string[];
}

/** Stands before a server and passes everything on; on demand its effect happens and its answer is lost. */
export async function lossyProxy(target: string): Promise<LossyProxy> {
  const losses = new Map<string, number>();
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/" } = incoming;
    requests.push(`${method} ${url}`);
    const onward = request(new URL(url, target), { method, headers: incoming.headers }, (answer) => {
      const left = losses.get(method) ?? 0;
      if (left > 0) {
        losses.set(method, left - 1);
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lose: (method, times) => void losses.set(method, times),
    requests,
  };
}
