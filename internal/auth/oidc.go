package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDCSettings are how a provider of OpenID Connect is used.
type OIDCSettings struct {
	Name     string // as people know it
	Issuer   string
	Client   string
	Secret   string
	Claim    string // whose value is the login of an account
	Callback string // address of this server to which browsers come back
}

// outsideTime bounds what another system may take to answer.
const outsideTime = 10 * time.Second

// OIDC signs people in by a provider of OpenID Connect: authorization code with
// PKCE, state and nonce.
type OIDC struct {
	settings OIDCSettings
	client   *http.Client

	mu       sync.Mutex
	provider *oidc.Provider // nil until it answered once: a provider that is away stops no start
}

// NewOIDC makes it; the provider is first asked when somebody signs in.
func NewOIDC(s OIDCSettings) *OIDC {
	return &OIDC{settings: s, client: &http.Client{Timeout: outsideTime}}
}

// Begin implements Outside.
func (o *OIDC) Begin(ctx context.Context, p Passage) (string, error) {
	config, _, err := o.config(ctx)
	if err != nil {
		return "", err
	}
	return config.AuthCodeURL(p.State, oidc.Nonce(p.Nonce), oauth2.S256ChallengeOption(p.Verifier)), nil
}

// Finish implements Outside.
func (o *OIDC) Finish(ctx context.Context, p Passage, code string) (string, error) {
	config, provider, err := o.config(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, o.client)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return "", outsideFailed(o.settings.Name, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", outsideForged("the missing id_token")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: o.settings.Client}).Verify(ctx, raw)
	if err != nil {
		return "", outsideForged("the id_token: " + err.Error())
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(p.Nonce)) != 1 {
		return "", outsideForged("the nonce")
	}
	return o.login(ctx, provider, id, token)
}

// login is the value of the claim, in the signed token or, where it is not in there, told about the same subject.
func (o *OIDC) login(ctx context.Context, provider *oidc.Provider, id *oidc.IDToken, token *oauth2.Token) (string, error) {
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", outsideForged("the id_token's claims")
	}
	if login := o.claimed(claims); login != "" {
		return login, nil
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return "", outsideFailed(o.settings.Name, err)
	}
	if info.Subject != id.Subject {
		return "", outsideForged("the subject")
	}
	if err := info.Claims(&claims); err != nil {
		return "", outsideFailed(o.settings.Name, err)
	}
	if login := o.claimed(claims); login != "" {
		return login, nil
	}
	return "", outsideFailed(o.settings.Name, errors.New("there is no claim "+o.settings.Claim))
}

// claimed is the claim's text; an address of mail counts only if the provider has verified it.
func (o *OIDC) claimed(claims map[string]any) string {
	if verified, _ := claims["email_verified"].(bool); o.settings.Claim == "email" && !verified {
		return ""
	}
	text, _ := claims[o.settings.Claim].(string)
	return text
}

func (o *OIDC) config(ctx context.Context) (oauth2.Config, *oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// The provider keeps the context for its keys: the request's would end.
		provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.client), o.settings.Issuer)
		if err != nil {
			return oauth2.Config{}, nil, outsideFailed(o.settings.Name, err)
		}
		o.provider = provider
	}
	return oauth2.Config{
		ClientID: o.settings.Client, ClientSecret: o.settings.Secret, RedirectURL: o.settings.Callback, Endpoint: o.provider.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, o.provider, nil
}
