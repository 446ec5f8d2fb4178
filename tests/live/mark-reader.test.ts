import { RouterContextProvider } from "react-router";
import { describe, expect, it } from "vitest";
import { isReadByPage } from "#app/live/reader.server.ts";
import { markReader } from "#app/middleware/mark-reader.server.ts";

const desk = "http://desk.example";

/** Who is taken to read when a browser asks for `path`, being at `from`. */
async function reader(path: string, from: string | null): Promise<"page" | "person"> {
  const request = new Request(
    `${desk}${path}`,
    from === null ? {} : { headers: { referer: `${desk}${from}` } },
  );
  // The URL that React Router hands on is that of the page.
  const url = new URL(`${desk}${path.replace(".data", "")}`);
  url.searchParams.delete("_routes");
  let answer: "page" | "person" = "person";
  const args = { request, url, context: new RouterContextProvider(), params: {}, pattern: "" };
  await markReader(args, async () => {
    answer = isReadByPage() ? "page" : "person";
    return new Response();
  });
  return answer;
}

describe("J-01 who reads a console page", () => {
  it("is the page itself when it asks again for where it is", async () => {
    expect(await reader("/queue.data", "/queue")).toBe("page");
    expect(await reader("/queue.data?state=failed&_routes=routes%2Fqueue", "/queue?state=failed")).toBe(
      "page",
    );
    expect(await reader("/queue.data?b=2&a=1", "/queue?a=1&b=2")).toBe("page");
  });

  it("is a person who opens a page, or comes to it from another or with another filter", async () => {
    expect(await reader("/queue", null)).toBe("person");
    expect(await reader("/queue", "/queue")).toBe("person");
    expect(await reader("/queue.data", "/")).toBe("person");
    expect(await reader("/queue.data?state=failed", "/queue")).toBe("person");
  });

  it("counts as the page itself where no referrer says more", async () => {
    expect(await reader("/queue.data", null)).toBe("page");
  });
});
