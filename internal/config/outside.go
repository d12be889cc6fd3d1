package config

import (
	"net/url"
	"strings"
)

// Outside is another system by which people may sign in; the zero value is none.
type Outside struct {
	Name   string
	Issuer string
	Client string
	Secret string
	Claim  string
	URL    string // of this server, as browsers know it
}

func outsideSettings() []Setting {
	return []Setting{
		{"GUATU_URL", "", "本系统的访问地址，如 https://guatu.example；统一登录时必填", "address of this server as browsers know it; needed to sign in by another system", false},
		{"GUATU_OIDC_ISSUER", "", "统一身份认证（OpenID Connect）的签发者地址", "issuer of the OpenID Connect provider people may sign in by", false},
		{"GUATU_OIDC_CLIENT", "", "在统一身份认证登记的客户端", "client id there", false},
		{"GUATU_OIDC_SECRET", "", "该客户端的密钥", "secret of that client", true},
		{"GUATU_OIDC_CLAIM", "preferred_username", "对应本系统账号的字段", "claim whose value is the login of an account", false},
		{"GUATU_OIDC_NAME", "统一身份认证", "登录按钮上的名称", "name on the button", false},
	}
}

func readOutside(value map[string]string) (Outside, error) {
	o := Outside{
		Name: value["GUATU_OIDC_NAME"], Issuer: value["GUATU_OIDC_ISSUER"], Client: value["GUATU_OIDC_CLIENT"], Secret: value["GUATU_OIDC_SECRET"],
		Claim: value["GUATU_OIDC_CLAIM"], URL: strings.TrimSuffix(value["GUATU_URL"], "/"),
	}
	if o.Issuer == "" {
		return Outside{}, nil
	}
	for name, address := range map[string]string{"GUATU_OIDC_ISSUER": o.Issuer, "GUATU_URL": o.URL} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost") {
			return o, bad(name, address, "应为 https 地址", "must be an address that begins with https").Because(err)
		}
	}
	if o.Client == "" {
		return o, bad("GUATU_OIDC_CLIENT", "", "须填客户端", "the client is missing")
	}
	return o, nil
}
