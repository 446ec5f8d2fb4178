import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type RequestListener } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_ADDRESS_HEADER, type ServeOptions, serve, type WebServer } from "#scripts/serve.ts";

let assets: string;
const opened: WebServer[] = [];

beforeEach(async () => {
  assets = await mkdtemp(join(tmpdir(), "reeldesk-assets-"));
  await mkdir(join(assets, "assets"));
  await writeFile(join(assets, "assets/app-3f2a.js"), "export {};");
  await writeFile(join(assets, "favicon.svg"), "<svg/>");
});

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
  await rm(assets, { recursive: true, force: true });
});

const echo: RequestListener = (request, response) => {
  response.end(JSON.stringify({ url: request.url, address: request.headers[CLIENT_ADDRESS_HEADER] }));
};

async function open(app: RequestListener = echo, options: Partial<ServeOptions> = {}): Promise<WebServer> {
  const defaults = { host: "127.0.0.1", port: 0, anyPort: false, assets, app: async () => app };
  const server = await serve({ ...defaults, ...options });
  opened.push(server);
  return server;
}

/** Sends exactly these lines, as no HTTP client would. */
async function sendRaw(server: WebServer, ...lines: string[]): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return text(socket);
}

describe("the web server", () => {
  it("tells the app the socket's address, whatever the client claims", async () => {
    const { url } = await open();
    const response = await fetch(`${url}/x?y=1`, {
      headers: { [CLIENT_ADDRESS_HEADER]: "203.0.113.9", "x-forwarded-for": "203.0.113.9" },
    });
    expect(await response.json()).toEqual({ url: "/x?y=1", address: "127.0.0.1" });
  });

  it("serves built files for ever, others to be asked for again, and only to readers", async () => {
    const { url } = await open();
    const built = await fetch(`${url}/assets/app-3f2a.js`);
    expect(built.headers.get("cache-control")).toContain("immutable");
    expect(built.headers.get("content-type")).toContain("javascript");
    expect(built.headers.get("x-content-type-options")).toBe("nosniff");
    const icon = await fetch(`${url}/favicon.svg`);
    expect(icon.headers.get("cache-control")).toBe("no-cache");
    await icon.text();
    const posted = await fetch(`${url}/assets/app-3f2a.js`, { method: "POST", body: "x" });
    expect(await posted.json()).toMatchObject({ url: "/assets/app-3f2a.js" });
  });

  it.each([
    ["an absolute address", "GET http://elsewhere.example/ HTTP/1.1", "Host: x", 400],
    ["a host that is none", "GET / HTTP/1.1", "Host: a b", 400],
    ["a method that a Request cannot carry", "TRACE / HTTP/1.1", "Host: x", 405],
    ["no HTTP at all", "hello", "Host: x", 400],
  ])("refuses %s before it reaches the app", async (_, requestLine, host, status) => {
    const server = await open(() => expect.unreachable());
    expect(await sendRaw(server, requestLine, host, "Connection: close")).toMatch(`HTTP/1.1 ${status} `);
  });

  it("answers an upload early without leaving its sender behind", async () => {
    const server = await open((_, response) => response.writeHead(401).end("who are you"));
    const upload = { method: "POST", body: new Uint8Array(8 * 1024 * 1024) };
    const answer = await fetch(server.url, upload);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe("who are you");
  });

  it("outlives a file that is gone when it is asked for, and one that cannot be read", async () => {
    const { url } = await open((_, response) => response.writeHead(404).end());
    await rm(join(assets, "assets/app-3f2a.js"));
    const gone = await fetch(`${url}/assets/app-3f2a.js`);
    expect([gone.status, gone.headers.get("cache-control")]).toEqual([404, null]);
    // It is there when it is looked up, and fails once its headers are written.
    await rm(join(assets, "favicon.svg"));
    await mkdir(join(assets, "favicon.svg"));
    await expect(fetch(`${url}/favicon.svg`)).rejects.toThrow("fetch failed");
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });

  it("never serves a file from outside its folder", async () => {
    const secret = join(assets, "../reeldesk-secret.txt");
    await writeFile(secret, "secret");
    const server = await open((_, response) => response.writeHead(404).end());
    try {
      for (const path of [
        "/../reeldesk-secret.txt",
        "/%2e%2e/reeldesk-secret.txt",
        "/assets/..%2f..%2freeldesk-secret.txt",
      ])
        expect(await sendRaw(server, `GET ${path} HTTP/1.1`, "Host: x", "Connection: close")).toMatch(
          "HTTP/1.1 404",
        );
    } finally {
      await rm(secret);
    }
  });

  it("says in one line that its port is taken, or takes another one when it may", async () => {
    const { port } = await open();
    await expect(open(echo, { port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
      userMessage: `Port ${port} on 127.0.0.1 is taken. Stop what uses it, or set PORT to another one (0: any free port).`,
    });
    const other = await open(echo, { port, anyPort: true });
    expect(other.port).not.toBe(port);
  });

  it("lets early requests wait for the app, and gives the port to it", async () => {
    const ready = Promise.withResolvers<RequestListener>();
    const asked = Promise.withResolvers<void>();
    let told = 0;
    let early: Promise<Response> | undefined;
    const opening = open(echo, {
      app: ({ port }) => {
        told = port;
        early = fetch(`http://127.0.0.1:${port}/early`);
        asked.resolve();
        return ready.promise;
      },
    });
    await asked.promise;
    ready.resolve(echo);
    const server = await opening;
    expect(told).toBe(server.port);
    expect(await (await early)?.json()).toMatchObject({ url: "/early" });
  });

  it("ends live streams at a stop, finishes requests under way, and takes no new ones", async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const server = await open(async (request, response) => {
      if (request.url === "/live") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: changed\n\n");
        return;
      }
      started.resolve();
      await finish.promise;
      response.end("done");
    });
    const live = await fetch(`${server.url}/live`);
    const slow = fetch(`${server.url}/slow`).then((response) => response.text());
    await started.promise;

    const closed = server.close();
    expect(await live.text()).toBe("data: changed\n\n");
    const late = httpRequest(`${server.url}/late`, { agent: false }).end();
    const [error] = await once(late, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    finish.resolve();
    expect(await slow).toBe("done");
    await closed;
    opened.splice(0);
  });
});
