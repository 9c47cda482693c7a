/** One cache for all pages. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Figures this young are shown again without asking; what is live is invalidated by the stream, not by age. */
const FRESH_MS = 15_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // The server said no: asking again would not help. What could not be reached or failed is tried twice more.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
});
