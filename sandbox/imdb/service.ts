import type { Answer, SandboxRequest } from "../answer.ts";
import type { Library } from "../titles/library.ts";
import { answerEvent } from "./events.ts";
import { answerList } from "./lists.ts";
import { notFound, type PageStyle } from "./pages.ts";

/**
 * Answers as www.imdb.com does to whom it takes for a person: lists and events. Challenges and captchas are faults on demand.
 *
 * @param style what the pages carry; see `PAGE_STYLES`
 */
export function answerImdb(request: SandboxRequest, library: Library, style: PageStyle): Answer {
  if (request.method !== "GET") return notFound();
  const list = /^\/list\/(ls\d{5,12})\/$/.exec(request.path)?.[1];
  if (list !== undefined) return answerList(list, request.query, style, library);
  const [, event, year, instance] = /^\/event\/(ev\d{5,10})\/(\d{4})\/(\d{1,2})\/$/.exec(request.path) ?? [];
  if (event === undefined) return notFound();
  return answerEvent(event, Number(year), Number(instance), style, library);
}
