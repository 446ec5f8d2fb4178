import { NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useFetcher } from "react-router";
import classes from "#app/routes/discovery/discovery/discovery.module.css";
import type { Preview } from "#app/routes/discovery/discovery/discovery-actions.server.ts";
import { PreviewTable } from "#app/routes/discovery/discovery/preview-table.tsx";
import { sourceLabel } from "#app/routes/discovery/runs/source-label.ts";
import { readAnswer } from "#app/ui/action-answer.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { ErrorText } from "#app/ui/error-text.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { HiddenFields, ReasonedButton } from "#app/ui/post-button.tsx";

const SOURCES = ["all", "popular", "now_playing", "trending"];

/** What a run is to read and take; a preview of what it would take now; and the run itself. */
export function RunForm({ off }: { off: string | null }) {
  const [source, setSource] = useState("all");
  const [pages, setPages] = useState<number | string>(5);
  const [films, setFilms] = useState<number | string>(20);
  const fetcher = useFetcher<{ preview?: Preview }>();
  const fields = { source, maxPages: String(pages), maxMovies: String(films) };
  const calls = (source === "all" ? 3 : 1) * Number(pages);
  const answer = fetcher.state === "idle" ? readAnswer(fetcher.data) : {};
  const whyOff = off === null ? null : "TMDB is off";
  return (
    <>
      <div className={classes.form}>
        <NativeSelect
          label="Lists"
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          data={SOURCES.map((value) => ({ value, label: sourceLabel(value) }))}
        />
        <NumberInput
          label="Pages of each"
          value={pages}
          onChange={setPages}
          min={1}
          max={5}
          allowDecimal={false}
        />
        <NumberInput
          label="New films at most"
          value={films}
          onChange={setFilms}
          min={1}
          max={300}
          allowDecimal={false}
        />
        <fetcher.Form method="post">
          <HiddenFields fields={{ ...fields, intent: "preview" }} />
          <ReasonedButton loading={fetcher.state !== "idle"} disabledReason={whyOff}>
            Preview
          </ReasonedButton>
        </fetcher.Form>
        <ConfirmButton
          fields={{ ...fields, intent: "run" }}
          title="Run discovery now?"
          text={`It reads ${formatQuantity(calls, "page")} of TMDB's lists and adds up to ${formatQuantity(Number(films), "new film")} to the catalogue, one call each.`}
          confirmLabel="Run discovery"
          tone="primary"
          disabledReason={whyOff}
        >
          Run now
        </ConfirmButton>
      </div>
      {answer.error ? <ErrorText announce code={answer.error.code} message={answer.error.message} /> : null}
      {fetcher.data?.preview ? <PreviewTable preview={fetcher.data.preview} /> : null}
    </>
  );
}
