package httpapi

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

func loadSpec(ctx context.Context) (*openapi3.T, error) {
	spec, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	// Examples are held by a test; checking them takes a tenth of a second of each start.
	if err := spec.Validate(ctx, openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
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
			return next(c)
		}
	}, nil
}

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
