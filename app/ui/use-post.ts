import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import { type FetcherWithComponents, useFetcher } from "react-router";
import { type ActionAnswer, readAnswer } from "#app/ui/action-answer.ts";

export interface Post {
  /** Hidden fields of the form. */
  fields?: Readonly<Record<string, string>>;
  /** URL of the action; the present page when absent. */
  action?: string;
}

export interface PostState {
  fetcher: FetcherWithComponents<unknown>;
  pending: boolean;
  /** Why the last attempt was refused; undefined while a new one runs. */
  error: { code: string; message: string } | undefined;
}

/**
 * Sends a form without leaving the page, and shows the message of the answer. `onAnswer` runs once per answer.
 *
 * Use it in a component that outlives what is done: on a busy machine React draws the answer and the page that was read anew
 * after it in one go, and what is gone from that page hears of no answer.
 *
 * @param key where one component sends for several things in turn: which one now
 */
export function usePost(onAnswer: (answer: ActionAnswer) => void, key?: string): PostState {
  const fetcher = useFetcher<unknown>(key === undefined ? {} : { key });
  const answered = useRef<unknown>(undefined);
  const latest = useRef(onAnswer);
  useEffect(() => {
    latest.current = onAnswer;
  });
  const pending = fetcher.state !== "idle";
  useEffect(() => {
    // At once, not when the page has been read anew: what was pressed may be gone by then, and its answer with it.
    if (fetcher.data === undefined || answered.current === fetcher.data) return;
    answered.current = fetcher.data;
    const answer = readAnswer(fetcher.data);
    if (!answer.error && answer.message) notifications.show({ message: answer.message });
    latest.current(answer);
  }, [fetcher.data]);
  const answer = pending ? {} : readAnswer(fetcher.data);
  return { fetcher, pending, error: answer.error };
}
