package auth

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/guatu/guatu/internal/fault"
)

// Outside is another system that says who somebody is: a login and nothing else.
// It makes nobody an account, and gives nobody a right.
type Outside interface {
	// Begin gives the address to which a browser goes to sign in there.
	Begin(ctx context.Context, p Passage) (address string, err error)
	// Finish takes what came back with the browser and gives the login of the account that is meant.
	Finish(ctx context.Context, p Passage, code string) (login string, err error)
}

// Passage is one way out and back: what only the browser that left can know.
type Passage struct {
	State    string // comes back with the browser
	Nonce    string // comes back inside what the other system signs
	Verifier string // proves to it that who asks for the token is who sent the browser (PKCE)
}

// NewPassage makes a passage nobody can guess.
func NewPassage() Passage {
	return Passage{State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text()} // 52 of at least 43 characters
}

// Enter lets in who another system says is an account's person. What is not an
// account here does not become one.
func (g *Gate) Enter(ctx context.Context, login string, a Attempt) (Session, error) {
	account, err := g.store.Account(ctx, normalLogin(login))
	switch {
	case fault.KindOf(err) == fault.KindNotFound:
		err = fault.New(fault.KindDenied, "outside_unknown", "本系统没有与“"+login+"”对应的账号，可联系区整治办",
			"no account here belongs to “"+login+"”; please ask the district office")
	case err != nil:
		return Session{}, err
	default:
		err = account.open()
	}
	a.outside, a.Login = true, login
	return g.letIn(ctx, account, a, err)
}

func outsideFailed(name string, cause error) error {
	return fault.New(fault.KindUnavailable, "outside_failed", name+"登录没有成功，请重试或用账号登录", "signing in by "+name+" did not succeed; please try again or use your account").Because(cause)
}

func outsideForged(what string) error {
	return fault.New(fault.KindUnidentified, "outside_forged", "登录凭据校验不通过，请重新登录", "what came back does not check; please sign in again").Because(fmt.Errorf("%s does not check", what))
}
