import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { encodePng } from "#sandbox/tmdb/png.ts";

type Answer = (response: ServerResponse) => void;

/** An image host of a test's own. Every path answers with a picture of its own, unless the test says otherwise. */
export interface ImageHost {
  url: string;
  /** Paths asked for, in order. */
  requests: string[];
  answers: Map<string, Answer>;
  /** Once for everything. */
  answerAll: Answer | null;
  close(): Promise<void>;
}

/** A picture whose contents follow from the name. */
export const picture = (name: string): Buffer =>
  encodePng(
    4,
    6,
    [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffff, 7),
  );

export const send =
  (
    body: Buffer | string,
    headers: Record<string, string> = { "content-type": "image/png" },
    status = 200,
  ): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

export async function startImageHost(): Promise<ImageHost> {
  const host: ImageHost = {
    url: "",
    requests: [],
    answers: new Map(),
    answerAll: null,
    close: async () => {},
  };
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    host.requests.push(path);
    const answer = host.answerAll ?? host.answers.get(path) ?? send(picture(path));
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let closed = false;
  host.close = async () => {
    if (closed) return;
    closed = true;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  afterAll(() => host.close());
  return host;
}
