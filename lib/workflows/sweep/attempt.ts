/** Takes a step of a sweep; one that fails is logged and harms no other. */
export type Attempt = <Made>(step: string, take: () => Promise<Made>) => Promise<Made | undefined>;
