import { createServer, type RequestListener, type Server } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { type UpstreamError, UpstreamError as UpstreamErrorClass } from "#app/upstreams/errors.ts";
import { type HttpRequest, send } from "#app/upstreams/http.server.ts";
import { failureOf } from "#tests/upstreams/upstream-context.ts";

const SECRET = "5ecretkey5ecretkey5ecretkey5ecre";
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function listening(server: Server | TcpServer): Promise<URL> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x?api_key=${SECRET}`)),
    );
  });
}

function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

function serveRaw(onSocket: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

function get(url: URL, more: Partial<HttpRequest> = {}) {
  return send({ service: "tmdb", method: "GET", url, ...more });
}

async function faultOf(work: Promise<unknown>): Promise<UpstreamError> {
  const error = await failureOf(work);
  expect(error).toBeInstanceOf(UpstreamErrorClass);
  const fault = error as UpstreamError;
  expect(`${fault.message} ${fault.stack} ${JSON.stringify(fault)}`).not.toContain(SECRET);
  return fault;
}

function body(content: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(content);
  };
}

describe("T-08 one HTTP layer", () => {
  it.each([
    ["plain", Buffer.from('{"a":"é"}'), {}],
    ["with a BOM", Buffer.from('\uFEFF{"a":"é"}'), {}],
    ["gzip", gzipSync('{"a":"é"}'), { "content-encoding": "gzip" }],
    ["as a vendor's JSON type", Buffer.from('{"a":"é"}'), { "content-type": "application/vnd.api+json" }],
  ])("reads JSON %s", async (_name, content, headers) => {
    const answer = await get(await serve(body(content, headers)));
    expect(answer).toMatchObject({ status: 200, body: { value: { a: "é" } } });
  });

  it("takes NUL and lone surrogates out of texts, which no database stores", async () => {
    const answer = await get(await serve(body('{"a":["x\\u0000y","\\ud800z","\\ud83c\\udfac"]}')));
    expect(answer.body).toEqual({ value: { a: ["xy", "\ufffdz", "🎬"] } });
  });

  it.each([
    ["HTML", body("<!doctype html><h1>Hi</h1>", { "content-type": "text/html" }), "HTML"],
    ["HTML that calls itself JSON", body("  <html>"), "HTML"],
    ["garbage", body("}{ nonsense"), "NOT_JSON"],
    ["a body cut off in the middle", body('{"results":[{"id":1},'), "NOT_JSON"],
    ["nothing", body(""), "EMPTY"],
    ["bytes that are no UTF-8", body(Buffer.from([0x22, 0xff, 0xfe, 0x22])), "NOT_UTF8"],
    ["another content type", body('{"a":1}', { "content-type": "text/plain" }), "CONTENT_TYPE"],
  ])("says why %s is no JSON", async (_name, listener, problem) => {
    expect((await get(await serve(listener))).body).toEqual({ problem });
  });

  it("stops at the size cap, also when the bytes on the wire are few", async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, " "));
    expect(bomb.length).toBeLessThan(100_000);
    const url = await serve(body(bomb, { "content-encoding": "gzip" }));
    expect(await faultOf(get(url))).toMatchObject({ code: "BAD_ANSWER", detail: "TOO_LARGE" });
    const endless = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, " ")));
      };
      response.on("drain", more);
      more();
    });
    expect(await faultOf(get(endless))).toMatchObject({ code: "BAD_ANSWER", detail: "TOO_LARGE" });
  });

  it.each([
    ["an encoding it did not ask for", { "content-encoding": "compress" }, "CONTENT_ENCODING"],
    ["a broken gzip stream", { "content-encoding": "gzip" }, "BROKEN_ENCODING"],
  ])("refuses %s", async (_name, headers, detail) => {
    expect(await faultOf(get(await serve(body("not gzip at all", headers))))).toMatchObject({
      code: "BAD_ANSWER",
      detail,
    });
  });

  it.each([301, 302, 307, 308])("follows no redirect (%i), wherever it leads", async (status) => {
    let followed = 0;
    const target = await serve((_request, response) => {
      followed += 1;
      response.end("{}");
    });
    const fault = await faultOf(get(await serve(body("", { location: target.href }, status))));
    expect(fault).toMatchObject({ code: "BAD_ANSWER", detail: "REDIRECT", status });
    expect(followed).toBe(0);
  });

  it("ends an answer that never begins", async () => {
    const url = await serve(() => {});
    expect(await faultOf(get(url, { deadlines: { headersMs: 100 } }))).toMatchObject({ code: "TIMEOUT" });
  });

  it("ends an answer that falls silent", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"a":');
    });
    expect(await faultOf(get(url, { deadlines: { bodyMs: 100 } }))).toMatchObject({ code: "TIMEOUT" });
  });

  it("ends an answer that drips for ever, by the total deadline", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(timer));
    });
    const fault = await faultOf(get(url, { deadlines: { totalMs: 300 } }));
    expect(fault).toMatchObject({ code: "TIMEOUT", detail: "TOTAL", retryable: true });
  });

  it("gives the caller's own reason back when the caller breaks off", async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error("shutting down")));
    expect(await failureOf(get(url, { signal: stop.signal }))).toMatchObject({ message: "shutting down" });
  });

  const write: Partial<HttpRequest> = { method: "POST", json: {} };
  it.each<[string, (url: URL) => URL, boolean]>([
    ["refused", (url) => new URL(url.href.replace(/:\d+/, ":1")), false],
    ["to a name that does not exist", () => new URL("http://nowhere.invalid/x"), false],
    ["over TLS to something else", (url) => new URL(url.href.replace("http:", "https:")), false],
    ["reset", (url) => url, true],
  ])(
    "a connection %s is CONNECTION, and a write knows whether it may have happened",
    async (_name, to, unknown) => {
      const url = to(
        await serveRaw((socket) =>
          // 0x16 opens a TLS handshake; this server speaks none.
          socket.once("data", (data) =>
            data[0] === 0x16 ? socket.end("HTTP/1.1 400 No\r\n\r\n") : socket.resetAndDestroy(),
          ),
        ),
      );
      expect(await faultOf(get(url))).toMatchObject({ code: "CONNECTION", outcomeUnknown: false });
      expect(await faultOf(get(url, write))).toMatchObject({ code: "CONNECTION", outcomeUnknown: unknown });
    },
  );

  it("a connection that breaks in the middle of the body is CONNECTION, and of a write unknown", async () => {
    const url = await serveRaw((socket) =>
      socket.once("data", () =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"id":'),
      ),
    );
    expect(await faultOf(get(url))).toMatchObject({ code: "CONNECTION" });
    expect(await faultOf(get(url, write))).toMatchObject({ code: "CONNECTION", outcomeUnknown: true });
  });

  it("a write without an answer has an unknown outcome", async () => {
    const url = await serve(() => {});
    const fault = await faultOf(get(url, { ...write, deadlines: { totalMs: 150 } }));
    expect(fault).toMatchObject({ code: "TIMEOUT", outcomeUnknown: true });
  });
});
