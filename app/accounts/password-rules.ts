export const SHORTEST_PASSWORD = 8;
export const ADVISED_PASSWORD_LENGTH = 15;
/** Long enough for any passphrase; short enough that hashing megabytes cannot be asked of us. */
export const LONGEST_PASSWORD = 512;

/**
 * What is wrong with a new password, as a sentence for its owner, or null. No rules on kinds of characters: they make
 * passwords worse. Rules: OWASP ASVS 5.0, 6.2.1 to 6.2.12.
 *
 * @param password as typed; never trimmed or cut
 * @param email the account's, which must not be the password or stand in it
 */
export function passwordProblem(password: string, email: string): string | null {
  const length = [...password].length;
  if (length === 0) return "Enter a password.";
  if (length < SHORTEST_PASSWORD)
    return `This password has ${length} characters. It needs at least ${SHORTEST_PASSWORD}; ${ADVISED_PASSWORD_LENGTH} or more are better.`;
  if (length > LONGEST_PASSWORD)
    return `This password has ${length} characters. At most ${LONGEST_PASSWORD} are taken.`;
  const folded = password.normalize("NFKC").toLowerCase();
  if (isCommon(folded)) return "This password is among the first that anybody would try. Choose another one.";
  if (new Set(folded).size < 4) return "This password repeats too few characters. Choose another one.";
  const account = email.trim().toLowerCase();
  const owner = account.split("@")[0] ?? "";
  if (account && (folded.includes(account) || folded === owner || isPadded(folded, owner)))
    return "This password holds your e-mail address. Choose another one.";
  return null;
}

/** `anna1984!` for anna@…: the name with nothing but digits and signs around it. */
function isPadded(folded: string, owner: string): boolean {
  if (owner.length < 3) return false;
  const at = folded.indexOf(owner);
  return at >= 0 && !/\p{L}/u.test(folded.slice(0, at) + folded.slice(at + owner.length));
}

/** Common words also count with the usual decoration around them and letters turned into signs: `P@ssw0rd1!`. */
function isCommon(folded: string): boolean {
  const bare = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const plain = bare.replace(/[@4031!$57]/g, (sign) => letterOf[sign] ?? sign);
  return common.has(folded) || common.has(bare) || common.has(plain);
}

const letterOf: Record<string, string> = {
  "@": "a",
  "4": "a",
  "0": "o",
  "3": "e",
  "1": "i",
  "!": "i",
  $: "s",
  "5": "s",
  "7": "t",
};

/** Those of the often leaked passwords that pass the length rule, and the words that they are built from. */
const common = new Set(
  `12345678 123456789 1234567890 12345678910 0123456789 987654321 9876543210 87654321 11223344 1122334455 112233445566
  12341234 123123123 147258369 159357456 789456123 123654789 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4
  q1w2e3r4t5 zaq12wsx zaq1zaq1 qwertyui qwertyuiop qwerty qwertz qwertzui qwerty12 azerty azertyuiop asdfghjk asdfghjkl
  asdf asdfasdf zxcvbnm zxcvbnmasdf qazwsx qazwsxedc abcdefgh abcdefghi abcd abcdabcd abc password passwords passwort
  passw0rd motdepasse contrasena senha parola pass passpass passphrase secret secrets topsecret letmein letmeinnow
  welcome welcomehome willkommen bienvenue iloveyou iloveyouforever loveyou lovely trustnoone trustno admin admins
  administrator adminadmin root rootroot user users guest guests login loginlogin test tester testing testtest default
  changeme changemenow changeit temporary temppass demo demodemo sunshine princess football baseball basketball
  superman batman spiderman starwars pokemon pikachu dragon dragonball monkey shadow master michael jennifer jessica
  jordan charlie computer internet samsung google facebook microsoft whatever freedom flower butterfly
  chocolate liverpool barcelona arsenal chelsea manchester hello hellohello helloworld goodbye sample example
  correcthorsebatterystaple reeldesk reeldeskreeldesk movies movie cinema operator operators`
    .split(/\s+/)
    .filter(Boolean),
);
