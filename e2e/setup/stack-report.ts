/** What the stack tells the tests about itself. */
export type StackReport = {
  url: string;
  email: string;
  password: string;
  apiKey: string;
  /** The `Set-Cookie` of a session that is signed in. */
  cookie: string;
  sandboxUrl: string;
  /** For what no screen can bring about: jobs that other people's SQL adds. */
  databaseUrl: string;
};
