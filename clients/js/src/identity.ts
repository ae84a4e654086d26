/** Who a token is of, where that can be read from it. It decides only which tabs share a connection; the server checks the token. */
export function userOf(token: string, guest?: boolean): string | undefined {
  try {
    const text = decodeURIComponent(escape(atob(token.split('.')[guest ? 0 : 1]!.replace(/-/g, '+').replace(/_/g, '/'))));
    return guest ? 'anon:' + text : JSON.parse(text).sub;
  } catch {
    return undefined;
  }
}
