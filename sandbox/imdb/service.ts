import type { Answer, SandboxRequest } from "../answer.ts";
import type { Library } from "../titles/library.ts";
import { answerEvent, readAsEvent } from "./events.ts";
import { answerList, readAsList } from "./lists.ts";
import { notFound, type PageStyle } from "./pages.ts";

function listIn(path: string): string | null {
  return /^\/list\/(ls\d{5,12})\/$/.exec(path)?.[1] ?? null;
}

function eventIn(path: string): { eventId: string; year: number; instance: number } | null {
  const [, eventId, year, instance] = /^\/event\/(ev\d{5,10})\/(\d{4})\/(\d{1,2})\/$/.exec(path) ?? [];
  return eventId === undefined ? null : { eventId, year: Number(year), instance: Number(instance) };
}

/**
 * Answers as www.imdb.com does to whom it takes for a person: lists and events. Challenges and captchas are faults on demand.
 *
 * @param style what the pages carry; see `PAGE_STYLES`
 */
export function answerImdb(request: SandboxRequest, library: Library, style: PageStyle): Answer {
  if (request.method !== "GET") return notFound();
  const list = listIn(request.path);
  if (list !== null) return answerList(list, request.query, style, library);
  const event = eventIn(request.path);
  return event === null ? notFound() : answerEvent(event, style, library);
}

/**
 * What a model reads on the page of a list or an event.
 *
 * @returns undefined when the address is none of either; null when the page does not exist
 */
export function readAsModel(url: URL, library: Library): unknown {
  const list = listIn(url.pathname);
  if (list !== null) return readAsList(list, url.searchParams, library);
  const event = eventIn(url.pathname);
  return event === null ? undefined : readAsEvent(event, library);
}
