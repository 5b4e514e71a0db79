// The sandbox's control API as the page uses it, and its stream of events.

async function call(method, path, body) {
  const response = await fetch(`/sandbox/${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

const get = (path) => call("GET", path);
const post = (path, body = {}) => call("POST", path, body);
const line = (msisdn) => `carrier/lines/${encodeURIComponent(msisdn)}`;

export const people = () => get("users");

/** Where in a person's chats: nothing for the private one with the bot. */
function within({ chatId, threadId }) {
  const where = {};
  if (chatId !== null) where.chat_id = chatId;
  if (threadId !== null) where.thread_id = threadId;
  return where;
}

export const chat = (userId, place) =>
  get(`users/${userId}/messages?${new URLSearchParams(within(place))}`);
export const send = (userId, what, place) => post(`users/${userId}/send`, { ...what, ...within(place) });
export const press = (userId, messageId, button, place) =>
  post(`users/${userId}/press`, { message_id: messageId, button, ...within(place) });
export const shareContact = (userId) => post(`users/${userId}/share-contact`);
export const pay = (userId, messageId, outcome) =>
  post(`users/${userId}/pay`, { message_id: messageId, outcome });
export const block = (userId) => post(`users/${userId}/block`);
export const unblock = (userId) => post(`users/${userId}/unblock`);
export const fileAddress = (fileId) => `/sandbox/files/${encodeURIComponent(fileId)}`;

export const groups = async (userId) => (await get(`groups?member=${userId}`)).groups;
export const placeBot = (groupId, by, standing) => post(`groups/${groupId}/bot`, { by, standing });
export const openTopic = (groupId, by, name) => post(`groups/${groupId}/topics`, { by, name });
export const closeTopic = ({ chatId, threadId }, by, closed) =>
  post(`groups/${chatId}/topics/${threadId}`, { by, closed });
export const deleteTopic = ({ chatId, threadId }, by) =>
  call("DELETE", `groups/${chatId}/topics/${threadId}`, { by });

export const clock = () => get("clock");
export const advanceClock = (seconds) => post("clock", { advance_s: seconds });
export const setClock = (instant) => post("clock", { now: instant.toISOString() });

export const bot = () => get("bot");
export const killBot = () => post("bot/kill");
export const startBot = () => post("bot/start");

export const lines = () => get("carrier/lines");
export const lineTruth = (msisdn) => get(line(msisdn));
export const useData = (msisdn, bytes) => post(`${line(msisdn)}/use`, { bytes });
export const texts = (msisdn) => get(`carrier/sms?msisdn=${encodeURIComponent(msisdn)}`);
export const addCarrierFault = (fault) => post("carrier/faults", fault);
export const clearCarrierFaults = () => call("DELETE", "carrier/faults");

const KINDS = [
  "message", "edited", "deleted", "keyboard", "action",
  "commands", "sms", "clock", "bot", "blocked", "group",
];

/**
 * Listens to what happens in the world.
 * `onEvent(kind, data)` for each event; `onConnection(true)` after each (re)connection, when
 * whatever was shown must be fetched anew because events may have been missed, `false` when lost.
 */
export function listen(onEvent, onConnection) {
  const source = new EventSource("/sandbox/events");
  source.addEventListener("open", () => onConnection(true));
  source.addEventListener("error", () => onConnection(false));
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
  }
}
