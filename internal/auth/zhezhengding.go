package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// ZhezhengdingSettings are how 浙政钉 (专有钉钉) is used.
type ZhezhengdingSettings struct {
	Login    string // https://login-pro.ding.zj.gov.cn
	API      string // https://openplatform-pro.ding.zj.gov.cn
	Key      string
	Secret   string
	Callback string // address of this server to which browsers come back
}

// Links know which account belongs to an account of another system; KindNotFound if none does.
type Links interface {
	LinkedLogin(ctx context.Context, system, subject string) (login string, err error)
}

// SystemZhezhengding names 浙政钉 among other systems.
const SystemZhezhengding = "zhezhengding"

const (
	nameZhezhengding = "浙政钉"
	// dingToken is how long a token of the application is used; it is good for 7200 s.
	dingToken  = time.Hour
	mostAnswer = 1 << 20
)

// Zhezhengding signs people in by 浙政钉: like OAuth 2, but no OpenID Connect.
// Requests are signed, the code is good once and for five minutes, and the person
// is known by accountId alone: names have namesakes.
type Zhezhengding struct {
	settings ZhezhengdingSettings
	links    Links
	clock    func() time.Time
	client   *http.Client

	mu    sync.Mutex
	token string
	until time.Time
}

// NewZhezhengding makes it; clock is real time.
func NewZhezhengding(s ZhezhengdingSettings, links Links, clock func() time.Time) *Zhezhengding {
	return &Zhezhengding{settings: s, links: links, clock: clock, client: &http.Client{Timeout: outsideTime}}
}

// Begin implements Outside: a page with a QR code for the phone.
func (z *Zhezhengding) Begin(_ context.Context, p Passage) (string, error) {
	q := url.Values{
		"response_type": {"code"}, "client_id": {z.settings.Key}, "redirect_uri": {z.settings.Callback}, "scope": {"get_user_info"}, "authType": {"QRCODE"}, "state": {p.State},
	}
	return z.settings.Login + "/oauth2/auth.htm?" + q.Encode(), nil
}

// Finish implements Outside.
func (z *Zhezhengding) Finish(ctx context.Context, _ Passage, code string) (string, error) {
	token, err := z.accessToken(ctx)
	if err != nil {
		return "", err
	}
	var who struct {
		AccountID json.Number `json:"accountId"`
	}
	if err := z.call(ctx, http.MethodPost, "/rpc/oauth2/getuserinfo_bycode.json", map[string]string{"access_token": token, "code": code}, &who); err != nil {
		return "", err
	}
	if who.AccountID == "" {
		return "", outsideFailed(nameZhezhengding, errors.New("there is no accountId"))
	}
	login, err := z.links.LinkedLogin(ctx, SystemZhezhengding, who.AccountID.String())
	if fault.KindOf(err) == fault.KindNotFound {
		return "", fault.New(fault.KindDenied, "outside_unknown", "您的浙政钉账号（"+who.AccountID.String()+"）还没有对应本系统账号，请联系区整治办",
			"your 浙政钉 account ("+who.AccountID.String()+") belongs to no account here yet; please ask the district office")
	}
	return login, err
}

func (z *Zhezhengding) accessToken(ctx context.Context) (string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.clock().Before(z.until) {
		return z.token, nil
	}
	var got struct {
		AccessToken string `json:"accessToken"`
	}
	if err := z.call(ctx, http.MethodGet, "/gettoken.json", map[string]string{"appkey": z.settings.Key, "appsecret": z.settings.Secret}, &got); err != nil {
		return "", err
	}
	if got.AccessToken == "" {
		return "", outsideFailed(nameZhezhengding, errors.New("there is no accessToken"))
	}
	z.token, z.until = got.AccessToken, z.clock().Add(dingToken)
	return z.token, nil
}

// call asks the gateway; what the answer's two wrappings say is a failure, whatever the status.
func (z *Zhezhengding) call(ctx context.Context, method, path string, params map[string]string, into any) error {
	req, err := z.request(ctx, method, path, params)
	if err != nil {
		return err
	}
	resp, err := z.client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // without the address: the application's secret stands in it
		}
		return outsideFailed(nameZhezhengding, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or not, nothing is lost
	var answer struct {
		Success  bool   `json:"success"`
		ErrorMsg string `json:"errorMsg"`
		Content  struct {
			Success         bool            `json:"success"`
			ResponseMessage string          `json:"responseMessage"`
			Data            json.RawMessage `json:"data"`
		} `json:"content"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, mostAnswer)).Decode(&answer); err != nil {
		return outsideFailed(nameZhezhengding, fmt.Errorf("%s answered %s: %w", path, resp.Status, err))
	}
	if !answer.Success || !answer.Content.Success {
		return outsideFailed(nameZhezhengding, fmt.Errorf("%s: %s %s", path, answer.ErrorMsg, answer.Content.ResponseMessage))
	}
	if err := json.Unmarshal(answer.Content.Data, into); err != nil {
		return outsideFailed(nameZhezhengding, fmt.Errorf("%s: %w", path, err))
	}
	return nil
}

// request signs: HMAC-SHA256 over method, time, nonce, path and the parameters in order, one a line.
func (z *Zhezhengding) request(ctx context.Context, method, path string, params map[string]string) (*http.Request, error) {
	form, plain := url.Values{}, make([]string, 0, len(params))
	for name, value := range params {
		form.Set(name, value)
		plain = append(plain, name+"="+value)
	}
	slices.Sort(plain)
	at, nonce := z.clock().Format("2006-01-02T15:04:05.000-07:00"), rand.Text()
	mac := hmac.New(sha256.New, []byte(z.settings.Secret))
	mac.Write([]byte(strings.Join([]string{method, at, nonce, path, strings.Join(plain, "&")}, "\n")))
	address, body := z.settings.API+path, strings.NewReader("")
	if method == http.MethodGet {
		address += "?" + form.Encode()
	} else {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"X-Hmac-Auth-Timestamp": at, "X-Hmac-Auth-Version": "1.0", "X-Hmac-Auth-Nonce": nonce, "apiKey": z.settings.Key,
		"X-Hmac-Auth-Signature": base64.StdEncoding.EncodeToString(mac.Sum(nil)), "Content-Type": "application/x-www-form-urlencoded",
	} {
		req.Header.Set(name, value)
	}
	return req, nil
}
