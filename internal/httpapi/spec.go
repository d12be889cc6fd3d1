package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

// contract is openapi.yaml as read: a constant, and nothing writes to it once it is there.
var contract struct { //nolint:gochecknoglobals // as said
	sync.Mutex
	spec *openapi3.T
}

// loadSpec reads the contract once a process.
func loadSpec(ctx context.Context) (*openapi3.T, error) {
	contract.Lock()
	defer contract.Unlock()
	if contract.spec != nil {
		return contract.spec, nil
	}
	spec, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	// Examples are held by a test; checking them takes a tenth of a second of each start.
	if err := spec.Validate(ctx, openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
	contract.spec = spec
	return spec, nil
}

// validator refuses requests that are not as openapi.yaml says: the generated
// server checks neither enums nor unknown fields.
//
// For a document of 3.1 the library compiles each schema anew with each request
// (2.8 ms for a change). What requests may be is written in words that mean the
// same in 3.0 (a test holds it), so they are judged as 3.0: 0.08 ms.
func (s *Server) validator() (echo.MiddlewareFunc, error) {
	plain := *s.spec
	plain.OpenAPI = "3.0.3"
	router, err := gorillamux.NewRouter(&plain)
	if err != nil {
		return nil, fmt.Errorf("route openapi.yaml: %w", err)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			route, params, err := router.FindRoute(c.Request())
			if errors.Is(err, routers.ErrMethodNotAllowed) || errors.Is(err, routers.ErrPathNotFound) {
				return echo.ErrNotFound
			}
			if err != nil {
				return fmt.Errorf("find the operation: %w", err)
			}
			in := &openapi3filter.RequestValidationInput{Request: c.Request(), PathParams: params, Route: route}
			if err := openapi3filter.ValidateRequest(c.Request().Context(), in); err != nil {
				return notAsSpecified(err)
			}
			if err := legibleBody(c.Request()); err != nil {
				return err
			}
			return next(c)
		}
	}, nil
}

// legibleBody refuses a body that was judged and holds the one character no database keeps in a text.
func legibleBody(r *http.Request) error {
	if r.GetBody == nil {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return fmt.Errorf("read the body again: %w", err)
	}
	text, err := io.ReadAll(body)
	if err == nil && holdsNUL(text) {
		err = fault.New(fault.KindInvalid, "not_text", "内容中有不是文字的字符（U+0000）", "the content holds what is no text (U+0000)")
	}
	return err
}

// holdsNUL finds the escape of U+0000, not the six letters somebody typed: before those stands a backslash more.
func holdsNUL(body []byte) bool {
	for at := 0; ; at += len(escapedNUL) {
		found := bytes.Index(body[at:], []byte(escapedNUL))
		if found < 0 {
			return false
		}
		at += found
		before := body[:at]
		if (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 {
			return true
		}
	}
}

const escapedNUL = `\u0000`

// notAsSpecified says which field is wrong.
func notAsSpecified(err error) error {
	where := ""
	var se *openapi3.SchemaError
	var re *openapi3filter.RequestError
	switch {
	case errors.As(err, &se):
		where = "/" + strings.Join(se.JSONPointer(), "/") + " " + se.Reason
	case errors.As(err, &re):
		where = re.Error()
	}
	return fault.New(fault.KindInvalid, "not_as_specified", "请求内容不符合要求："+where, "the request is not as specified: "+where).Because(err)
}
