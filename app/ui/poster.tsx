import { useState } from "react";
import classes from "#app/ui/poster.module.css";

export interface PosterProps {
  title: string;
  /** null: there is none, or none that may be shown. */
  src: string | null;
  /** Begins to load with the page instead of when it comes near the window. */
  eager?: boolean;
}

/** A poster of two by three, whose place is kept from the start. Without one, or when it does not load, the title's initials. */
export function Poster({ title, src, eager = false }: PosterProps) {
  const [brokenSrc, setBrokenSrc] = useState<string | null>(null);
  // What failed before this page's script ran told nobody.
  const look = (image: HTMLImageElement | null) => {
    if (image?.complete && image.naturalWidth === 0) setBrokenSrc(src);
  };
  return (
    <div className={classes.poster}>
      {src === null || src === brokenSrc ? (
        <span className={classes.initials} aria-hidden>
          {initials(title)}
        </span>
      ) : (
        <img
          ref={look}
          className={classes.image}
          src={src}
          alt={`Poster of ${title}`}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          onError={() => setBrokenSrc(src)}
        />
      )}
    </div>
  );
}

/** Of the first two words: "Breaking Bad" is BB, "Heat" is H. */
function initials(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 2)
    .map((word) => (Array.from(word)[0] ?? "").toLocaleUpperCase("en"))
    .join("");
}
