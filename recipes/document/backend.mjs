/** Your backend: whoever opens a document is in its conversation, until it is closed. */
export function createDocuments({ url, key }) {
  const members = (document, user) => `${url}/api/conversations/${encodeURIComponent(document)}/members?${new URLSearchParams({ userId: user })}`;
  const call = async (method, address) => {
    const answer = await fetch(address, { method, headers: { 'x-functions-key': key } });
    if (!answer.ok) throw new Error((await answer.json()).error);
  };
  return {
    open: (document, user) => call('PUT', members(document, user)),
    close: (document, user) => call('DELETE', members(document, user)),
  };
}
