import { z } from "zod";

/** What Tabstack is asked to make of a quotes page (CONTRACT.md, "What is asked of Tabstack"). */
export const extractionSchema = {
  type: "object",
  properties: {
    quotes: {
      type: "array",
      description: "Every quote of the page, in its order",
      items: {
        type: "object",
        properties: {
          shareLink: {
            type: ["string", "null"],
            description: "The address of the quote's own share link, which holds its id (qt and digits)",
          },
          lines: {
            type: "array",
            description: "The lines of the quote, in their order",
            items: {
              type: "object",
              properties: {
                character: {
                  type: ["string", "null"],
                  description:
                    "Name of the character who speaks or acts, without the colon; null when none is named",
                },
                text: {
                  type: ["string", "null"],
                  description: "What is said, word for word; null for a line that is a stage direction alone",
                },
                stageDirection: {
                  type: ["string", "null"],
                  description:
                    "The stage direction of the line, without its brackets; null when there is none",
                },
              },
              required: ["character", "text", "stageDirection"],
              additionalProperties: false,
            },
          },
        },
        required: ["shareLink", "lines"],
        additionalProperties: false,
      },
    },
  },
  required: ["quotes"],
  additionalProperties: false,
} as const;

const words = z.string().nullish();

const extractedLine = z.object({ character: words, text: words, stageDirection: words });
const extractedQuote = z.object({ shareLink: words, lines: z.array(extractedLine) });

/** The answer. A field that is missing counts as null; a list that is missing is a fault of the upstream. */
export const extraction = z.object({ quotes: z.array(extractedQuote) });

export type ExtractedLine = z.infer<typeof extractedLine>;
export type ExtractedQuote = z.infer<typeof extractedQuote>;
