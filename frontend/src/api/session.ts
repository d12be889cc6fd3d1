import type { Client } from "openapi-fetch";
import type { Enrolment, SessionState, Token, TokenMade, TokenWanted } from "../domain/types";
import { answer, done } from "./answer";
import type { paths } from "./schema";

/** Ways in and out, and who may give them out. */
export function sessionOf(client: Client<paths>) {
  return {
    session: (): Promise<SessionState> => answer(client.GET("/session")),
    signIn: (login: string, password: string): Promise<SessionState> =>
      answer(client.POST("/session", { body: { login, password } })),
    changePassword: (old: string, wanted: string): Promise<SessionState> =>
      answer(client.PUT("/session/password", { body: { old, new: wanted } })),
    signOut: async (everywhere: boolean): Promise<void> => {
      await done(client.DELETE("/session", { params: { query: { everywhere } } }));
    },
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
