package httpapi

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// refusal carries a recorded outcome with its error to the error handler.
type refusal struct {
	error
	outcome ledger.Outcome
}

func (r refusal) Unwrap() error { return r.error }

// statusOf maps kinds of failure to HTTP, here and nowhere else.
func statusOf(k fault.Kind) int {
	switch k {
	case fault.KindInvalid:
		return http.StatusBadRequest
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict, fault.KindStale:
		return http.StatusConflict
	case fault.KindDenied:
		return http.StatusForbidden
	case fault.KindUnidentified:
		return http.StatusUnauthorized
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	case fault.KindUnknown:
	}
	return http.StatusInternalServerError
}

// handleError answers a failure as application/problem+json.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p, status := s.problem(c, err)
	body, encodeErr := json.Marshal(p)
	if encodeErr == nil {
		encodeErr = c.Blob(status, "application/problem+json", body)
	}
	if encodeErr != nil {
		s.Log.WarnContext(c.Request().Context(), "answer a failure", slog.Any("error", encodeErr))
	}
}

// problem puts a failure into words; what the user cannot help is logged under a number.
func (s *Server) problem(c echo.Context, err error) (p gen.Problem, status int) {
	f := s.faultOf(err)
	status = statusOf(f.Kind)
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		status = he.Code
	}
	p = gen.Problem{
		Type: "urn:guatu:problem:" + f.Code, Title: http.StatusText(status), Status: int32(status), //nolint:gosec // three digits
		Code: f.Code, Detail: f.ZH, DetailEn: f.EN, Data: f.Detail,
	}
	if withOutcome, ok := errors.AsType[refusal](err); ok {
		out := toOutcome(withOutcome.outcome)
		p.Outcome = &out
	}
	if status >= http.StatusInternalServerError {
		number := traceNumber()
		p.Instance = &number
		p.Detail = strings.ReplaceAll(p.Detail, numberPlace, number)
		p.DetailEn = strings.ReplaceAll(p.DetailEn, numberPlace, number)
		s.Log.ErrorContext(c.Request().Context(), "request failed", slog.String("number", number),
			slog.String("path", c.Request().URL.Path), slog.Any("error", err))
	}
	return p, status
}

const numberPlace = "{number}"

func (s *Server) faultOf(err error) *fault.Error {
	if f, ok := fault.As(err); ok {
		return f
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch he.Code {
		case http.StatusNotFound:
			return fault.New(fault.KindNotFound, "page_not_found", "没有这个地址", "there is nothing at this address")
		case http.StatusMethodNotAllowed:
			return fault.New(fault.KindInvalid, "method_not_allowed", "该地址不支持这种操作", "this address does not take this method")
		case http.StatusRequestEntityTooLarge:
			return fault.New(fault.KindInvalid, "too_large", "内容过大，请分次提交", "this is too large; please send it in parts")
		}
		if he.Code < http.StatusInternalServerError {
			return fault.New(fault.KindInvalid, "bad_request", "请求格式有误", "the request is malformed").Because(err)
		}
	}
	return fault.New(fault.KindUnknown, "unknown", "系统出错，内容未丢失；请把编号 "+numberPlace+" 告诉管理员",
		"something went wrong, nothing was lost; please tell the administrator the number "+numberPlace)
}

// traceNumber is six characters to tell the administrator; the log has the rest.
func traceNumber() string {
	var b [3]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read does not fail
	return strings.ToUpper(hex.EncodeToString(b[:]))
}
