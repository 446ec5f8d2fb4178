import { Autocomplete } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Form, useLocation, useSubmit } from "react-router";
import { useTextFromUrl } from "#app/ui/use-text-from-url.ts";

export interface TokenFieldProps {
  /** What is filtered: `Filter jobs`. */
  label: string;
  /** An example of what can be written. */
  placeholder: string;
  /** Whole texts that could follow what is typed so far. Those that end with a colon wait for their value. */
  suggest: (typed: string) => string[];
  /** The parameter in the URL; `q` when absent. */
  param?: string;
}

/**
 * A filter of words like `task:refresh_work since:24h` that is part of the URL: sent on Enter, suggests how a word goes on, keeps
 * the other parameters, goes back to the first page. `/` leads here.
 */
export function TokenField(props: TokenFieldProps) {
  const { search } = useLocation();
  const value = new URLSearchParams(search).get(props.param ?? "q") ?? "";
  const { key, sent } = useTextFromUrl(value);
  return <Field key={key} {...props} initial={value} onSend={sent} />;
}

interface FieldProps extends TokenFieldProps {
  initial: string;
  onSend: (text: string) => void;
}

function Field({ label, placeholder, suggest, param = "q", initial, onSend }: FieldProps) {
  const { search } = useLocation();
  const submit = useSubmit();
  const [typed, setTyped] = useState(initial);
  const input = useRef<HTMLInputElement>(null);
  // Typed before the script ran: it stands in the field, and React would neither send it nor keep it.
  useEffect(() => {
    if (input.current) setTyped(input.current.value);
  }, []);
  const kept = [...new URLSearchParams(search)].filter(([name]) => name !== param && name !== "cursor");
  return (
    <Form
      method="get"
      role="search"
      preventScrollReset
      onSubmit={(event) => {
        event.preventDefault();
        const text = typed.trim();
        onSend(text);
        submit(new URLSearchParams([...kept, ...(text ? [[param, text]] : [])]), {
          preventScrollReset: true,
        });
      }}
    >
      {kept.map(([name, other]) => (
        <input key={`${name}=${other}`} type="hidden" name={name} value={other} />
      ))}
      <Autocomplete
        ref={input}
        type="search"
        name={param}
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={setTyped}
        data={suggest(typed)}
        // Suggestions fit already; Mantine would look for the whole text in each.
        filter={({ options }) => options}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        autoComplete="off"
        spellCheck={false}
      />
    </Form>
  );
}
