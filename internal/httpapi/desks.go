package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// desks are the operations of the three administrators (三员), by who has them. Nobody of the campaign has one of these, and
// the three have no others but their own session.
var desks = map[string][]string{ //nolint:gochecknoglobals // the one table, never written
	http.MethodGet + " " + apiPrefix + "/audit/entries":               {campaign.RoleAuditor},
	http.MethodGet + " " + apiPrefix + "/audit/export":                {campaign.RoleAuditor},
	http.MethodGet + " " + apiPrefix + "/audit/state":                 {campaign.RoleAuditor},
	http.MethodGet + " " + apiPrefix + "/accounts":                    {campaign.RoleSystemAdmin, campaign.RoleSecurityAdmin},
	http.MethodPost + " " + apiPrefix + "/accounts":                   {campaign.RoleSystemAdmin},
	http.MethodPut + " " + apiPrefix + "/accounts/:login/disabled":    {campaign.RoleSystemAdmin},
	http.MethodPost + " " + apiPrefix + "/accounts/:login/password":   {campaign.RoleSystemAdmin},
	http.MethodDelete + " " + apiPrefix + "/accounts/:login/sessions": {campaign.RoleSystemAdmin},
	http.MethodPost + " " + apiPrefix + "/accounts/:login/approval":   {campaign.RoleSecurityAdmin},
	http.MethodGet + " " + apiPrefix + "/staff":                       {campaign.RoleSystemAdmin, campaign.RoleSecurityAdmin},
	http.MethodPut + " " + apiPrefix + "/staff/:code":                 {campaign.RoleSecurityAdmin},
}

// sits refuses an operation that is not of the actor's desk. A tool of this machine works on the campaign.
func sits(a auth.Actor, route string) error {
	roles, administrative := desks[route]
	switch {
	case withoutSession(route), own(route):
		return nil
	case administrative && slices.Contains(roles, a.Role):
		return nil
	case !administrative && (!campaign.Administers(a.Role) || gives(a, route)):
		return nil
	}
	return auth.NoRight()
}

// own are the operations about one's own session, which everybody has.
func own(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	return strings.HasPrefix(path, apiPrefix+"/session")
}

// gives are the operations that two of the three have beside the campaign's people: tokens.
func gives(a auth.Actor, route string) bool {
	_, path, _ := strings.Cut(route, " ")
	return slices.Contains([]string{campaign.RoleSystemAdmin, campaign.RoleSecurityAdmin}, a.Role) && (path == apiPrefix+"/tokens" || path == apiPrefix+"/tokens/:id")
}
