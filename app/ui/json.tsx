import { CopyButton } from "#app/ui/copy-button.tsx";
import classes from "#app/ui/json.module.css";
import { jsonText } from "#app/ui/json-text.ts";

export interface JsonProps {
  value: unknown;
  /** What it is, for the copy button: `payload`. */
  label: string;
  /** Levels that start open; deeper ones are folded. */
  depth?: number;
}

/** A JSON value to read: folded below a depth, copied whole. Bigints keep their digits. */
export function Json({ value, label, depth = 2 }: JsonProps) {
  return (
    <div className={classes.root}>
      <div className={classes.copy}>
        <CopyButton value={() => jsonText(value)} label={`Copy ${label}`} />
      </div>
      <div className={classes.tree}>
        <Value value={value} depth={depth} />
      </div>
    </div>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  if (Array.isArray(value)) {
    return <Branch open="[" close="]" depth={depth} entries={value.map((item) => [null, item])} />;
  }
  if (value instanceof Date) return <span className={classes.string}>{JSON.stringify(value)}</span>;
  if (typeof value === "object" && value !== null) {
    return <Branch open="{" close="}" depth={depth} entries={Object.entries(value)} />;
  }
  return <Leaf value={value} />;
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") return <span className={classes.string}>{JSON.stringify(value)}</span>;
  if (typeof value === "bigint") return <span className={classes.atom}>{value.toString()}</span>;
  return <span className={classes.atom}>{JSON.stringify(value) ?? "null"}</span>;
}

interface BranchProps {
  open: string;
  close: string;
  depth: number;
  entries: readonly (readonly [name: string | null, value: unknown])[];
}

function Branch({ open, close, depth, entries }: BranchProps) {
  if (entries.length === 0) return `${open}${close}`;
  return (
    <details className={classes.branch} open={depth > 0}>
      <summary>
        <span>{open}</span>
        <span className={classes.folded}>
          {entries.length} {entries.length === 1 ? "entry" : "entries"} {close}
        </span>
      </summary>
      <ul>
        {entries.map(([name, item], index) => (
          <li key={name ?? index}>
            {name === null ? null : <span className={classes.name}>{JSON.stringify(name)}: </span>}
            <Value value={item} depth={depth - 1} />
          </li>
        ))}
      </ul>
      <span>{close}</span>
    </details>
  );
}
