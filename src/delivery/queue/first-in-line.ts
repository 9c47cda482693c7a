/**
 * SQL: when a delivery is due that a person asked for just now, a test or a retry by hand. Claims take the oldest of an endpoint first;
 * who presses a button must not wait behind all that piled up while the endpoint failed.
 */
export const FIRST_IN_LINE = `now() - interval '1 day'`;
