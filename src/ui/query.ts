import {
  QueryClient,
  hashKey,
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryFunctionContext,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback } from "react";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { call, ProblemError, type CallOptions } from "./client.ts";

type QueryRoute = Route & { kind: "query" };

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refusal stays a refusal; only an unreachable or busy server is worth asking again.
        retry: (count, cause) =>
          count < 2 && cause instanceof ProblemError && (cause.status === 0 || cause.status === 503),
        refetchOnWindowFocus: true,
      },
    },
  });
}

export interface UseRouteOptions<Output = unknown> {
  /** false: do not ask yet. */
  enabled?: boolean;
  /** Shows the former answer, dimmed by the caller, while a new page or filter loads. */
  keep?: boolean;
  /** Asks again every so many milliseconds, perhaps only while the answer says that something is under way. */
  every?: number | false | ((answer: Output | undefined) => number | false);
}

/**
 * How a query that asks again and again is asked this time: by itself, unless it never was before or an act of the officer
 * has made its answer outdated. Give this to `call` in every query with an interval.
 */
export function polledCall({ client, queryKey, signal }: QueryFunctionContext): CallOptions {
  const state = client.getQueryCache().get(hashKey(queryKey))?.state;
  if (state === undefined || state.dataUpdateCount + state.errorUpdateCount === 0) return { signal, background: false };
  // A refusal too marks what was known as outdated; that is no act of the officer.
  const refused = state.errorUpdatedAt > state.dataUpdatedAt;
  return { signal, background: refused || !state.isInvalidated };
}

/** The answer of a query route, cached by route and input. `useRoute(listBatches, { page: 1 })`. */
export function useRoute<R extends QueryRoute>(
  route: R,
  input: RequestOf<R>,
  options: UseRouteOptions<OutputOf<R>> = {},
): UseQueryResult<OutputOf<R>, ProblemError> {
  return useQuery(routeQuery(route, input, options));
}

export function routeQuery<R extends QueryRoute>(
  route: R,
  input: RequestOf<R>,
  options: UseRouteOptions<OutputOf<R>> = {},
): UseQueryOptions<OutputOf<R>, ProblemError> {
  const { every } = options;
  return {
    queryKey: [route.path, input],
    queryFn: (context) => call(route, input, every === undefined ? { signal: context.signal } : polledCall(context)),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === "function" ? ({ state }) => every(state.data) : every }),
  };
}

/** A change. After it succeeds, the answers of the routes in `refreshes` are asked again; without the list, all that are on screen. */
export function useAct<R extends Route & { kind: "action" }>(
  route: R,
  options: { refreshes?: readonly Route[]; onDone?: (output: OutputOf<R>) => void } = {},
): UseMutationResult<OutputOf<R>, ProblemError, RequestOf<R>> {
  const refresh = useRefresh();
  return useMutation<OutputOf<R>, ProblemError, RequestOf<R>>({
    mutationFn: (input) => call(route, input),
    onSuccess: (output) => {
      void refresh(options.refreshes);
      options.onDone?.(output);
    },
  });
}

/** Marks answers as outdated, so that what is on screen is asked again. */
export function useRefresh(): (routes?: readonly Route[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (routes) => {
      if (!routes) return client.invalidateQueries();
      await Promise.all(routes.map((route) => client.invalidateQueries({ queryKey: [route.path] })));
    },
    [client],
  );
}
