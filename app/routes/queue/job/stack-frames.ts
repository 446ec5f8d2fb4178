export interface StackFrames {
  /** Frames in our own code, from the project's root on. */
  own: string[];
  /** All of them, the same way. */
  all: string[];
}

const OURS = /(?:^|[\s(/])((?:app|tasks|scripts|sandbox)\/[^\s()]+)/;

/** The frames of an error's stack, without the message above them. */
export function stackFrames(stack: string): StackFrames {
  const all = stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .map(shorten);
  return { own: all.filter(isOurs), all };
}

function isOurs(frame: string): boolean {
  return OURS.test(frame) && !frame.includes("node_modules/") && !frame.includes("node:");
}

/** Where the project lies on that machine says nothing. */
function shorten(frame: string): string {
  return frame.replace(
    /(?:file:\/\/)?(?:\/[^\s()/]+)*?\/((?:app|tasks|scripts|sandbox|node_modules)\/[^\s()]+)/,
    "$1",
  );
}
