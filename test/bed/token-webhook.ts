/** The program that the API server asks who a bearer token stands for: EKS's authenticator, for the bed's cluster. */
import { createServer, type Server } from 'node:http';
import { checkToken } from './eks-token.ts';
import { aws, loopback, ports, tokenGroup } from './layout.ts';
import type { Log } from './progress.ts';

/** A server for TokenReview requests of authentication.k8s.io/v1; GET /healthz says that it is there. `log` gets a line for each verdict. */
export function tokenWebhook(now: () => Date, log: Log = () => {}): Server {
  return createServer(async (request, response) => {
    if (request.method === 'GET') return response.end('ok');
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { spec?: { token?: string } };
      const rules = { cluster: aws.cluster, keys: { [aws.accessKeyId]: aws.secretAccessKey }, now: now() };
      const verdict = checkToken(review.spec?.token ?? '', rules);
      const accepted = 'accessKeyId' in verdict;
      log(`${now().toISOString()} ${accepted ? `accepted ${verdict.accessKeyId}` : `refused: ${verdict.refused}`}`);
      const status = accepted
        ? { authenticated: true, user: { username: `aws:${verdict.accessKeyId}`, groups: [tokenGroup] } }
        : { authenticated: false, error: verdict.refused };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }));
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });
}

if (import.meta.main) tokenWebhook(() => new Date(), console.log).listen(ports.tokenWebhook, loopback);
