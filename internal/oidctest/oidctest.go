// Package oidctest is a provider of OpenID Connect for tests: zitadel/oidc's own, with the people and the one client of a test.
package oidctest

import (
	"net/http"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// What the provider knows.
const (
	Client   = "guatu"
	Secret   = "s3cret"
	Password = "verysecure"
)

// citizens are the users of the provider.
type citizens map[string]*storage.User

func (c citizens) GetUserByID(id string) *storage.User { return c[id] }

func (c citizens) GetUserByUsername(name string) *storage.User { return c[name] }

func (citizens) ExampleClientID() string { return "service" }

// Provider answers as the issuer; browsers come back to callback, and each of the people signs in with Password.
func Provider(issuer, callback string, people ...string) http.Handler {
	users := citizens{}
	for _, name := range people {
		users[name] = &storage.User{ID: name, Username: name, Password: Password}
	}
	clients := map[string]*storage.Client{Client: storage.WebClient(Client, Secret, callback)}
	return exampleop.SetupServer(issuer, storage.NewStorageWithClients(users, clients), nil, false)
}
