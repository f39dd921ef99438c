import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { awsProxy, rewrite } from './aws-proxy.ts';

const replacements = { registry: 'localhost:5000', endpoint: 'https://10.0.0.1:6443', authority: 'Y2E=' };
const account = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

describe('what moto answers', () => {
  it('names the registry of the bed as the repository', () => {
    const answer = { repositories: [{ repositoryName: 'ns/web', repositoryUri: `${account}/ns/web` }] };
    expect(rewrite(answer, replacements)).toEqual({
      repositories: [{ repositoryName: 'ns/web', repositoryUri: 'localhost:5000/ns/web' }],
    });
  });

  it('names the registry, over plain HTTP, as where the token is good', () => {
    const answer = { authorizationData: [{ authorizationToken: 'x', proxyEndpoint: `https://${account}` }] };
    expect(rewrite(answer, replacements)).toEqual({
      authorizationData: [{ authorizationToken: 'x', proxyEndpoint: 'http://localhost:5000' }],
    });
  });

  it('gives a cluster the API server and its authority, and keeps the rest of it', () => {
    const cluster = {
      name: 'a',
      arn: 'arn:aws:eks:x',
      endpoint: 'https://nowhere',
      certificateAuthority: { data: '' },
    };
    expect(rewrite({ cluster }, replacements)).toEqual({
      cluster: { ...cluster, endpoint: 'https://10.0.0.1:6443', certificateAuthority: { data: 'Y2E=' } },
    });
  });

  it('keeps an address in any other place', () => {
    const answer = {
      message: `${account}/ns/web`,
      cluster: 'a',
      repositoryUri: 'public.ecr.aws/x/y',
      list: [1, null, true],
    };
    expect(rewrite(answer, replacements)).toEqual(answer);
  });
});

describe('the proxy', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: Server): Promise<string> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const inFrontOf = async (moto: RequestListener): Promise<string> =>
    listen(awsProxy(await listen(createServer(moto)), replacements));

  it('forwards method, path, headers and body, and rewrites the answer with its length', async () => {
    const seen: unknown[] = [];
    const url = await inFrontOf((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers['x-amz-target'], body);
        response.setHeader('x-amzn-requestid', 'r1');
        response.end(JSON.stringify({ repository: { repositoryUri: `${account}/ns/web` } }));
      });
    });
    const target = 'AmazonEC2ContainerRegistry_V20150921.CreateRepository';
    const answer = await fetch(`${url}/p?q=1`, {
      method: 'POST',
      headers: { 'x-amz-target': target },
      body: '{"a":1}',
    });
    expect(await answer.json()).toEqual({ repository: { repositoryUri: 'localhost:5000/ns/web' } });
    expect(answer.headers.get('x-amzn-requestid')).toBe('r1');
    expect(seen).toEqual(['POST', '/p?q=1', target, '{"a":1}']);
  });

  it('asks moto for an answer that it can read', async () => {
    const url = await inFrontOf((request, response) => {
      const body = JSON.stringify({ proxyEndpoint: `https://${account}` });
      if (!request.headers['accept-encoding']?.includes('gzip')) return response.end(body);
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(body));
    });
    const answer = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
    expect(await answer.json()).toEqual({ proxyEndpoint: 'http://localhost:5000' });
  });

  it('passes on an error, and an answer that is no JSON, as they are', async () => {
    const url = await inFrontOf((_, response) => {
      response.writeHead(403, { 'content-type': 'text/xml' }).end('<Error>AccessDenied</Error>');
    });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([403, '<Error>AccessDenied</Error>']);
  });

  it('says that moto is not there', async () => {
    const url = await listen(awsProxy('http://127.0.0.1:1', replacements));
    const answer = await fetch(url);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('moto does not answer');
  });
});
