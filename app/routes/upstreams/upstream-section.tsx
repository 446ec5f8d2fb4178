import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { FiguresTable } from "#app/routes/upstreams/figures-table.tsx";
import type { UpstreamView } from "#app/routes/upstreams/load-upstreams.server.ts";
import { UpstreamBudget } from "#app/routes/upstreams/upstream-budget.tsx";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { formatBytes, formatCount, formatQuantity } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

/** One service: how it stands, what it may be asked, what it was asked, and what can be done about it. */
export function UpstreamSection({ upstream }: { upstream: UpstreamView }) {
  const { service, label, purpose, off, state, address, budget, circuit, pause } = upstream;
  return (
    <Section title={label} aside={<Actions upstream={upstream} />}>
      <p className={classes.summary}>
        <Status {...state} />
        <span className={classes.dimmed}>{off ?? `${purpose}.`}</span>
      </p>
      <div className={classes.service} id={service}>
        <Facts
          facts={[
            { label: "Settings", value: <Variables variables={upstream.variables} /> },
            { label: "Address", value: address && <code className={classes.mono}>{address}</code> },
            off ? null : { label: "Budget", value: <UpstreamBudget label={label} budget={budget} /> },
            {
              label: "Circuit",
              value: circuit ? <OpenCircuit circuit={circuit} /> : off ? null : "closed: calls pass",
            },
            { label: "Jobs", value: <Paused pause={pause} /> },
            { label: "Cache", value: <Kept cache={upstream.cache} /> },
            off && !upstream.test.last
              ? null
              : { label: "Last test", value: <LastTest test={upstream.test} /> },
          ]}
        />
        <FiguresTable upstream={upstream} />
      </div>
    </Section>
  );
}

function Actions({ upstream: { service, label, off, test, cache, circuit } }: { upstream: UpstreamView }) {
  const answers = cache?.answers ?? 0;
  const quantity = `${cache?.isEstimate ? "about " : ""}${formatQuantity(answers, "answer")}`;
  return (
    <div className={classes.actions}>
      {circuit ? <PostButton fields={{ intent: "close-circuit", service }}>Close circuit</PostButton> : null}
      <ConfirmButton
        fields={{ intent: "flush-cache", service }}
        tone="quiet"
        title={`Forget what ${label} answered?`}
        text={`The cache keeps ${quantity} of ${label}. Without them the same questions cost new calls, and nothing old stands in while ${label} is away. Works, matches and imports stay as they are.`}
        confirmLabel={`Forget ${quantity}`}
        confirmTone="danger"
        disabledReason={answers === 0 ? `The cache keeps no answer of ${label}` : null}
      >
        Flush cache
      </ConfirmButton>
      {test.costs === null || off ? (
        <PostButton
          fields={{ intent: "test", service }}
          disabledReason={off ? `${label} is off: there is nothing to test with` : null}
        >
          Test
        </PostButton>
      ) : (
        <ConfirmButton
          fields={{ intent: "test", service }}
          title={`Test ${label}?`}
          text={`One real call, for ${test.asks}. It takes ${test.costs}.`}
          confirmLabel="Make 1 call"
        >
          Test
        </ConfirmButton>
      )}
    </div>
  );
}

function Variables({ variables }: Pick<UpstreamView, "variables">) {
  return variables.map(({ name, isSet }, index) => (
    <span key={name}>
      {index > 0 ? ", " : ""}
      <code className={classes.mono}>{name}</code> {isSet ? "is set" : "is not set"}
    </span>
  ));
}

function OpenCircuit({ circuit }: { circuit: NonNullable<UpstreamView["circuit"]> }) {
  return (
    <>
      <Status status="failed" label="open" />
      <span>
        {" since "}
        <Ago at={circuit.openedAt} />. {circuit.reason}{" "}
        {circuit.retryAt ? (
          <>
            It closes by itself <Ago at={circuit.retryAt} />.
          </>
        ) : null}
      </span>
    </>
  );
}

function Paused({ pause }: Pick<UpstreamView, "pause">): ReactNode {
  const link = (text: string) => (
    <Anchor component={Link} to="/queue/pauses" underline="always">
      {text}
    </Anchor>
  );
  if (!pause)
    return (
      <>
        {"run as they come · "}
        {link("Pauses")}
      </>
    );
  return (
    <>
      <Status status="paused" /> by {pause.pausedBy} <Ago at={pause.pausedAt} />: {pause.reason} ·{" "}
      {link("Resume")}
    </>
  );
}

function Kept({ cache }: Pick<UpstreamView, "cache">): ReactNode {
  if (!cache) return "empty";
  const about = cache.isEstimate ? "about " : "";
  return (
    <>
      {about}
      {formatQuantity(cache.answers, "answer")}, {about}
      {formatBytes(cache.bytes)}
      {cache.expired > 0 ? `, ${about}${formatCount(cache.expired)} past their time` : null}
    </>
  );
}

function LastTest({ test: { asks, last } }: Pick<UpstreamView, "test">): ReactNode {
  if (!last) return `never; a test asks for ${asks}`;
  return (
    <>
      <Status status={last.ok ? "success" : "failed"} label={last.ok ? "passed" : "failed"} />{" "}
      <Ago at={last.at} />, by {last.by}: {last.message}
    </>
  );
}
