import { Api } from './cluster/api.ts';
import { connectByKubeconfig, connectByToken } from './cluster/connect.ts';
import { UserError } from './errors.ts';
import type { Inputs } from './inputs.ts';

/** Connects to the cluster the inputs name: an EKS cluster by its name, else by a kubeconfig. */
export async function connect(inputs: Inputs, signal: AbortSignal): Promise<Api> {
  const { cluster, region, kubeconfig, context } = inputs;
  if (cluster === undefined) {
    const source = { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
    return new Api(await connectByKubeconfig(source), signal);
  }
  if (kubeconfig !== undefined) {
    throw new UserError('Inputs cluster and kubeconfig both say which cluster to use. Give one of them.');
  }
  if (region === undefined) {
    throw new UserError('Input region is needed with cluster: set it, or the environment variable AWS_REGION.');
  }
  const { describeCluster, clusterToken } = await import('./aws/eks.ts');
  const { endpoint, ca } = await describeCluster(cluster, region, signal);
  return new Api(connectByToken(endpoint, ca, clusterToken(cluster, region)), signal);
}
