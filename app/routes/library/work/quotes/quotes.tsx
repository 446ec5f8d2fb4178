import { Anchor, Group, Textarea } from "@mantine/core";
import type { QuoteLine } from "#app/quotes/line-type.ts";
import type { WorkQuote, WorkQuotes } from "#app/routes/library/work/quotes/load-work-quotes.server.ts";
import classes from "#app/routes/library/work/quotes/quotes.module.css";
import { QuoteState } from "#app/routes/quotes/quote-state.tsx";
import { statisticsWords } from "#app/routes/quotes/statistics-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

const HOW_TO_WRITE =
  "A line each: “Vera: No.” for what somebody says, “[she leaves]” for what happens, “Vera: [narration] It was late.” for a narrator.";

function WordsField({ text }: { text?: string }) {
  return (
    <Textarea
      name="text"
      label="Lines of the quote"
      description={HOW_TO_WRITE}
      defaultValue={text}
      autosize
      minRows={3}
      maxRows={12}
      required
      withAsterisk={false}
    />
  );
}

/** What is quoted of a work, and what can be done about it. */
export function Quotes({ shown }: { shown: WorkQuotes }) {
  const { quotes, nextCursor, cannotFetch, count } = shown;
  return (
    <Section
      title="Quotes"
      aside={
        <Group gap="xs">
          <ConfirmButton
            fields={{ intent: "add-quote" }}
            title="Add a quote"
            text={<WordsField />}
            confirmLabel="Add quote"
          >
            Add quote
          </ConfirmButton>
          <PostButton fields={{ intent: "fetch-quotes" }} disabledReason={cannotFetch}>
            {shown.fetch?.fetchedAt ? "Fetch quotes again" : "Fetch quotes"}
          </PostButton>
        </Group>
      }
    >
      <FetchState shown={shown} />
      {quotes.length === 0 ? (
        <EmptyState kind="yet" title="No quotes">
          {count > 0 ? "None on this page." : (cannotFetch ?? "Fetch them from IMDb, or add one by hand.")}
        </EmptyState>
      ) : (
        <ol className={classes.quotes}>
          {quotes.map((quote) => (
            <Quote key={quote.quoteId} quote={quote} />
          ))}
        </ol>
      )}
      <KeysetPager label="Quotes" param="quotes" next={nextCursor} shown={quotes.length} />
    </Section>
  );
}

/** How far fetching is, and what waits for a decision. */
function FetchState({ shown: { fetch, count } }: { shown: WorkQuotes }) {
  if (fetch === null || fetch.status === "unasked") return null;
  return (
    <div className={classes.state}>
      <QuoteState status={fetch.status} />
      <span>{formatQuantity(count, "quote")} here</span>
      {fetch.fetchedAt ? (
        <span className={classes.dimmed}>
          last fetched <Ago at={fetch.fetchedAt} />: {statisticsWords(fetch.statistics)}
        </span>
      ) : null}
      {fetch.status === "failed" && fetch.errorMessage ? <span>{fetch.errorMessage}</span> : null}
      {fetch.status === "suspicious" ? (
        <>
          <span>It had quotes, and IMDb's page came back empty. Nothing was deleted.</span>
          <ConfirmButton
            fields={{ intent: "accept-no-quotes" }}
            title="Has IMDb really no quotes of it?"
            text="What stands here stays. Empty answers are believed from now on, until there are quotes again."
            confirmLabel="Accept as none"
            tone="quiet"
          >
            Accept as none
          </ConfirmButton>
        </>
      ) : null}
    </div>
  );
}

function Quote({ quote }: { quote: WorkQuote }) {
  const { quoteId, lines, source, shareLink, isEdited, text } = quote;
  return (
    <li className={classes.quote}>
      <div className={classes.lines}>
        {lines.map((line, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have a fixed order and no name
          <Line key={position} line={line} />
        ))}
        <span className={classes.origin}>
          {shareLink ? (
            <Anchor inherit href={shareLink} target="_blank" rel="noopener noreferrer">
              IMDb
            </Anchor>
          ) : (
            <span>{source === "imdb" ? "from IMDb" : "added by hand"}</span>
          )}
          {isEdited ? <span>edited here; fetches leave it as it is</span> : null}
        </span>
      </div>
      <div className={classes.actions}>
        <ConfirmButton
          fields={{ intent: "edit-quote", quoteId }}
          title="Edit this quote"
          text={<WordsField text={text} />}
          confirmLabel="Save quote"
          tone="quiet"
        >
          Edit
        </ConfirmButton>
        <ConfirmButton
          fields={{ intent: "delete-quote", quoteId }}
          title="Delete this quote?"
          text={
            source === "imdb"
              ? "It goes for good: later fetches do not bring it back."
              : "It was added by hand, and goes for good."
          }
          confirmLabel="Delete 1 quote"
          confirmTone="danger"
          tone="quiet"
        >
          Delete
        </ConfirmButton>
      </div>
    </li>
  );
}

function Line({ line: { type, character, text } }: { line: QuoteLine }) {
  const name = character === null ? null : <span className={classes.character}>{character}: </span>;
  if (type === "stage_direction")
    return (
      <p className={classes.direction}>
        {name}[{text}]
      </p>
    );
  return (
    <p className={type === "narration" ? classes.narration : undefined}>
      {name}
      {text}
    </p>
  );
}
