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

	Ding Ding // 浙政钉 instead; the zero value is none
}

// Ding is an application of 浙政钉.
type Ding struct{ Login, API, Key, Secret string }

func outsideSettings() []Setting {
	return []Setting{
		{"GUATU_URL", "", "本系统的访问地址，如 https://guatu.example；统一登录时必填", "address of this server as browsers know it; needed to sign in by another system", false},
		{"GUATU_OIDC_ISSUER", "", "统一身份认证（OpenID Connect）的签发者地址", "issuer of the OpenID Connect provider people may sign in by", false},
		{"GUATU_OIDC_CLIENT", "", "在统一身份认证登记的客户端", "client id there", false},
		{"GUATU_OIDC_SECRET", "", "该客户端的密钥", "secret of that client", true},
		{"GUATU_OIDC_CLAIM", "preferred_username", "对应本系统账号的字段", "claim whose value is the login of an account", false},
		{"GUATU_ZZD_KEY", "", "浙政钉应用的 App Key，设置后可用浙政钉扫码登录", "app key of an application of 浙政钉; with it people may sign in by its QR code", false},
		{"GUATU_ZZD_SECRET", "", "浙政钉应用的 App Secret", "app secret of that application", true},
		{"GUATU_ZZD_LOGIN", "https://login-pro.ding.zj.gov.cn", "浙政钉登录域名", "where people sign in there", false},
		{"GUATU_ZZD_API", "https://openplatform-pro.ding.zj.gov.cn", "浙政钉接口域名", "where its API is", false},
		{"GUATU_OIDC_NAME", "统一身份认证", "登录按钮上的名称", "name on the button", false},
	}
}

func readOutside(value map[string]string) (Outside, error) {
	o := Outside{
		Name: value["GUATU_OIDC_NAME"], Issuer: value["GUATU_OIDC_ISSUER"], Client: value["GUATU_OIDC_CLIENT"], Secret: value["GUATU_OIDC_SECRET"],
		Claim: value["GUATU_OIDC_CLAIM"], URL: strings.TrimSuffix(value["GUATU_URL"], "/"),
	}
	if key := value["GUATU_ZZD_KEY"]; key != "" {
		o.Ding = Ding{Login: value["GUATU_ZZD_LOGIN"], API: value["GUATU_ZZD_API"], Key: key, Secret: value["GUATU_ZZD_SECRET"]}
	}
	addresses := map[string]string{"GUATU_URL": o.URL}
	switch {
	case o.Issuer == "" && o.Ding.Key == "":
		return Outside{}, nil
	case o.Issuer != "" && o.Ding.Key != "":
		return o, bad("GUATU_ZZD_KEY", o.Ding.Key, "已设置统一身份认证，二者只能用一个", "a provider of OpenID Connect is set: one of the two is enough")
	case o.Issuer != "" && o.Client == "":
		return o, bad("GUATU_OIDC_CLIENT", "", "须填客户端", "the client is missing")
	case o.Issuer != "":
		addresses["GUATU_OIDC_ISSUER"] = o.Issuer
	case o.Ding.Secret == "":
		return o, bad("GUATU_ZZD_SECRET", "", "须填 App Secret", "the app secret is missing")
	default:
		addresses["GUATU_ZZD_LOGIN"], addresses["GUATU_ZZD_API"] = o.Ding.Login, o.Ding.API
	}
	for name, address := range addresses {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost") {
			return o, bad(name, address, "应为 https 地址", "must be an address that begins with https").Because(err)
		}
	}
	return o, nil
}
