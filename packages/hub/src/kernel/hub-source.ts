/** The name under which the hub is a source of its own. */
export const HUB_SOURCE = 'plumbline';
