import { Tokenizer } from "htmlparser2";

/**
 * The little of HTML that is needed to find scripts, links and headings on a page: tags, attributes and text in their order.
 * No tree is built, and not even htmlparser2's stack of open elements: what is not closed properly cannot confuse what follows,
 * and the time is linear in the length of the page (its parser looks through that stack at each end tag).
 */
export interface HtmlReader {
  /** Lower-case name. Attribute values decoded. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(name: string): void;
  /** Text between two tags, decoded; of `script` as it stands. Of `style`, `title` and `textarea` nothing is told. */
  text(text: string): void;
}

const SILENT: ReadonlySet<string> = new Set(["style", "title", "textarea"]);

/** A page of 250 titles has some 20,000. What has more is no page, and must not keep a process busy for seconds. */
const MOST_TAGS = 300_000;

/** Tells the reader what stands on the page, from its first character to its last. Never throws. */
export function readHtml(html: string, reader: HtmlReader): void {
  let tags = 0;
  let name = "";
  let silent = false;
  let text = "";
  let attribute = "";
  let value = "";
  let attributes = new Map<string, string>();

  const said = () => {
    if (text !== "" && !silent) reader.text(text);
    text = "";
  };
  const opened = () => {
    silent = SILENT.has(name);
    reader.open(name, attributes);
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => {
        text += html.slice(start, end);
      },
      ontextentity: (codepoint) => {
        text += String.fromCodePoint(codepoint);
      },
      onopentagname: (start, end) => {
        said();
        name = html.slice(start, end).toLowerCase();
        attributes = new Map();
        tags += 1;
        if (tags >= MOST_TAGS) tokenizer.pause();
      },
      onattribname: (start, end) => {
        attribute = html.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata: (start, end) => {
        value += html.slice(start, end);
      },
      onattribentity: (codepoint) => {
        value += String.fromCodePoint(codepoint);
      },
      onattribend: () => {
        if (!attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => {
        said();
        silent = false;
        reader.close(html.slice(start, end).toLowerCase());
        tags += 1;
        if (tags >= MOST_TAGS) tokenizer.pause();
      },
      oncdata: () => {},
      oncomment: said,
      ondeclaration: said,
      onprocessinginstruction: said,
      onend: said,
    },
  );
  tokenizer.write(html);
  if (tokenizer.running) tokenizer.end();
}
