/** The channel on which planning, retries and changes of endpoints say that something may be due. */
export const DELIVERIES_CHANNEL = 'gradewire_deliveries';
