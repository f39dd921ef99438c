// Loaded before the bundle (`node --import`): writes down when each of its requests began and ended: a
// profile of a run without a line of it in the product. Plain JavaScript, so that nothing has to be stripped first.
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

/** Milliseconds since the process was started. */
const now = () => performance.now();
const preloaded = now();
const requests = [];
const open = new WeakMap();

subscribe('http.client.request.created', ({ request }) => {
  const entry = { method: request.method, path: request.path, start: now() };
  open.set(request, entry);
  requests.push(entry);
});
subscribe('http.client.response.finish', ({ request, response }) => {
  const entry = open.get(request);
  if (!entry) return;
  entry.code = response.statusCode;
  response.once('close', () => {
    entry.end = now();
  });
});
process.on('exit', () => {
  writeFileSync(process.env.BENCH_TIMELINE, JSON.stringify({ preloaded, requests, exit: now() }));
});
