import { Anchor } from "@mantine/core";
import { useId } from "react";
import classes from "#app/ui/tmdb-attribution.module.css";

/** TMDB's terms ask for its logo and this sentence, word for word, wherever its data is used. */
export function TmdbAttribution() {
  return (
    <span className={classes.root}>
      <Anchor
        href="https://www.themoviedb.org/"
        target="_blank"
        rel="noreferrer"
        aria-label="TMDB (opens a new tab)"
      >
        <TmdbLogo />
      </Anchor>
      <span>This product uses the TMDB API but is not endorsed or certified by TMDB.</span>
    </span>
  );
}

/**
 * TMDB's one-line logo: the four letters and the bar with round ends, green to blue. Drawn here with strokes.
 */
function TmdbLogo() {
  const gradient = useId();
  return (
    <svg className={classes.logo} viewBox="0 0 274 36" aria-hidden focusable="false">
      <defs>
        <linearGradient id={gradient} x1="0" x2="274" y1="18" y2="18" gradientUnits="userSpaceOnUse">
          <stop offset="0" stopColor="#90cea1" />
          <stop offset="0.56" stopColor="#3cbec9" />
          <stop offset="1" stopColor="#00b3e5" />
        </linearGradient>
      </defs>
      <g fill="none" stroke={`url(#${gradient})`} strokeWidth="8">
        <path d="M0 4H28M14 4V36" />
        <path d="M42.2 36V4H46.5L58.3 31L70 4H74.4V36" />
        <path d="M93 4V32H101A14 14 0 0 0 101 4H89" />
        <path d="M138.6 0V36M134.6 32H149A7 7 0 0 0 149 17.5H138.6M134.6 4H148A6.7 6.7 0 0 1 148 17.5" />
      </g>
      <rect x="174" width="100" height="36" rx="18" fill={`url(#${gradient})`} />
    </svg>
  );
}
