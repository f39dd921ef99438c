/** AWS as the bed has it: moto, the proxy in front of it, and the webhook that checks EKS tokens. */
import path from 'node:path';
import { aws, loopback, ports, sources } from './layout.ts';
import type { Part } from './part.ts';
import { answers, send } from './probe.ts';

/** `motoServer` is the executable; `endpoint` is the API server's URL. */
export function cloud(motoServer: string, endpoint: string): Record<'moto' | 'awsProxy' | 'tokenWebhook', Part> {
  const motoUrl = `http://${loopback}:${ports.moto}`;
  const program = (file: string): string[] => [process.execPath, path.join(sources, file)];
  return {
    moto: {
      name: 'moto',
      address: motoUrl,
      command: async () => [motoServer, '-H', loopback, '-p', `${ports.moto}`],
      isReady: () => answers(`${motoUrl}/moto-api/`),
    },
    awsProxy: {
      name: 'aws-proxy',
      address: aws.endpoint,
      command: async () => [...program('aws-proxy.ts'), endpoint],
      isReady: () => answers(`${aws.endpoint}/moto-api/`),
    },
    tokenWebhook: {
      name: 'token-webhook',
      address: `http://${loopback}:${ports.tokenWebhook}`,
      command: async () => program('token-webhook.ts'),
      isReady: () => answers(`http://${loopback}:${ports.tokenWebhook}/healthz`),
    },
  };
}

/** Makes the EKS cluster that stands for the bed, unless it is there. */
export async function createEksCluster(): Promise<void> {
  // moto reads the service from the credential's scope and checks no signature.
  const scope = `${aws.accessKeyId}/20260101/${aws.region}/eks/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const headers = { authorization, 'content-type': 'application/json' };
  const there = await send(`${aws.endpoint}/clusters/${aws.cluster}`, { headers });
  if (there.status === 200) return;
  const cluster = {
    name: aws.cluster,
    version: '1.36',
    roleArn: 'arn:aws:iam::123456789012:role/bed',
    resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] },
  };
  const answer = await send(`${aws.endpoint}/clusters`, { method: 'POST', headers }, JSON.stringify(cluster));
  if (answer.status >= 300) {
    throw new Error(`moto refuses to create the EKS cluster ${aws.cluster}: ${answer.status} ${answer.body}`);
  }
}
