import type { Cause } from '../cause.ts';
import { condition, isObserved } from '../snapshot.ts';
import { newest } from '../views.ts';

/** What is left to say when no other row knows more. */
export const rolloutCauses: readonly Cause[] = [
  {
    id: 'progress-deadline',
    title: 'No progress',
    sign: 'Deployment condition Progressing False, ProgressDeadlineExceeded',
    advice: 'Look at the pods: kubectl describe pods. A slow start may need a longer timeout.',
    grace: 'none: the deadline was the grace',
    why: 'Kubernetes itself has waited for as long as the timeout of the spec says.',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment',
    of: 'rollout',
    find: ({ deployment }) => {
      const progressing = condition(deployment, 'Progressing');
      if (!isObserved(deployment) || progressing?.reason !== 'ProgressDeadlineExceeded') return undefined;
      const seconds = deployment.spec.progressDeadlineSeconds;
      return {
        sentence: `the rollout made no progress${seconds === undefined ? ' within its deadline' : ` for ${seconds} s`}`,
        said: progressing.message ?? progressing.reason,
        fields: [['timeout']],
        grace: 0,
      };
    },
  },
  {
    id: 'autoscaler-blind',
    title: 'Autoscaler without metrics',
    sign: 'FailedGetResourceMetric on the HorizontalPodAutoscaler',
    advice:
      'Install metrics-server (on EKS: the add-on metrics-server), or set min_containers and max_containers to the same number.',
    grace: 'a warning, never a failure',
    why: 'The service runs; only its number of pods does not follow the load.',
    source: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-metrics-apis',
    of: 'rollout',
    find: ({ autoscalerEvents }) => {
      const event = newest(
        autoscalerEvents,
        'FailedGetResourceMetric',
        'FailedComputeMetricsReplicas',
        'SuccessfulRescale',
      );
      const said = event?.message ?? '';
      // That pods which have just started have no metrics yet is said in the same events, and passes.
      if (event?.reason === 'SuccessfulRescale' || !/unable to fetch metrics/.test(said)) return undefined;
      return {
        sentence: 'the autoscaler cannot read metrics, so the number of pods does not follow the load',
        said,
        fields: [['max_containers'], ['autoscaling_target_cpu_percentage']],
        grace: Number.POSITIVE_INFINITY,
      };
    },
  },
];
