/** Who a token is of, where that can be read from it. It decides only which tabs share a connection; the server checks the token. */
export function userOf(token: string, guest?: boolean): string | undefined {
  try {
    const [first, second] = token.split('.');
    const text = (part: string): string => decodeURIComponent(escape(atob(part.replace(/-/g, '+').replace(/_/g, '/'))));
    return guest ? 'anon:' + text(first!) : JSON.parse(text(second!)).sub;
  } catch {
    return undefined;
  }
}
