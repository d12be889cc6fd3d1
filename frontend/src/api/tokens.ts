import type { Client } from "openapi-fetch";
import type { Enrolment, SessionState, Token, TokenMade, TokenWanted } from "../domain/types";
import { answer, done } from "./answer";
import type { paths } from "./schema";

/** Ways in that are not a password. */
export function tokensOf(client: Client<paths>) {
  return {
    enterWall: (token: string): Promise<SessionState> =>
      answer(client.POST("/session/wall", { body: { token } })),
    enrol: (code: string, name: string): Promise<SessionState> =>
      answer(client.POST("/session/device", { body: { code, name } })),
    tokens: (): Promise<Token[]> => answer(client.GET("/tokens")),
    makeToken: (body: TokenWanted): Promise<TokenMade> => answer(client.POST("/tokens", { body })),
    revokeToken: async (id: number): Promise<void> => {
      await done(client.DELETE("/tokens/{id}", { params: { path: { id } } }));
    },
    makeEnrolment: (): Promise<Enrolment> => answer(client.POST("/tokens/enrolment")),
  };
}
