import { Api } from './cluster/api.ts';
import { connectByKubeconfig, connectByToken } from './cluster/connect.ts';
import { UserError } from './errors.ts';
import { maskSecret } from './github/mask.ts';
import type { Inputs } from './inputs.ts';

/** Connects to the cluster the inputs name: an EKS cluster by its name, else by a kubeconfig. */
export async function connect(inputs: Inputs, signal: AbortSignal): Promise<Api> {
  const { cluster, kubeconfig, context } = inputs;
  if (cluster === undefined) {
    const source = { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
    return new Api(await connectByKubeconfig(source), signal);
  }
  if (kubeconfig !== undefined || context !== undefined) {
    throw new UserError(
      `Inputs cluster and ${kubeconfig === undefined ? 'context' : 'kubeconfig'} both say which cluster to use. Give one of them.`,
    );
  }
  const [{ describeCluster }, { eksTokens }] = await Promise.all([import('./aws/eks.ts'), import('./aws/ekstoken.ts')]);
  const { endpoint, ca, region } = await describeCluster(cluster, inputs.region, signal);
  const token = eksTokens({ cluster, region, now: () => new Date(), mask: maskSecret });
  return new Api(
    connectByToken(endpoint, ca, async () => (await token()).token),
    signal,
  );
}
