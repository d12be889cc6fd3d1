/** Why bytes are no flat file. */
export class FlatFault extends Error {}
