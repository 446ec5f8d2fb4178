import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { appOrigin } from "#app/accounts/session-of-request.server.ts";
import { appContext } from "#app/context.server.ts";
import { door } from "#app/middleware/door.server.ts";
import classes from "#app/routes/docs/api.module.css";
import { apiGuide, type GuideField, type GuideOperation } from "#app/routes/docs/api-guide.server.ts";
import { CopyButton } from "#app/ui/copy-button.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { Page, Section } from "#app/ui/page.tsx";
import manifest from "../../../package.json" with { type: "json" };

export const loader = door(({ request }: LoaderFunctionArgs) => {
  const { config } = appContext();
  const { requests, perMs } = config.API_RATE_LIMIT;
  return {
    operations: apiGuide(appOrigin(request, config), manifest.version),
    rate: `${requests} requests in ${perMs / 1000} s per key`,
  };
});

/** The machine API for people: what `/openapi.json` says, with a call to copy for each operation. */
export default function ApiGuide() {
  const { operations, rate } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Machine API"
      meta={[
        <a key="document" href="/openapi.json">
          OpenAPI 3.1 document
        </a>,
        rate,
      ]}
    >
      <p className={classes.text}>
        Send a key with every request, as <code>Authorization: Bearer KEY</code> or{" "}
        <code>X-API-Key: KEY</code> (<code>apiKey: KEY</code>, as catalogues send it, will do too). Keys are
        made under Settings. Errors are <code>{'{"error":{"code","message","details"}}'}</code>; the code is
        for programs and stays the same.
      </p>
      <ul className={classes.contents}>
        {operations.map((operation) => (
          <li key={operation.id}>
            <a href={`#${operation.id}`}>
              <Address operation={operation} />
            </a>
          </li>
        ))}
      </ul>
      {operations.map((operation) => (
        <article key={operation.id} id={operation.id} className={classes.operation}>
          <Section title={operation.summary}>
            <OperationText operation={operation} />
          </Section>
        </article>
      ))}
    </Page>
  );
}

function OperationText({ operation }: { operation: GuideOperation }) {
  return (
    <>
      <p className={classes.address}>
        <Address operation={operation} />
      </p>
      {operation.description ? (
        <p className={classes.text}>
          <Marked text={operation.description} />
        </p>
      ) : null}
      <div className={classes.call}>
        <pre>{operation.curl}</pre>
        <CopyButton value={operation.curl} label={`Copy the call: ${operation.summary}`} />
      </div>
      {operation.fields.length > 0 ? <Fields fields={operation.fields} /> : null}
      <Facts
        facts={[
          { label: String(operation.success.status), value: operation.success.description },
          ...operation.errors.map(({ status, description }) => ({
            label: status,
            value: <Marked text={description} />,
          })),
        ]}
      />
    </>
  );
}

function Address({ operation: { method, path } }: { operation: GuideOperation }) {
  return (
    <code>
      <span className={classes.method}>{method}</span> {path}
    </code>
  );
}

function Fields({ fields }: { fields: readonly GuideField[] }) {
  return (
    <table className={classes.fields}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">In</th>
          <th scope="col">Value</th>
          <th scope="col">Default</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name}>
            <th scope="row">
              <code>{field.name}</code>
            </th>
            <td>{field.place}</td>
            <td>{field.type}</td>
            <td>{field.fallback === null ? "–" : <code>{field.fallback}</code>}</td>
            <td>{field.description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Text of the document, where words between backticks are code. */
function Marked({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one fixed sentence
      <code key={index}>{part}</code>
    ) : (
      part
    ),
  );
}
