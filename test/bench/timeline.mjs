// Loaded before the bundle (`node --import`): writes down when each of its requests and dynamic imports began and ended.
// A profile of a run without a line of it in the product. Plain JavaScript, so that nothing has to be stripped first.
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

/** Milliseconds since the process was started. */
const now = () => performance.now();
const preloaded = now();
const requests = [];
const imports = [];
const open = new WeakMap();
const loading = new WeakMap();

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
subscribe('tracing:module.import:start', (context) => {
  const entry = { url: context.url, start: now() };
  loading.set(context, entry);
  imports.push(entry);
});
subscribe('tracing:module.import:asyncEnd', (context) => {
  const entry = loading.get(context);
  if (entry) entry.end = now();
});
process.on('exit', () => {
  writeFileSync(process.env.BENCH_TIMELINE, JSON.stringify({ preloaded, requests, imports, exit: now() }));
});
